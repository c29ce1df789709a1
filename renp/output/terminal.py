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
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from rich.live import Live
    from rich.progress import Progress

__all__ = ["print_json", "print_table", "print_text", "progress", "status"]


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
    console = _console()
    with console.capture() as drawn:
        console.print(table)
    # Written as it is: the cells are fitted to the page already, and printed text holds their styles.
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


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
    print(json.dumps(_finite(value), allow_nan=False, indent=1))


def progress() -> Progress:
    """Return a progress display on stderr, silent in log files: there an error must stay one line."""
    from rich.console import Console
    from rich.progress import Progress

    _end_status()
    console = Console(stderr=True)
    # A disabled display of older Rich versions still ends with an empty line; a quiet console does not. Rich's own
    # is_terminal also answers yes to FORCE_COLOR, for a file that nobody watches.
    console.quiet = not sys.stderr.isatty()
    return Progress(console=console, transient=True, disable=console.quiet)


@contextmanager
def status(message: str) -> Iterator[None]:
    """Show a spinner with a message on stderr, until something is printed or the work is done; silent in log files.

    Inside of another one its message takes the place of the other's.
    """
    # While a spinner turns, the stderr of older Rich versions says that it is no terminal.
    if not (_SHOWN or sys.stderr.isatty()):
        yield
        return
    from rich.spinner import Spinner

    spinner = Spinner("dots", message)
    if _SHOWN:
        _SHOWN[-1].update(spinner, refresh=True)
        yield
        return
    from rich.console import Console
    from rich.live import Live

    # Rich would send to stderr what is printed meanwhile, and a redirected stdout would miss it. Python's print needs its
    # stream to the end: the reference that is held here keeps it.
    printed, watched = sys.stdout, _FirstOutput(sys.stdout)
    live = Live(spinner, console=Console(stderr=True), transient=True, redirect_stdout=False, refresh_per_second=12)
    _SHOWN.append(live)
    # Drawn now, not by the thread that turns it: what follows may keep that one waiting.
    live.start(refresh=True)
    sys.stdout = watched
    try:
        yield
    finally:
        _end_status()
        sys.stdout = printed


_SHOWN: Final[list[Live]] = []
"""The spinner that turns now, if one does."""


class _FirstOutput:
    """Standard output that ends the spinner before anything is printed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        _end_status()
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _end_status() -> None:
    if _SHOWN:
        _SHOWN.pop().stop()


def _console() -> Any:
    from rich.console import Console

    # Pipes and files get a wide page: a table cut at 80 columns loses the numbers.
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value
