"""What a command says beside its numbers: what was assumed, and couplings that change nothing.

In: an experiment, couplings and coupling groups. Out: sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from renp.output.terminal import print_text

if TYPE_CHECKING:
    from renp.model import Model
    from renp.rates.experiment import Experiment
    from renp.statistics.couplings import Coupling

__all__ = ["check_masses", "couplings_without_effect", "no_weak_events", "print_notes"]


def print_notes(notes: Iterable[str]) -> None:
    """Print each note on a line of its own.

    Example
    -------
    >>> print_notes(["vector is off: nothing is set in it"])
    note: vector is off: nothing is set in it
    """
    for note in notes:
        print_text(f"note: {note}")


def check_masses(
    model: Model, groups: Mapping[str, Mapping[str, Any]], needed: Iterable[str], option: str = "--set"
) -> None:
    """Raise ``ValueError`` if a group that is needed lacks the mass of its mediator; ``option`` gives it.

    Example
    -------
    >>> from renp.model import shipped_model
    >>> check_masses(shipped_model(), {"vector": {"mass": 1.0}}, ["vector", "tensor"])
    """
    for keyword in sorted({*needed, *groups}):
        for coupling in model.group(keyword).couplings:
            if coupling.kind == "mass" and coupling.name not in groups.get(keyword, {}):
                example = f"{'' if option == '--set' else f'{option} 1 or '}--set {keyword}.{coupling.name}=1"
                raise ValueError(f"{option}: {keyword} couplings need the mediator mass in eV, as in {example}")


def no_weak_events(run: Experiment) -> tuple[str, ...]:
    """Return a sentence if the weak current, with which couplings are compared, gives no events; none otherwise.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> no_weak_events(experiment(frequencies=[1.0717]))
    ('no weak events to compare with: all photon energies lie above every pair threshold, the highest is 1.071653 eV',)
    """
    from renp.rates.idle import nothing_emitted

    if run.spectrum().any():
        return ()
    why = nothing_emitted(run, run.frequencies) or "the weak current emits no pair at these photon energies"
    return (f"no weak events to compare with: {why}",)


def couplings_without_effect(
    run: Experiment, couplings: Sequence[Coupling], groups: Mapping[str, Mapping[str, Any]]
) -> tuple[str, ...]:
    """Return a sentence for couplings that change no count of the experiment, one for each reason.

    Example
    -------
    >>> from renp.rates.experiment import experiment
    >>> from renp.statistics.couplings import Coupling
    >>> couplings_without_effect(experiment(nature="majorana"), [Coupling.parse("electromagnetic.mu[1,1]")], {})
    ('electromagnetic.mu[1,1]: for Majorana neutrinos it drops out: only the antisymmetric, imaginary part counts',)
    """
    import numpy as np

    from renp.rates.idle import idle_reason
    from renp.statistics.rate_polynomial import completed_groups

    fixed = completed_groups(groups, {c.group for c in couplings}, run)
    omega, n = np.array(run.frequencies), len(run.masses)
    found: dict[str, list[str]] = {}
    for c in couplings:
        reason = idle_reason(run, omega, c.group, c.name, c.matrix(1.0, n), fixed[c.group])
        if reason:
            found.setdefault(reason, []).append(str(c))
    return tuple(f"{', '.join(names)}: {reason}" for reason, names in found.items())
