"""Ranges as they are typed on the command line: ``START:STOP:COUNT``.

In: text and the name of what it describes. Out: :class:`Range`, or one line that says what is wrong with the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Range", "parse_energy_range", "parse_range"]

_MOST_POINTS: Final = 10_000_000


@dataclass(frozen=True)
class Range:
    """Numbers from ``start`` to ``stop``, both ends included.

    Parameters
    ----------
    start, stop : first and last number.
    count : number of points.

    Example
    -------
    >>> Range(1.06, 1.07, 3).values().tolist()
    [1.06, 1.065, 1.07]
    """

    start: float
    stop: float
    count: int

    def values(self, *, logarithmic: bool = False) -> NDArray[np.float64]:
        """Return the numbers, shape (count,), with equal differences or, if ``logarithmic``, with equal ratios."""
        import numpy as np

        return (np.geomspace if logarithmic else np.linspace)(self.start, self.stop, self.count)


def parse_range(text: str, name: str, *, unit: str = "1", example: str) -> Range:
    """Read ``START:STOP:COUNT``.

    Parameters
    ----------
    text : what was typed.
    name : what it describes; every message starts with it.
    unit : unit of both ends, ``"1"`` if they have none.
    example : a good text, for the message.

    Raises
    ------
    ValueError : not three fields, not finite numbers, an empty or reversed range, too few or too many points.

    Example
    -------
    >>> parse_range("1.06:1.0717:400", "omega", unit="eV", example="1.06:1.07:3").count
    400
    """
    inside = "" if unit == "1" else f" in {unit}"
    fields = text.split(":")
    if len(fields) != 3:
        raise ValueError(f"{name} must be START:STOP:COUNT{inside}, for example {example}, found {text!r}")
    start, stop = (_number(field, f"{name}: START and STOP must be", inside, text) for field in fields[:2])
    try:
        count = int(fields[2])
    except ValueError:
        raise ValueError(f"{name}: COUNT must be a whole number, found {fields[2]!r} in {text!r}") from None
    if not 2 <= count <= _MOST_POINTS:
        raise ValueError(f"{name}: COUNT must lie between 2 and {_MOST_POINTS}, found {count} in {text!r}")
    if not start < stop:
        raise ValueError(f"{name}: START must be smaller than STOP, found {text!r}")
    return Range(start, stop, count)


def parse_energy_range(text: str) -> Range:
    """Read the photon energies ``START:STOP:COUNT`` in eV.

    Raises
    ------
    ValueError : not three fields, not finite numbers, an empty or reversed range, too few or too many points.

    Example
    -------
    >>> parse_energy_range("1.06:1.0717:400").count
    400
    """
    return parse_range(text, "omega", unit="eV", example="1.06:1.0717:400")


def _number(field: str, must_be: str, inside: str, text: str) -> float:
    try:
        value = float(field)
    except ValueError:
        raise ValueError(f"{must_be} numbers{inside}, found {field!r} in {text!r}") from None
    if not isfinite(value):
        raise ValueError(f"{must_be} finite, found {field!r} in {text!r}")
    return value
