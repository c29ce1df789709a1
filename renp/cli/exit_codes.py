"""The exit codes of the command ``renp``, besides 0 for good and 128 + n for the end by signal n."""

from __future__ import annotations

from typing import Final

__all__ = ["BAD_INPUT", "CHECK_FAILED", "INTERRUPTED", "READER_GONE"]

CHECK_FAILED: Final[int] = 1
BAD_INPUT: Final[int] = 2
INTERRUPTED: Final[int] = 130
READER_GONE: Final[int] = 141
