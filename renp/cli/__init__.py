"""The command ``renp``: one module for each command, and the application in ``main``."""
