"""Formulas as people write them: trees, the text form, LaTeX, SymPy expressions; nothing in them is evaluated."""
