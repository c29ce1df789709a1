"""The command ``renp``: one module for each group of commands."""
