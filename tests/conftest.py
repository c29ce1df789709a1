"""Puts the repository on the import path, whichever way pytest is started."""
