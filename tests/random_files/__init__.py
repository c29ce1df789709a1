"""Random valid interaction files, and everything that the project makes of them, against a rate of its own.

A file is drawn from the documented grammar (``docs/interaction_files.md``) as a tree, written as text, and kept as the tree:
:mod:`renp.testing.expressions` and :mod:`renp.testing.sampling`. The rate of the tree comes from explicit spinors and slow
electrons (:mod:`.rate`, on the Dirac matrices of :mod:`tests.brute_force`). :mod:`.chain` takes the text through the public
entry points and compares.
Nothing here imports ``derivations`` or ``codegen``.

``python -m tests.random_files --files 200 --seed 7`` runs the chain; a failure prints the command that runs it again.
"""
