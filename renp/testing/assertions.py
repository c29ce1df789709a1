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
  f(1.0..., E_eg=2.14..., E_vg=2.23..., masses=[0.1...], axial=[[0.0]])
"""

from __future__ import annotations

import functools
import inspect
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from numpy.typing import NDArray

from renp.testing import strategies
from renp.testing.arguments import coupling_sizes, scaling_powers
from renp.testing.subject import NO_RATE, Broken, NoRate, PhysicsError, Subject
from renp_generated.runtime.arguments import shown

if TYPE_CHECKING:
    from renp.model import Model, ModelGroup

__all__ = ["ASSERTIONS", "Record", "check_physics"]

RTOL: Final = 1e-9
"""Two evaluations of one rate agree to this, relative to the larger: room for a formula as one writes it, away from thresholds."""
MARGIN: Final = 1e-2
"""Relative distance that is kept from thresholds, where a formula as it is printed loses digits."""
EXAMPLES: Final = 20
"""Argument sets that an assertion tries, about."""
SMALLER: Final = 100
"""Examples that are tried to find one smaller than that which failed first."""
RUNGS: Final = ((1, 0), (2, 1), (3, 2))
"""Most neutrinos and most interactions beside the weak one, step by step: what fails with few is shown with few."""

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
    """One argument set of one assertion: draws, calls, compares, and remembers the calls.

    ``most`` is how many neutrinos there are at most, and ``groups`` how many interactions beside the weak one.
    """

    def __init__(
        self, subject: Subject, data: st.DataObject, rtol: float, margin: float, rung: tuple[int, int]
    ) -> None:
        self.subject: Subject = subject
        self.data: st.DataObject = data
        self.rtol: float = rtol
        self.margin: float = margin
        self.most: int
        self.groups: int
        self.most, self.groups = rung
        self.calls: list[tuple[float, Arguments]] = []

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(strategy)

    def arguments(self, least: int = 1, **options: Any) -> dict[str, Any]:
        """Draw a complete argument set of what the function takes, with at least so many neutrinos.

        ``options`` are those of ``argument_sets``.
        """
        options = {
            "n": st.integers(least, max(least, self.most)),
            "nature": self.draw(st.sampled_from(self.subject.natures)),
            "most_groups": self.groups,
            "only": self.subject.takes,
            "groups": [key for key in self.subject.model.keywords if self.subject.covers(key)],
        } | options
        return dict(self.draw(strategies.argument_sets(self.subject.model, **options)))

    def energy(self, arguments: Arguments, where: str = "open", **options: Any) -> float:
        """Draw a photon energy, away from thresholds by the margin of the assertion."""
        return float(self.draw(strategies.photon_energies(arguments, where, margin=self.margin, **options)))

    def rate(self, omega: float, arguments: Arguments) -> float:
        self.calls.append((omega, self.subject.passed(arguments)))
        return self.subject(omega, arguments)

    def same(self, first: tuple[float, Arguments], second: tuple[float, Arguments], ratio: float = 1.0) -> None:
        """Require that the second call gives ``ratio`` times what the first gives."""
        self.equal(ratio * self.rate(*first), self.rate(*second))

    def equal(
        self, expected: float, found: float, scale: float = 0.0, rtol: float | None = None, size: float = 0.0
    ) -> None:
        """Require equality; ``size`` is that of the products of couplings, where constants of nature stand on one side alone."""
        scale = max(abs(expected), abs(found), scale)
        if not abs(found - expected) <= (self.rtol if rtol is None else rtol) * scale + self.subject.digits * size:
            raise Broken(f"expected {expected!r}, found {found!r}" + _factor(expected, found))

    def require(self, holds: bool, found: str) -> None:
        if not holds:
            raise Broken(found)


def _factor(expected: float, found: float) -> str:
    return f", {found / expected:.6g} times that" if expected else ""


_TEMPLATE: Final = """{sentence}

{note}

Raises
------
PhysicsError : the smallest example that breaks the law.

Example
-------
>>> import renp
>>> {name}(renp.spectral_function, model=renp.Model("vector", "electromagnetic"), examples=3).skipped
''
"""
"""What an assertion says of itself: the docstring of its trial is its sentence."""
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
        name, sentence = trial.__name__, inspect.getdoc(trial) or ""

        @functools.wraps(trial, assigned=("__module__", "__name__", "__qualname__"))
        def assertion(
            function: Callable[..., Any] | Subject,
            *,
            model: Model | str | None = None,
            nature: str = "both",
            names: Mapping[str, str] | None = None,
            examples: int = examples,
            rtol: float = RTOL,
            margin: float = MARGIN,
            shrink: bool = True,
        ) -> Record:
            _require(examples, rtol, margin)
            subject = function if isinstance(function, Subject) else Subject.of(function, model, nature, names)
            why = _unfit(subject, needs, about) or applies(subject)
            if why:
                return Record(name, sentence, 0, why)
            return _run(trial, name, sentence, subject, examples, rtol, margin, shrink=shrink)

        del assertion.__wrapped__  # its signature is that of a trial, not of an assertion
        needed = f"The function must take {', '.join(f'``{word}``' for word in needs)}. " if needs else ""
        about_it = f"It is about {about.capitalize()} neutrinos. " if about else ""
        by_request = "" if default else "It runs when it is called, not in :func:`check_physics`. "
        assertion.__doc__ = _TEMPLATE.format(
            name=name,
            sentence=sentence,
            note=f"{needed}{about_it}{by_request}Arguments are those of :func:`check_physics`.",
        )
        assertion.sentence, assertion.needs, assertion.default = sentence, needs, default  # type: ignore[attr-defined]
        ASSERTIONS[name] = assertion
        __all__.append(name)
        return assertion

    about = nature
    return decorated


def _require(examples: object, rtol: object, margin: object) -> None:
    if isinstance(examples, bool) or not isinstance(examples, int) or examples < 1:
        raise ValueError(f"examples must be a whole number of at least 1, found {shown(examples)}")
    for name, value in (("rtol", rtol), ("margin", margin)):
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value < 1:
            raise ValueError(f"{name} must be a number from 0 to below 1, found {shown(value)}")


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
    tried = 0
    smaller = SMALLER if shrink else 0
    failed: list[tuple[Broken, Trial]] = []

    def run(rung: tuple[int, int]) -> None:
        @seed(zlib.crc32(f"{name} {rung}".encode()))
        @settings(
            max_examples=-(-examples // len(RUNGS)),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            print_blob=False,
            phases=[Phase.generate, *([Phase.shrink] if smaller else [])],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def examined(data: st.DataObject) -> None:
            nonlocal tried, smaller
            if failed:
                smaller -= 1
                if smaller < 0:  # Enough: what is smaller than the last failure counts as right.
                    return
            tried += 1
            one = Trial(subject, data, rtol, margin, rung)
            try:
                trial(one)
            except Broken as broken:
                failed.append((broken, one))
                raise

        examined()

    try:
        for rung in RUNGS:
            run(rung)
    except (Broken, Flaky) as error:
        broken, one = failed[-1]
        drifts = isinstance(error, Flaky) and smaller >= 0
        found = "the function is not deterministic: equal arguments gave different answers" if drifts else str(broken)
        broken_law = NO_RATE if isinstance(broken, NoRate) and not drifts else sentence
        raise PhysicsError(name, broken_law, found, tuple(one.calls)) from broken.__cause__
    return Record(name, sentence, tried)


def check_physics(
    function: Callable[..., Any],
    *,
    model: Model | str | None = None,
    nature: str = "both",
    names: Mapping[str, str] | None = None,
    examples: int | None = None,
    rtol: float = RTOL,
    margin: float = MARGIN,
    shrink: bool = True,
) -> tuple[Record, ...]:
    """Run all assertions that fit a function; return a record of each, with what it found.

    It raises nothing for wrong physics, so that a test has to say ``assert all(record.passed for record in check_physics(f))``. One
    assertion alone, such as :func:`relabelling`, raises.

    Parameters
    ----------
    function : called as ``function(omega, **arguments)``; only arguments that it names are passed.
    model : the interactions that it claims to hold; the weak current by default.
    nature : ``"dirac"``, ``"majorana"`` or ``"both"``.
    names : the function's names of arguments with ours, ``{"a": "axial", "gL": "vector.g_L"}``, as of :func:`examine`.
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
    _require(EXAMPLES if examples is None else examples, rtol, margin)
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
            records.append(Record(name, assertion.sentence, 0, error=error))  # type: ignore[attr-defined]
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
        matrices = {c.name for c in group.couplings if c.is_matrix}
        given_ = arguments if not group.keyword else arguments.get(group.keyword) or {}
        new = {name: change(np.asarray(given_[name])) for name in matrices if given_.get(name) is not None}
        result |= {group.keyword: {**given_, **new}} if group.keyword and new else new
    return result


def _coupling_matrices(group: ModelGroup) -> list[str]:
    return [coupling.name for coupling in group.couplings if coupling.is_matrix]


def _of_kind(group: ModelGroup, kind: str) -> list[str]:
    return [coupling.name for coupling in group.couplings if coupling.kind == kind]


def _groups_with(subject: Subject, *kinds: str) -> list[ModelGroup]:
    """Return the groups of which the function takes a matrix and all entries of these kinds, of which there are some."""
    return [
        group
        for group in subject.model.groups
        if group.keyword
        and any(subject.takes_all(f"{group.keyword}.{name}") for name in _coupling_matrices(group))
        and all(
            (names := _of_kind(group, kind)) and subject.takes_all(*(f"{group.keyword}.{name}" for name in names))
            for kind in kinds
        )
    ]


def _no_group_with(what: str, *kinds: str) -> Callable[[Subject], str]:
    return lambda subject: "" if _groups_with(subject, *kinds) else f"the model has no {what} that the function takes"


def _by_propagator(subject: Subject) -> list[tuple[ModelGroup, str]]:
    """Return groups whose propagator is chosen, each with its coupling to the conserved current of the electron."""
    return [
        (group, coupling.name)
        for group in _groups_with(subject, "mass")
        for coupling in group.couplings
        if coupling.current.partition(";")[0] == "electron gamma(mu)"
        and subject.takes_all(f"{group.keyword}.propagator", f"{group.keyword}.{coupling.name}")
        and any(choice.name == "propagator" for choice in group.couplings)
    ]


# ---------------------------------------------------------------- closed channels, positivity


@_assertion("E_eg", "masses")
def zero_above_threshold(trial: Trial) -> None:
    """Above the threshold of every pair nothing is emitted: the rate is exactly zero."""
    arguments = trial.arguments()
    arguments["masses"] = np.maximum(arguments["masses"], 0.05 * arguments["E_eg"])
    found = trial.rate(trial.energy(arguments, "closed"), arguments)
    trial.require(found == 0, f"found {found!r}")


@_assertion("E_eg", "masses", "axial")
def closed_channels(trial: Trial) -> None:
    """Neutrinos that are too heavy to be emitted change nothing, whatever their couplings."""
    arguments = trial.arguments(2)
    heavy = arguments["E_eg"] * trial.draw(st.sampled_from((1.5, 1e3, 1e15)))
    arguments["masses"] = np.append(arguments["masses"][:-1], heavy)
    light = changed(arguments, trial.subject.model, lambda c: c[:-1, :-1]) | {"masses": arguments["masses"][:-1]}
    omega = trial.energy(light)
    trial.same((omega, light), (omega, arguments))


@_assertion()
def positivity(trial: Trial) -> None:
    """A rate is a sum of squares: it is never negative for a positive atomic tensor."""
    arguments = trial.arguments()
    omega = trial.energy(arguments)
    found = trial.rate(omega, arguments)
    # What is left of a rate that light of one direction forbids may be rounding.
    size = trial.subject(omega, {**arguments, "atomic_tensor": None}) if found < 0 < trial.rtol else 0.0
    trial.require(found >= -trial.rtol * abs(size), f"found {found!r}")


# ---------------------------------------------------------------- fields, their phases and their order


@_assertion("masses", "axial", nature="dirac")
def dirac_rephasing(trial: Trial) -> None:
    """The phase of each Dirac field is free: c_ij -> exp(-i a_i) c_ij exp(i a_j) changes no rate."""
    arguments = trial.arguments(least=2, nature="dirac")
    phases = np.exp(1j * np.array([0.0, *(trial.draw(strategies.shares(0.0, 6.0)) for _ in arguments["masses"][1:])]))
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, _rephased(trial, arguments, phases)))


def _rephased(trial: Trial, arguments: Arguments, phases: NDArray[Any]) -> dict[str, Any]:
    return changed(arguments, trial.subject.model, lambda c: phases.conj()[:, None] * c * phases)


@_assertion("masses", "axial", nature="majorana")
def majorana_signs(trial: Trial) -> None:
    """A Majorana field is free up to its sign: nu_i -> -nu_i changes no rate."""
    arguments = trial.arguments(least=2, nature="majorana")
    signs = np.array([1, *(trial.draw(st.sampled_from((-1, 1))) for _ in arguments["masses"][1:])])
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, _rephased(trial, arguments, signs)))


@_assertion("masses", "axial", nature="majorana")
def majorana_phases(trial: Trial) -> None:
    """A Majorana phase is seen, through exp(2i phase) alone: a quarter turn reverses what mixes the two contractions of a pair."""
    arguments = trial.arguments(nature="majorana", n=2)
    omega = trial.energy(arguments)
    phase = trial.draw(strategies.shares(0.0, 1.5))
    values = [
        trial.rate(omega, _rephased(trial, arguments, np.array([1.0, np.exp(1j * angle)])))
        for angle in (0.0, math.pi / 2, phase, phase + math.pi / 2)
    ]
    trial.equal(values[0] + values[1], values[2] + values[3])
    E_eg = arguments["E_eg"]
    weak = {"E_eg": E_eg, "E_vg": 1.25 * E_eg, "masses": np.array([0.1, 0.12]) * E_eg, "nature": "majorana"}
    weak["axial"] = np.array([[0, 0.5], [0.5, 0]])
    pair = [trial.rate(0.3 * E_eg, _rephased(trial, weak, np.array([1.0, turn]))) for turn in (1.0, 1j)]
    trial.require(
        abs(pair[0] - pair[1]) > 1e-3 * abs(pair[0]), f"found {pair[0]!r} with both phases of the weak current"
    )


@_assertion(
    "masses",
    "axial",
    "nature",
    applies=lambda subject: "" if len(subject.natures) == 2 else "the function computes one nature of neutrinos alone",
)
def massless_dirac_is_majorana(trial: Trial) -> None:
    """Massless neutrinos with left-handed couplings are the same, Dirac or Majorana: the two helicities are all there is."""
    arguments = trial.arguments(light="real")
    arguments["masses"] = np.zeros(len(arguments["masses"]))
    for group in trial.subject.model.groups:
        current = {coupling.name: coupling.current for coupling in group.couplings}
        if group.keyword in arguments:
            arguments[group.keyword] = {
                name: 0 * value if current[name].startswith("neutrino") and "PL" not in current[name] else value
                for name, value in arguments[group.keyword].items()
            }
    omega = trial.energy(arguments)
    trial.same((omega, arguments | {"nature": "dirac"}), (omega, arguments | {"nature": "majorana"}))


@_assertion("E_eg", "masses", "axial")
def relabelling(trial: Trial) -> None:
    """Mass states have no order: renumbering them, with their masses and couplings, changes no rate."""
    arguments = trial.arguments(2)
    order = np.array(trial.draw(st.permutations(range(len(arguments["masses"])))))
    other = changed(arguments, trial.subject.model, lambda c: c[np.ix_(order, order)])
    other["masses"] = arguments["masses"][order]
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, other))


@_assertion("E_eg", "masses", "axial")
def exchange_of_the_pair(trial: Trial) -> None:
    """Neutrino i with antineutrino j is as likely as j with i: the weak rate does not change when its matrices are transposed."""
    arguments = trial.arguments(2, light="real", groups=())
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, changed(arguments, trial.subject.model, np.transpose)))


# ---------------------------------------------------------------- powers of couplings and energies


@_assertion("axial")
def quadratic_in_couplings(trial: Trial) -> None:
    """Amplitudes are linear in each coupling, so that a rate is a polynomial of second degree in it."""
    arguments = trial.arguments()
    ways: list[tuple[str, str]] = []
    for group in trial.subject.model.groups:
        given_ = arguments.get(group.keyword, {}) if group.keyword else arguments
        names = [*_coupling_matrices(group), *_of_kind(group, "real")]
        ways += [(group.keyword, name) for name in names if name in given_]
    keyword, name = trial.draw(st.sampled_from(ways))
    omega = trial.energy(arguments)

    def at(factor: int) -> float:
        if not keyword:
            return trial.rate(omega, {**arguments, name: factor * arguments[name]})
        entries = arguments[keyword]
        return trial.rate(omega, {**arguments, keyword: {**entries, name: factor * entries[name]}})

    values = [at(factor) for factor in (-1, 0, 1, 2)]
    trial.equal(values[0] + 3 * values[2], 3 * values[1] + values[3])


@_assertion("axial")
def quadratic_together(trial: Trial) -> None:
    """A rate is of second order in all couplings of the neutrinos together: twice all of them are four times the rate."""
    arguments = trial.arguments()
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega, changed(arguments, trial.subject.model, lambda c: 2 * c)), 4.0)


@_assertion(applies=_no_group_with("interaction but the weak one"))
def off_is_off(trial: Trial) -> None:
    """An interaction without couplings to neutrinos is not there."""
    group = trial.draw(st.sampled_from(_groups_with(trial.subject)))
    arguments = _with_group(trial, group)
    off = {
        name: 0 * value if name in _coupling_matrices(group) else value
        for name, value in arguments[group.keyword].items()
    }
    omega = trial.energy(arguments)
    without = {name: value for name, value in arguments.items() if name != group.keyword}
    trial.same((omega, without), (omega, arguments | {group.keyword: off}))


def _with_group(trial: Trial, group: ModelGroup, **options: Any) -> dict[str, Any]:
    """Draw an argument set in which a group is on."""
    return trial.arguments(groups=(group.keyword,), always=(group.keyword,), **options)


@_assertion("E_eg", "E_vg", "masses", "axial")
def scaling_of_energies(trial: Trial) -> None:
    """The spectral function has no dimension: with all energies and masses it does not change, when couplings with a dimension follow."""
    arguments = trial.arguments()
    factor = 2.0 ** trial.draw(st.integers(-8, 8))
    functions = trial.subject.model.functions
    powers = scaling_powers(functions, arguments.get("pair_step", "M1"))
    other = dict(arguments)
    for name in ("E_eg", "E_vg", "masses", "imprinted_momentum"):
        if name in arguments:
            other[name] = np.asarray(arguments[name]) * factor if np.ndim(arguments[name]) else arguments[name] * factor
    for group in trial.subject.model.groups:
        kinds = {coupling.name: coupling.kind for coupling in group.couplings}
        given_ = (
            arguments.get(group.keyword, {})
            if group.keyword
            else {name: arguments[name] for name in kinds if name in arguments}
        )
        new = {
            name: value if kinds[name] == "choice"
            else value * factor ** (1 if kinds[name] in ("mass", "width") else powers.get((group.name, name), 0))
            for name, value in given_.items()
        }  # fmt: skip
        other |= {group.keyword: new} if group.keyword and new else new
    omega = trial.energy(arguments)
    trial.same((omega, arguments), (omega * factor, other))


@dataclass(frozen=True)
class Opening:
    """Half powers of the distance to threshold with which two currents open a pair of equal masses.

    ``along`` is for light along q and ``across`` for light across it, ``None`` where the pair is not emitted. S waves open with 1, P
    waves with 3. ``neutrino`` maps currents to the sign of their coupling.
    """

    electron: str
    neutrino: Mapping[str, int]
    along: int | None
    across: int | None


_LEFT, _RIGHT = "gamma(mu) PL", "gamma(mu) PR"
_VECTORS: Final = ({_LEFT: 1, _RIGHT: 1}, {"gamma(mu)": 1})
_AXIAL_VECTORS: Final = ({_LEFT: 1, _RIGHT: -1}, {"gamma(mu) gamma5": 1})
OPENINGS: Final = (
    # A vector makes an S wave with spin across q; an axial vector one along q, with its time component, and a P wave across it.
    # The electron's charge acts across q alone, and its pseudoscalar along q alone.
    *(Opening("gamma(mu) gamma5", currents, 1, 1) for currents in ({_LEFT: 1}, {_RIGHT: 1}, *_VECTORS)),
    *(Opening("gamma(mu) gamma5", currents, 1, 3) for currents in _AXIAL_VECTORS),
    *(Opening("gamma(mu)", currents, None, 1) for currents in ({_LEFT: 1}, {_RIGHT: 1}, *_VECTORS)),
    *(Opening("gamma(mu)", currents, None, 3) for currents in _AXIAL_VECTORS),
    Opening("i gamma5", {"1": 1}, 3, None),
    Opening("i gamma5", {"i gamma5": 1}, 1, None),
    Opening("sigma(mu,nu)", {"sigma(mu,nu)": 1}, 3, 1),
    Opening("", {"-i sigma(mu,nu) q(nu)": 1}, None, 1),
    Opening("", {"-i sigma(mu,nu) q(nu) i gamma5": 1}, None, 3),
    Opening("", {"-(q2 gamma(mu) - q(mu) qslash)/6": 1}, None, 1),
    Opening("", {"-(q2 gamma(mu) - q(mu) qslash) gamma5": 1}, None, 3),
)
"""How pairs of Dirac neutrinos open in an M1 step, by the parity and the spin of the state that each current makes."""
WEAK_OPENINGS: Final = {"dirac": (1, 1), "majorana": (1, 3)}
"""The same of the axial weak coupling: two identical fermions in an S wave have spin 0, which leaves nothing across q."""
SLOPE: Final = 2e-3
"""Accepted difference of a power: the next one is suppressed by the distance over the mass, 1e-4."""


@_assertion("E_eg", "masses", "axial", examples=6)
def opening_powers(trial: Trial) -> None:
    """At threshold S waves open with the power 1/2 of the distance and P waves with 3/2, each current with its own."""
    levels = trial.draw(strategies.atoms())
    E_eg = levels["E_eg"]
    mass = E_eg * trial.draw(strategies.shares(0.1, 0.2))
    common = {**levels, "masses": np.array([mass]), "axial": np.zeros((1, 1))}
    (edge,) = strategies.edges(common)
    steps = [share * mass**2 / (2 * E_eg) for share in (1e-4, 1e-6)]
    lights: dict[str, Any] = {"along": np.diag([0.0, 0, 1]), "across": np.diag([0.5, 0.5, 0])}
    for opening, nature, entries in _openings(trial.subject):
        arguments = {**common, "nature": nature, **entries(E_eg)}
        powers = {"along": opening.along, "across": opening.across}
        if not trial.subject.takes_all("atomic_tensor"):
            powers, lights = {"averaged": min(filter(None, powers.values()))}, {"averaged": None}
        trial.calls.clear()
        found = {
            light: [trial.rate(edge - step, arguments | {"atomic_tensor": lights[light]}) for step in steps]
            for light in powers
        }
        for light, power in powers.items():
            near, nearer = found[light]
            if power is None:
                other = max(rates[0] for rates in found.values())
                trial.require(
                    abs(near) <= trial.rtol * other, f"found {near!r} for light {light} q, where nothing is emitted"
                )
                continue
            trial.require(
                near > 0 and nearer > 0, f"found {near!r} and {nearer!r} next to the threshold of an open channel"
            )
            slope = math.log(near / nearer) / math.log(steps[0] / steps[1])
            where = "averaged light" if light == "averaged" else f"light {light} q"
            trial.require(
                abs(slope - power / 2) < SLOPE, f"found the power {slope:.6g} for {where} where {power}/2 belongs"
            )


def _openings(subject: Subject) -> list[tuple[Opening, str, Callable[[float], dict[str, Any]]]]:
    """Return the channels that are known and that the function takes, each with its nature and its couplings."""
    found: list[tuple[Opening, str, Callable[[float], dict[str, Any]]]] = [
        (Opening("", {}, *WEAK_OPENINGS[nature]), nature, lambda E_eg: {"axial": np.array([[0.5]])})
        for nature in subject.natures
    ]
    if "dirac" not in subject.natures:
        return found
    for group in _groups_with(subject):
        currents = {name: _currents(group, name) for name in (*_coupling_matrices(group), *_of_kind(group, "real"))}
        # A term of a contact interaction names both currents; what couples to a constant of nature names none.
        electron = {name: currents[name][0] for name in _of_kind(group, "real")} or {"": ""}
        for opening in OPENINGS:
            for name, current in electron.items():
                signs = {
                    matrix: opening.neutrino[currents[matrix][1]]
                    for matrix in _coupling_matrices(group)
                    if currents[matrix][1] in opening.neutrino and (current or currents[matrix][0]) == opening.electron
                }
                taken = subject.takes_all(*(f"{group.keyword}.{entry}" for entry in (*signs, *filter(None, [name]))))
                if len(signs) == len(opening.neutrino) and taken:
                    found.append((opening, "dirac", _channel(group, name, signs)))
    return found


def _currents(group: ModelGroup, name: str) -> tuple[str, str]:
    """Return the bilinears of the electron and of the neutrinos that a coupling names, empty where it names none."""
    words = [word.partition(" ") for word in group[name].current.partition(";")[0].split(", ")]
    named = {line: bilinear for line, _, bilinear in words}
    return named.get("electron", ""), named.get("neutrino", "")


def _channel(group: ModelGroup, electron: str, signs: Mapping[str, int]) -> Callable[[float], dict[str, Any]]:
    """Return the entries of one product of couplings for a level difference [eV]; sizes do not matter next to a threshold."""

    def entries(E_eg: float) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(_of_kind(group, "mass"), 2 * E_eg)
        found |= {matrix: np.array([[1e-12 * sign]]) for matrix, sign in signs.items()}
        return {group.keyword: found | ({electron: 1.0} if electron else {})}

    return entries


# ---------------------------------------------------------------- mediators


@_assertion("E_eg", applies=_no_group_with("mediator", "mass"))
def heavy_mediator_is_contact(trial: Trial) -> None:
    """A mediator much heavier than the energy is a contact interaction: only its couplings over its mass squared count."""
    group = trial.draw(st.sampled_from(_groups_with(trial.subject, "mass")))
    arguments = _with_group(trial, group)
    entries, (mass,) = arguments[group.keyword], _of_kind(group, "mass")
    entries |= {name: 0.0 for name in _of_kind(group, "width") if name in entries}
    factor = 2.0 ** trial.draw(st.integers(1, 6))
    reach = (HEAVY * arguments["E_eg"] / entries[mass]) ** 2

    def heavy(more: float) -> dict[str, Any]:
        new = {
            name: value * reach * more**2 if name in _coupling_matrices(group) else value
            for name, value in entries.items()
        }
        return arguments | {group.keyword: new | {mass: HEAVY * arguments["E_eg"] * more}}

    omega = trial.energy(arguments)
    first, second = (trial.rate(omega, heavy(more)) for more in (1.0, factor))
    trial.equal(first, second, rtol=max(trial.rtol, 100 / HEAVY**2))


HEAVY: Final = 1e5
"""Mass of a heavy mediator over E_eg: the propagator's s adds 1e-10 to M^2."""


def _pair_mass(omega: float, arguments: Mapping[str, Any]) -> float:
    E_eg, K = arguments["E_eg"], arguments.get("imprinted_momentum", 0.0)
    return math.sqrt((E_eg + K) * (E_eg - K - 2 * omega))


@_assertion("E_eg", applies=_no_group_with("mediator", "mass"))
def light_mediator_is_massless(trial: Trial) -> None:
    """A mediator much lighter than the pair acts like one without mass: its rate has a limit."""
    group = trial.draw(st.sampled_from(_groups_with(trial.subject, "mass")))
    arguments = _with_group(trial, group)
    (mass,) = _of_kind(group, "mass")
    # In the unitary numerator q q / M^2 has no limit where a current is not conserved.
    entries = {name: value for name, value in arguments[group.keyword].items() if name != "propagator"}
    entries |= {name: 0.0 for name in _of_kind(group, "width") if name in entries}
    omega = trial.energy(arguments)
    pair_mass = _pair_mass(omega, arguments)
    values = [
        trial.rate(omega, arguments | {group.keyword: entries | {mass: pair_mass / HEAVY / more}})
        for more in (1.0, 16.0)
    ]
    trial.equal(values[0], values[1], rtol=max(trial.rtol, 1e4 / HEAVY**2))


@_assertion("E_eg", applies=_no_group_with("mediator with a width", "mass", "width"))
def continuity_at_pole(trial: Trial) -> None:
    """With a width the rate is finite and continuous where s is the square of the mediator's mass."""
    group = trial.draw(st.sampled_from(_groups_with(trial.subject, "mass", "width")))
    arguments = _with_group(trial, group)
    (mass,), (width,) = _of_kind(group, "mass"), _of_kind(group, "width")
    E_eg, K = arguments["E_eg"], arguments.get("imprinted_momentum", 0.0)
    M = math.sqrt(E_eg**2 - K**2) * trial.draw(strategies.shares(0.4, 0.9))
    arguments[group.keyword] = {**arguments[group.keyword], mass: M, width: E_eg / 8}
    arguments["masses"] = np.minimum(arguments["masses"], M / 4)
    omega = trial.draw(strategies.photon_energies(arguments, "pole", mass=M))
    values = [trial.rate(omega * (1 + step), arguments) for step in (-1e-8, 0.0, 1e-8)]
    trial.equal(values[0], values[2], rtol=1e-4)
    trial.equal(values[0], values[1], rtol=1e-4)


@_assertion(
    "E_eg",
    applies=lambda subject: (
        "" if _by_propagator(subject) else "the function takes no vector whose propagator is chosen"
    ),
)
def gauge_shift(trial: Trial) -> None:
    """The current of an electron's charge is conserved, so that q q in the propagator of what couples to it changes nothing."""
    group, charge = trial.draw(st.sampled_from(_by_propagator(trial.subject)))
    arguments = _with_group(trial, group)
    off = {name: 0.0 for name in _of_kind(group, "real") if name in arguments[group.keyword]}
    size = arguments[group.keyword][charge]
    entries = arguments[group.keyword] | off | {charge: size}
    omega = trial.energy(arguments)
    words = [arguments | {group.keyword: entries | {"propagator": word}} for word in ("feynman", "unitary")]
    trial.same((omega, words[0]), (omega, words[1]))


@_assertion("E_eg", "masses", "axial", "electromagnetic", "vector")
def charge_radius_is_contact(trial: Trial) -> None:
    """q q of the charge radius and the anapole drops out at a conserved source: what is left is a contact interaction of the charge."""
    from renp.inputs.constants import ELECTRON_CHARGE, HBAR_C_EV_CM

    arguments = trial.arguments(groups=())
    n = len(arguments["masses"])
    step = arguments.get("pair_step", "M1")
    sizes = coupling_sizes(trial.subject.model.functions, step, arguments["E_eg"])["electromagnetic"]
    radius, anapole = (trial.draw(strategies.hermitian_couplings(n, sizes[name])) for name in ("r2", "anapole"))
    omega = trial.energy(arguments)
    M = HEAVY * arguments["E_eg"]
    charge = ELECTRON_CHARGE * M**2 / HBAR_C_EV_CM**2
    left, right = (charge * (radius / 6 + sign * anapole) for sign in (-1, 1))
    exchanged = arguments | {"electromagnetic": {"r2": radius, "anapole": anapole}}
    contact = arguments | {"vector": {"mass": M, "g_V": 1.0, "g_L": left, "g_R": right}}
    first, second = trial.rate(omega, exchanged), trial.rate(omega, contact)
    none = changed(contact, trial.subject.model, np.zeros_like) | {"vector": contact["vector"]}
    size = sum(math.sqrt(abs(trial.subject(omega, one))) for one in (arguments, none)) ** 2
    trial.equal(first, second, rtol=max(trial.rtol, 100 / HEAVY**2), size=size)


# ---------------------------------------------------------------- the atom


@_assertion("atomic_tensor")
def linear_in_atomic_tensor(trial: Trial) -> None:
    """A rate is the contraction of the atomic tensor with that of the pair: it is linear in the atomic tensor."""
    arguments = trial.arguments()
    first, second = (trial.draw(strategies.atomic_tensors(kind)) for kind in ("positive", "positive"))
    omega = trial.energy(arguments)
    values = [trial.rate(omega, arguments | {"atomic_tensor": T}) for T in (first, second, first / 4 + 3 * second / 4)]
    trial.equal(values[0] / 4 + 3 * values[1] / 4, values[2])


@_assertion("atomic_tensor")
def rotation_about_the_beam(trial: Trial) -> None:
    """The pair's direction is the beam's, and nothing else marks one: turning the atom and the light about it changes no rate."""
    arguments = trial.arguments()
    tensor = trial.draw(strategies.atomic_tensors("positive"))
    angle = trial.draw(strategies.shares(0.0, 3.0))
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
    omega = trial.energy(arguments)
    turned = turn @ tensor @ turn.T
    trial.same((omega, arguments | {"atomic_tensor": tensor}), (omega, arguments | {"atomic_tensor": turned}))


@_assertion("E_vg", "intermediate_amplitudes")
def intermediate_states_add(trial: Trial) -> None:
    """Intermediate states add in the amplitude: the rate goes with the square of the sum of c_v/(E_v - omega)."""
    arguments = trial.arguments()
    levels = trial.draw(strategies.atoms("several"))
    arguments["intermediate_amplitudes"] = levels["intermediate_amplitudes"]
    arguments["E_vg"] = [arguments["E_eg"] + level - levels["E_eg"] for level in levels["E_vg"]]
    omega = trial.energy(arguments)
    one = {name: value for name, value in arguments.items() if name != "intermediate_amplitudes"}
    one["E_vg"] = arguments["E_vg"][0]
    pairs = zip(arguments["intermediate_amplitudes"], arguments["E_vg"], strict=True)
    weight = sum(c / (level - omega) for c, level in pairs) * (one["E_vg"] - omega)
    trial.same((omega, one), (omega, arguments), weight**2)


@_assertion("dipole_length", "pair_step", "vector_weak")
def dipole_length_squared(trial: Trial) -> None:
    """The amplitude of an E1 pair step is proportional to the dipole length."""
    arguments = trial.arguments(pair_step="E1")
    omega = trial.energy(arguments)
    longer = arguments | {"dipole_length": -3 * arguments["dipole_length"]}
    trial.same((omega, arguments), (omega, longer), 9.0)


@_assertion("E_eg", "masses")
def massless_limit(trial: Trial) -> None:
    """Very light neutrinos are emitted like massless ones."""
    arguments = trial.arguments()
    n, omega = len(arguments["masses"]), trial.energy(arguments)
    lightest = 1e-9 * _pair_mass(omega, arguments)
    none, light = (trial.rate(omega, arguments | {"masses": np.full(n, mass)}) for mass in (0.0, lightest))
    trial.equal(none, light, rtol=max(trial.rtol, LIGHT))


LIGHT: Final = 1e-6
"""Share of a rate that neutrinos of 1e-9 of the mass of the pair change, with room for rates that are small without it."""


# ---------------------------------------------------------------- hermiticity, the integral


@_assertion("axial")
def hermiticity(trial: Trial) -> None:
    """A Hermitian Lagrangian gives real rates, whatever the phases of the couplings and of the light."""
    arguments = trial.arguments()
    trial.rate(trial.energy(arguments), arguments)


@_assertion("axial", default=False)
def refuses_anti_hermitian(trial: Trial) -> None:
    """An anti-Hermitian coupling matrix belongs to no Lagrangian: it is refused."""
    arguments = trial.arguments()
    matrix = trial.draw(strategies.hermitian_couplings(len(arguments["masses"])).filter(np.any))
    omega = trial.energy(arguments)
    try:
        found = trial.rate(omega, arguments | {"axial": 1j * matrix})
    except Broken as broken:
        if isinstance(broken.__cause__, ValueError | TypeError):
            return
        raise
    raise Broken(f"found {found!r} for an anti-Hermitian axial")


@_assertion("E_eg", "masses", examples=8)
def closed_form_is_the_integral(trial: Trial) -> None:
    """A closed form is the integral over the neutrino's energy of amplitudes between explicit spinors, squared and summed over spins."""
    arguments = trial.arguments()
    # Spinors of slow neutrinos lose digits.
    omega = (1 - MARGIN) * trial.energy(arguments)
    complete = {name: value for name, value in arguments.items() if value is not None}
    expected, size = (trial.subject.model.spin_sums(omega, size=size, **complete) for size in (False, True))
    trial.equal(expected, trial.rate(omega, arguments), 1e-6 * size, size=size)
