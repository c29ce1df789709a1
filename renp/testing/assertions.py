"""Assertions of physics: each takes any callable that is called like ``renp.spectral_function``.

An assertion draws argument sets, calls the function with those arguments that it names, and raises :class:`PhysicsError` with the smallest
example that it finds and the physics that is broken. It knows no formula: it compares the function with itself, or with
what symmetry and counting of powers say. What a function does not take is not drawn; an assertion that needs it is skipped,
and its record says why.

Example
-------
>>> import renp
>>> positivity(renp.spectral_function, model=renp.Model("vector")).skipped
''
>>> def mine(omega, *, E_eg, E_vg, masses, axial):
...     return renp.spectral_function(omega, E_eg=E_eg, E_vg=E_vg, masses=masses, axial=axial) + 1e-3
>>> zero_above_threshold(mine)
Traceback (most recent call last):
...
renp.testing.subject.PhysicsError: zero_above_threshold: Above the threshold of every pair nothing is emitted: the rate is exactly zero.
found 0.001
  f(..., E_eg=..., E_vg=..., masses=[...], axial=[[0.0]])
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from numpy.typing import NDArray

from renp.testing import strategies
from renp.testing.arguments import scaling_powers
from renp.testing.subject import Broken, PhysicsError, Subject

if TYPE_CHECKING:
    from renp.model import Model, ModelCoupling, ModelGroup

__all__ = ["ASSERTIONS", "Record", "check_physics"]

RTOL: Final = 1e-9
"""Two evaluations of one rate agree to this, relative to the larger: room for a formula as one writes it, away from thresholds."""
MARGIN: Final = 1e-2
"""Relative distance that is kept from thresholds, where a formula as it is printed loses digits."""
EXAMPLES: Final = 20
"""Argument sets that an assertion tries."""

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """What became of one assertion: how many argument sets it tried, or why it was skipped.

    ``error`` is what it found, where several assertions are run by :func:`check_physics`.
    """

    name: str
    sentence: str
    examples: int
    skipped: str = ""
    error: PhysicsError | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing was found; a skipped assertion found nothing."""
        return self.error is None


class Trial:
    """One argument set of one assertion: draws, calls, compares, and remembers the calls."""

    def __init__(self, subject: Subject, data: st.DataObject, rtol: float, margin: float) -> None:
        self.subject, self.data, self.rtol, self.margin = subject, data, rtol, margin
        self.calls: list[tuple[float, Arguments]] = []

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(strategy)

    def arguments(self, **options: Any) -> dict[str, Any]:
        """Draw a complete argument set of what the function takes; ``options`` are those of ``argument_sets``."""
        nature = self.draw(st.sampled_from(self.subject.natures))
        options = {"nature": nature, "most_groups": 2, "only": self.subject.takes, "groups": self.groups()} | options
        return dict(self.draw(strategies.argument_sets(self.subject.model, **options)))

    def groups(self) -> tuple[str, ...]:
        return tuple(key for key in self.subject.model.keywords if self.subject.covers(key))

    def energy(self, arguments: Arguments, where: str = "open", **options: Any) -> float:
        """Draw a photon energy, away from thresholds by the margin of the assertion."""
        return float(self.draw(strategies.photon_energies(arguments, where, margin=self.margin, **options)))

    def rate(self, omega: float, arguments: Arguments) -> float:
        self.calls.append((omega, arguments))
        return self.subject(omega, arguments)

    def same(self, first: tuple[float, Arguments], second: tuple[float, Arguments], ratio: float = 1.0) -> None:
        """Require that the second call gives ``ratio`` times what the first gives."""
        self.equal(ratio * self.rate(*first), self.rate(*second))

    def equal(self, expected: float, found: float, scale: float = 0.0, rtol: float | None = None) -> None:
        scale = max(abs(expected), abs(found), scale)
        if not abs(found - expected) <= (self.rtol if rtol is None else rtol) * scale:
            raise Broken(f"expected {expected!r}, found {found!r}" + _factor(expected, found))

    def require(self, holds: bool, found: str) -> None:
        if not holds:
            raise Broken(found)


def _factor(expected: float, found: float) -> str:
    return f", {found / expected:.6g} times that" if expected else ""


ASSERTIONS: dict[str, Callable[..., Record]] = {}
"""All assertions by name, in the order in which :func:`check_physics` runs them."""


def _assertion(
    *needs: str,
    nature: str = "",
    applies: Callable[[Subject], str] = lambda subject: "",
    default: bool = True,
    examples: int = EXAMPLES,
) -> Callable[[Callable[[Trial], None]], Callable[..., Record]]:
    """Make an assertion of a function that tries one argument set.

    Parameters
    ----------
    needs : arguments that the callable under test must take.
    nature : the nature of neutrinos that it is about; both if empty.
    applies : returns why a subject is skipped, nothing if it is not.
    default : whether :func:`check_physics` runs it.
    examples : argument sets that it tries.
    """

    def decorated(trial: Callable[[Trial], None]) -> Callable[..., Record]:
        name, sentence = trial.__name__, (inspect.getdoc(trial) or "").partition("\n")[0]

        @functools.wraps(trial)
        def assertion(
            function: Callable[..., Any] | Subject,
            *,
            model: Model | None = None,
            nature: str = "both",
            names: Mapping[str, str] | None = None,
            examples: int = examples,
            rtol: float = RTOL,
            margin: float = MARGIN,
            shrink: bool = True,
        ) -> Record:
            subject = function if isinstance(function, Subject) else Subject.of(function, model, nature, names)
            why = _unfit(subject, needs, about) or applies(subject)
            if why:
                return Record(name, sentence, 0, why)
            return _run(trial, name, sentence, subject, examples, rtol, margin, shrink=shrink)

        # The wrapped function's signature is that of a trial, not of the assertion.
        del assertion.__wrapped__  # type: ignore[attr-defined]
        assertion.sentence, assertion.needs, assertion.default = sentence, needs, default  # type: ignore[attr-defined]
        ASSERTIONS[name] = assertion
        __all__.append(name)
        return assertion

    about = nature
    return decorated


def _unfit(subject: Subject, needs: tuple[str, ...], about: str) -> str:
    missing = [name for name in needs if not subject.takes_all(name)]
    if missing:
        return f"the function does not take {', '.join(missing)}"
    if about and about not in subject.natures:
        return f"the function does not compute {about.capitalize()} neutrinos"
    return ""


def _run(
    trial: Callable[[Trial], None],
    name: str,
    sentence: str,
    subject: Subject,
    examples: int,
    rtol: float,
    margin: float,
    *,
    shrink: bool,
) -> Record:
    last: list[Trial] = []
    tried = 0

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        nonlocal tried
        tried += 1
        last[:] = [Trial(subject, data, rtol, margin)]
        trial(last[0])

    try:
        run()
    except Broken as broken:
        raise PhysicsError(name, sentence, str(broken), tuple(last[0].calls)) from broken.__cause__
    except Flaky:
        found = "the function is not deterministic: equal arguments gave different answers"
        raise PhysicsError(name, sentence, found, tuple(last[0].calls)) from None
    return Record(name, sentence, tried)


def check_physics(
    function: Callable[..., Any],
    *,
    model: Model | None = None,
    nature: str = "both",
    names: Mapping[str, str] | None = None,
    examples: int | None = None,
    rtol: float = RTOL,
    margin: float = MARGIN,
    shrink: bool = True,
) -> tuple[Record, ...]:
    """Run all assertions that fit a function; return a record of each, with what it found.

    Parameters
    ----------
    function : called as ``function(omega, **arguments)``; only arguments that it names are passed.
    model : the interactions that it claims to hold; the weak current by default.
    nature : ``"dirac"``, ``"majorana"`` or ``"both"``.
    names : its names for ours, ``{"axial": "a", "vector.g_L": "gL"}``.
    examples : argument sets of each assertion.
    rtol : accepted relative difference.
    margin : relative distance that is kept from thresholds.
    shrink : whether the smallest example is looked for.

    Raises
    ------
    TypeError, ValueError : as :meth:`Subject.of`.

    Example
    -------
    >>> import renp
    >>> records = check_physics(renp.spectral_function, examples=2)
    >>> all(record.passed for record in records)
    True
    >>> [record.skipped for record in records if record.name == "heavy_mediator_is_contact"]
    ['the model has no mediator that the function takes']
    """
    subject = Subject.of(function, model, nature, names)
    options: dict[str, Any] = {"rtol": rtol, "margin": margin, "shrink": shrink}
    options |= {} if examples is None else {"examples": examples}
    records = []
    for name, assertion in ASSERTIONS.items():
        if not assertion.default:  # type: ignore[attr-defined]
            continue
        try:
            records.append(assertion(subject, **options))
        except PhysicsError as error:
            records.append(Record(name, error.sentence, 0, error=error))
    return tuple(records)


# ---------------------------------------------------------------- changes of arguments


def changed(arguments: Arguments, model: Model, change: Callable[[NDArray[Any]], Any]) -> dict[str, Any]:
    """Return arguments with a function applied to every coupling matrix.

    Example
    -------
    >>> from renp.model import Model
    >>> changed({"axial": np.eye(1), "nature": "dirac"}, Model(), lambda matrix: -matrix)["axial"].tolist()
    [[-1.0]]
    """
    result = dict(arguments)
    for group in model.groups:
        matrices = {c.name for c in group.couplings if c.kind in ("matrix", "general")}
        given_ = arguments if not group.keyword else arguments.get(group.keyword) or {}
        new = {name: change(np.asarray(given_[name])) for name in matrices if given_.get(name) is not None}
        result |= {group.keyword: {**given_, **new}} if group.keyword and new else new
    return result


def _mediators(subject: Subject) -> list[ModelGroup]:
    return [
        group for group in subject.model.groups
        if group.propagator == "massive" and subject.covers(group.keyword)
        and subject.takes_all(*(f"{group.keyword}.{c.name}" for c in group.couplings if c.kind == "mass"))
    ]  # fmt: skip


def _named(group: ModelGroup, kind: str) -> list[ModelCoupling]:
    return [coupling for coupling in group.couplings if coupling.kind == kind]


# ---------------------------------------------------------------- closed channels, positivity


@_assertion("E_eg", "masses")
def zero_above_threshold(trial: Trial) -> None:
    """Above the threshold of every pair nothing is emitted: the rate is exactly zero."""
    arguments = trial.arguments()
    arguments["masses"] = np.maximum(arguments["masses"], 0.05 * arguments["E_eg"])
    found = trial.rate(trial.energy(arguments, "closed"), arguments)
    trial.require(found == 0, f"found {found!r}")


@_assertion()
def positivity(trial: Trial) -> None:
    """A rate is a sum of squares: it is never negative for a positive atomic tensor."""
    arguments = trial.arguments()
    omega = trial.energy(arguments)
    found = trial.rate(omega, arguments)
    trial.require(found >= 0, f"found {found!r}")


# ---------------------------------------------------------------- fields and their phases


@_assertion("masses", "axial", nature="dirac")
def dirac_rephasing(trial: Trial) -> None:
    """The phase of each Dirac field is free: c_ij -> exp(-i a_i) c_ij exp(i a_j) changes no rate."""
    arguments = trial.arguments(nature="dirac", n=st.integers(2, 3))
    phases = np.exp(1j * np.array([0.0, *(trial.draw(strategies.shares(0.0, 6.0)) for _ in arguments["masses"][1:])]))
    omega = trial.energy(arguments)
    turned = changed(arguments, trial.subject.model, lambda c: phases.conj()[:, None] * c * phases)
    trial.same((omega, arguments), (omega, turned))


@_assertion("masses", "axial", nature="majorana")
def majorana_signs(trial: Trial) -> None:
    """A Majorana field is free up to its sign: nu_i -> -nu_i changes no rate."""
    arguments = trial.arguments(nature="majorana", n=st.integers(2, 3))
    signs = np.array([1, *(trial.draw(st.sampled_from((-1, 1))) for _ in arguments["masses"][1:])])
    omega = trial.energy(arguments)
    trial.same(
        (omega, arguments), (omega, changed(arguments, trial.subject.model, lambda c: signs[:, None] * c * signs))
    )


@_assertion("E_eg", "masses")
def relabelling(trial: Trial) -> None:
    """Mass states have no order: renumbering them, with their masses and couplings, changes no rate."""
    arguments = trial.arguments(n=st.integers(2, 3))
    n = len(arguments["masses"])
    order = np.array(trial.draw(st.permutations(range(n))))
    other = changed(arguments, trial.subject.model, lambda c: c[np.ix_(order, order)])
    other["masses"] = arguments["masses"][order]
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, other))
