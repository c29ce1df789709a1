"""Code generation of renp: a frozen ``Kernel`` in, source text for one target after another out.

Knows expressions, arguments and targets; what the symbols mean is the business of the room that made the kernel.
"""
