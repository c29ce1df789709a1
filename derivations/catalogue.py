"""The catalogue of derivations: every name that ``derive`` knows.

An interaction's name gives its spectral function together with the Standard Model, so that all interferences show;
``everything`` takes all shipped interactions; ``NAME-E1`` is the same for an E1 pair step. Further processes of the same interactions
go by their own names, ``electron_scattering`` and others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from derivations.interactions.model import WEAK, Interaction
from derivations.steps.step import Derivation

if TYPE_CHECKING:
    from codegen.formulas.formula import Formula


SCATTERING: Final = ("electron_scattering", "coherent_scattering")
PROCESSES: Final = (*SCATTERING, "radiative_decay", "plasmon_decay", "boson_emission")
"""Processes beside pair emission that are derived by name, each for any interactions."""


def process_derivation(name: str, interactions: Sequence[Interaction]) -> Derivation:
    """Return the derivation of one of :data:`PROCESSES` for some interactions, the weak current first.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> [step.name for step in process_derivation("coherent_scattering", shipped_interactions())][-1]
    'cross-section'
    """
    from derivations.processes.scattering_record import scattering_derivation

    module = import_module(f"derivations.processes.{name}")
    chosen = _weak_first(interactions)
    if name in SCATTERING:
        return scattering_derivation(module.PROCESS, module.SOURCE, chosen)
    found: Derivation = module.derivation(chosen)
    return found


def process_formulas(name: str, interactions: Sequence[Interaction], form: str) -> tuple[Formula, ...]:
    """Return what one channel of one of :data:`PROCESSES` has, as formulas: a cross section, a width, the lines of bosons.

    Scattering is that of massless left-handed neutrinos, and decays are those of Dirac neutrinos.

    Raises
    ------
    ValueError : an unknown form, or interactions that have no part in the process; one line.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> [formula.name for formula in process_formulas("radiative_decay", shipped_interactions(), "papers")]
    ['radiative_decay', 'radiative_asymmetry']
    """
    from derivations.processes.cross_section import FORMS, cross_section
    from derivations.processes.width import decay_formulas, line_formulas, plasmon_formula

    chosen = _weak_first(interactions)
    if name in SCATTERING:
        module = import_module(f"derivations.processes.{name}")
        return (cross_section(module.PROCESS, module.SOURCE, chosen, form=form),)
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, found {form!r}")
    if name == "boson_emission":
        return line_formulas(chosen)
    return decay_formulas(chosen) if name == "radiative_decay" else (plasmon_formula(chosen),)


def names() -> tuple[str, ...]:
    """Return the names of all derivations, in a fixed order."""
    return tuple(_builders())


def derive(name: str) -> Derivation:
    """Return the named derivation; raise ``ValueError`` with the known names otherwise.

    Example
    -------
    >>> [step.name for step in derive("weak")]
    ['charged-current', 'neutral-current', 'weak-couplings']
    """
    builders = _builders()
    if name not in builders:
        raise ValueError(f"no derivation named {name!r}; known are {', '.join(builders)}")
    return builders[name]()


def _builders() -> dict[str, Callable[[], Derivation]]:
    from derivations.atom import ATOM_DERIVATIONS
    from derivations.interactions.reader import shipped_interactions
    from derivations.ledger.rate_comparison import rate_derivation
    from derivations.neutrino.form_factors import form_factor_derivation
    from derivations.neutrino.weak import weak_derivation

    interactions = [interaction.name for interaction in shipped_interactions()]
    result: dict[str, Callable[[], Derivation]] = {}
    for name in sorted(interactions, key=lambda name: (name != WEAK, name)):
        result[name] = partial(_spectral, (name,), "M1")
    result["everything"] = partial(_spectral, tuple(interactions), "M1")
    for name in sorted(interactions, key=lambda name: (name != WEAK, name)):
        result[f"{name}-E1"] = partial(_spectral, (name,), "E1")
    for name in PROCESSES:
        result[name] = partial(process_derivation, name, shipped_interactions())
    result["weak"] = weak_derivation
    result["form_factors"] = form_factor_derivation
    result.update(ATOM_DERIVATIONS)
    result["rate"] = rate_derivation
    return result


def spectral_derivation(interactions: Sequence[Interaction], pair_step: str, label: str) -> Derivation:
    """Return the weak couplings and then the spectral function of some interactions, step by step.

    Raises ``ValueError`` for an unknown pair step.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> [step.name for step in spectral_derivation(shipped_interactions(), "E1", "everything")][-1]
    'spectral-function'
    """
    from derivations.neutrino.weak import weak_steps
    from derivations.processes.renp.spectrum import spectral_function

    found = spectral_function(interactions, pair_step, label).derivation
    return Derivation(found.name, found.title).then(*weak_steps(), *found.steps)


def spectral_choice(name: str) -> tuple[tuple[Interaction, ...], str]:
    """Return the interactions, the weak current first, and the pair step of a derivation of a spectral function.

    Raises ``ValueError`` for any other name.

    Example
    -------
    >>> interactions, pair_step = spectral_choice("vector-E1")
    >>> [interaction.name for interaction in interactions], pair_step
    (['standard_model', 'vector'], 'E1')
    """
    found = _builders().get(name)
    if not isinstance(found, partial) or found.func is not _spectral:
        known = [
            other
            for other, builder in _builders().items()
            if isinstance(builder, partial) and builder.func is _spectral
        ]
        raise ValueError(f"no spectral function is derived as {name!r}; known are {', '.join(known)}")
    chosen, pair_step = found.args
    return _wanted(chosen), pair_step


def _wanted(chosen: tuple[str, ...]) -> tuple[Interaction, ...]:
    from derivations.interactions.reader import shipped_interactions

    return _weak_first([i for i in shipped_interactions() if i.name in (*chosen, WEAK)])


def _weak_first(interactions: Sequence[Interaction]) -> tuple[Interaction, ...]:
    return tuple(sorted(interactions, key=lambda interaction: (interaction.name != WEAK, interaction.name)))


def _spectral(chosen: tuple[str, ...], pair_step: str) -> Derivation:
    return spectral_derivation(_wanted(chosen), pair_step, chosen[0] if len(chosen) == 1 else "everything")
