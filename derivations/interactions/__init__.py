"""Interactions as text files: the language of bilinears, the reader, its checks, and the shipped files."""
