"""What the commands print: tables, JSON and progress, the same way everywhere.

In: plain data. Out: text on stdout; progress on stderr, and only where somebody watches.
"""
# Rich waits until something is printed, so that `renp --help` and `import renp` stay quick.

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.status import Status

__all__ = ["print_json", "print_table", "print_text", "progress", "status", "waiting"]


def print_text(text: str) -> None:
    """Print text as it is, wrapped to the page.

    Example
    -------
    >>> print_text("mu[1,1] in mu_B")
    mu[1,1] in mu_B
    """
    _console().print(text, markup=False)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; long cells are folded and never cut."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _console().print(table)


def print_json(value: Any) -> None:
    """Print plain data as JSON; NaN and infinity, which JSON has not, become null.

    Example
    -------
    >>> print_json({"limits": [1.5, float("inf")]})
    {
     "limits": [
      1.5,
      null
     ]
    }
    """
    _stop_waiting()
    print(json.dumps(_finite(value), allow_nan=False, indent=1))


def progress() -> Progress:
    """Return a progress display on stderr, silent in log files: there an error must stay one line."""
    from rich.console import Console
    from rich.progress import Progress

    _stop_waiting()
    console = Console(stderr=True)
    # A disabled display of older Rich versions still ends with an empty line; a quiet console does not. Rich's own
    # is_terminal also answers yes to FORCE_COLOR, for a file that nobody watches.
    console.quiet = not sys.stderr.isatty()
    return Progress(console=console, transient=True, disable=console.quiet)


def status(message: str) -> Status:
    """Return a spinner on stderr with a message, silent in log files."""
    from rich.console import Console

    console = Console(stderr=True)
    console.quiet = not sys.stderr.isatty()
    return console.status(message)


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """Show a spinner with a message inside a ``with`` block until something is printed; nothing in log files.

    Example
    -------
    >>> with waiting("computing"):
    ...     print_text("done")
    done
    """
    if not sys.stderr.isatty():
        yield
        return
    with status(message) as spinner:
        _SPINNERS.append(spinner)
        try:
            yield
        finally:
            _stop_waiting()


_SPINNERS: list[Status] = []
"""What turns, until something else is to be seen."""


def _stop_waiting() -> None:
    while _SPINNERS:
        _SPINNERS.pop().stop()


def _console() -> Any:
    from rich.console import Console

    _stop_waiting()
    # Pipes and files get a wide page: a table cut at 80 columns loses the numbers.
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value
