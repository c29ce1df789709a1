"""Processes: a source, an exchange and a neutrino line, in a frame, with a measure.

Each process is one short file that says what its parts are; the engine does the rest. ``PROCESSES`` is the list of them, pair emission by
an atom (RENP) among the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

from derivations.steps.step import Step


@dataclass(frozen=True)
class Process:
    """What a process is made of, in words and in LaTeX.

    Attributes
    ----------
    name : identifier, as in ``renp derive NAME``.
    title : one line.
    reaction : in text.
    source : what the line exchanges something with.
    exchange : how, and at which invariant.
    line : the legs of the neutrinos.
    frame : which momenta, and the variables of the normal form.
    measure : what is integrated or averaged, with flux and symmetry factors.
    latex : of the measure.
    """

    name: str
    title: str
    reaction: str
    source: str
    exchange: str
    line: str
    frame: str
    measure: str
    latex: tuple[str, ...] = ()

    def step(self) -> Step:
        """Return the step that says what the process is made of."""
        parts = ("reaction", "source", "exchange", "line", "frame", "measure")
        return Step("process", self.title + ".", text=tuple(f"{part}: {getattr(self, part)}" for part in parts))


NAMES: Final = (
    "renp",
    "electron_scattering",
    "coherent_scattering",
    "radiative_decay",
    "plasmon_decay",
    "boson_emission",
)
"""The modules of this room that hold a ``PROCESS``."""


@cache
def processes() -> dict[str, Process]:
    """Return every process by name.

    Example
    -------
    >>> list(processes())[:3]
    ['renp', 'electron_scattering', 'coherent_scattering']
    """
    found = [import_module(f"derivations.processes.{name}").PROCESS for name in NAMES]
    return {process.name: process for process in found}
