"""What a coupling reaches: the terms of a model's groups to the derived amplitude of a pair step.

In: a :class:`renp.model.Model`. Out: what its tables say, nothing typed by hand.
"""

from __future__ import annotations

from renp.model import Model
from renp_generated.runtime.arguments import choice
from renp_generated.runtime.tables import Term

__all__ = ["contributions", "electron_couplings"]


def contributions(model: Model, group: str, name: str | None, pair_step: str) -> list[Term]:
    """Return what the derived amplitude of a pair step holds of a group, or of one of its matrices.

    Raises
    ------
    ValueError : unknown group or pair step.

    Example
    -------
    >>> {c.electron for c in contributions(Model("vector"), "vector", "g_L", "M1")} == {"g_A", "g_V"}
    True
    """
    tables = model.functions.tables
    step = choice("pair_step", pair_step, tuple(tables))
    internal = model.group(group).name
    names = None if name is None else matrices(model, group)[name]
    return [term for term in tables[step].terms if term.group == internal and (names is None or term.matrix in names)]


def matrices(model: Model, group: str) -> dict[str, tuple[str, ...]]:
    """Return the neutrino coupling matrices of a group, each with the matrices that the amplitude knows it by.

    Example
    -------
    >>> matrices(Model("tensor"), "tensor")
    {'t': ('t',)}
    """
    internal = model.group(group).name
    offered = next(g for g in model.functions.groups if g.name == internal)
    return {a.name: a.parts or (a.name,) for a in offered.arguments if a.is_matrix}


def electron_couplings(model: Model, group: str, name: str | None = None, pair_step: str = "M1") -> tuple[str, ...]:
    """Return the electron couplings that open a pair step for a mediator, the least suppressed first.

    They are those with which the derived amplitude of the step contains the mediator's neutrino couplings; each power of
    the electron mass below suppresses one by the photon energy over that mass.

    Parameters
    ----------
    model : the interactions.
    group : a coupling group.
    name : one of its neutrino coupling matrices; default all of them.
    pair_step : ``"M1"`` or ``"E1"``.

    Raises
    ------
    ValueError : unknown group or pair step.

    Example
    -------
    >>> model = Model("vector", "scalar", "tensor")
    >>> electron_couplings(model, "vector"), electron_couplings(model, "scalar", pair_step="E1")
    (('g_A', 'g_V'), ('y_S',))
    >>> electron_couplings(model, "tensor")
    ()
    """
    found: dict[str, int] = {}
    for c in contributions(model, group, name, pair_step):
        if c.electron is not None:
            suppression = -dict(c.constants).get("m_e", 0)
            found[c.electron] = min(suppression, found.get(c.electron, suppression))
    return tuple(sorted(found, key=lambda electron: (found[electron], electron)))
