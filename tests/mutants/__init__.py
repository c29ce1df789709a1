"""Mutants of the physics: one wrong sign, factor or mass at a time, and a suite that must notice each of them.

``python -m tests.mutants [--slim] [--list] [NAME ...]`` applies each mutant of :mod:`catalogue` to a temporary copy of
the sources, generates the evaluators anew where the mutant sits before them, and runs the named tests. The byte-for-byte
check and the pinned values of the generated package are never among them: a mutant must fall to physics, not to a
snapshot of the right answer.
"""
