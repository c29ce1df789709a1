"""The number of the other set-up beside that of the one that was chosen: they differ by orders of magnitude.

In: what was computed, and how to compute it with other settings. Out: plain data for JSON, and one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["OtherSetup", "other_setup"]


@dataclass(frozen=True)
class OtherSetup:
    """The other set-up: its numbers, or why it has none.

    Parameters
    ----------
    setup, chosen : names of the other set-up and of the one that was chosen.
    numbers, here : what both give, by name; ``numbers`` is empty if the other set-up has none.
    reason : why it has none, in words.

    Example
    -------
    >>> OtherSetup("derived", "papers", {"total": 0.308}, {"total": 791.0}).line("", "{total:.3g}", " events")
    'derived set-up: 0.308 events (papers: 791)'
    """

    setup: str
    chosen: str
    numbers: Mapping[str, Any]
    here: Mapping[str, Any]
    reason: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The numbers as plain data."""
        return {"setup": self.setup, **self.numbers, **({"reason": self.reason} if self.reason else {})}

    def line(self, what: str, numbers: str, unit: str = "") -> str:
        """Return both in one line; ``numbers`` holds the names of the numbers in braces."""
        if self.reason:
            return self.words(f"no number, {self.reason}")
        other, here = numbers.format(**self.numbers), numbers.format(**self.here)
        return self.words(f"{what}{other}{unit}", here)

    def words(self, other: str, here: str = "") -> str:
        """Return a line that says what the other set-up gives, and in brackets what the chosen one does."""
        name = "papers'" if self.setup == "papers" else self.setup
        return f"{name} set-up: {other}" + (f" ({self.chosen}: {here})" if here else "")


def other_setup(
    chosen: str, here: Mapping[str, Any], settings: Mapping[str, Any], numbers: Callable[..., Mapping[str, Any]]
) -> OtherSetup:
    """Return what the other set-up gives; the settings that were given stay, whatever a set-up chooses.

    Parameters
    ----------
    chosen : name of the set-up that was chosen.
    here : what it gave.
    settings : the settings of both.
    numbers : makes the numbers from the settings, as keywords.

    Example
    -------
    >>> other_setup("papers", {"m1": "spin"}, {"eta": 1.0}, lambda setup, eta: {"m1": "full"}).record
    {'setup': 'derived', 'm1': 'full'}
    """
    from renp.inputs.setups import SETUPS

    other = next(setup for setup in SETUPS if setup != chosen)
    try:
        return OtherSetup(other, chosen, numbers(**{**settings, "setup": other}), here)
    except ValueError as error:
        return OtherSetup(other, chosen, {}, here, str(error))
