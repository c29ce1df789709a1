"""Formulas: frozen records of exact expressions in, readable text, Python, C and LaTeX out."""
