"""The settings of spectra and experiments as options: one table, the same names and defaults as in Python.

In: what was typed. Out: :class:`Chosen`, the keywords of a call. A setting that is not typed is not passed on, so the
defaults are those of :func:`renp.rates.experiment.experiment`, and the help shows them from there. An option is called as its
setting in Python, with ``-`` for ``_``. Texts and files are read, never evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from math import isfinite, radians
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

from renp.cli.models import ModelOption, SetOption, as_options, chosen_model, complex_number, coupling_groups
from renp.output.terminal import status

if TYPE_CHECKING:
    from renp.model import Model

__all__ = [
    "EMISSION",
    "EXPOSURE",
    "Chosen",
    "CommandWithSettings",
    "Setting",
    "one_or_more",
    "option_name",
    "read_number",
    "read_numbers",
    "takes",
]


def _word(option: str, text: str) -> str:
    return text


def read_number(option: str, text: str) -> float:
    """Read a finite number; ``ValueError`` with one line that names the option.

    Example
    -------
    >>> read_number("--mass", "1e3")
    1000.0
    """
    (value,) = _finite(option, "a finite number", [text], text)
    return value


def read_numbers(option: str, text: str) -> list[float]:
    """Read numbers separated by commas, or ``START:STOP:COUNT``; ``ValueError`` with one line that names the option.

    Example
    -------
    >>> read_numbers("--frequencies", "1.069,1.07"), read_numbers("--frequencies", "1:2:3")
    ([1.069, 1.07], [1.0, 1.5, 2.0])
    """
    from renp.cli.ranges import parse_range

    if ":" in text:
        return list(parse_range(text, option, example="1.06:1.07:3").values().tolist())
    return _finite(option, "finite numbers separated by ',', or START:STOP:COUNT", text.split(","), text)


def one_or_more(option: str, text: str) -> float | list[float]:
    """Read numbers as :func:`read_numbers`; a lone one is no list.

    Example
    -------
    >>> one_or_more("--background", "3")
    3.0
    """
    values = read_numbers(option, text)
    return values[0] if len(values) == 1 else values


def _number_or_word(option: str, text: str) -> float | str:
    return text if text.isalpha() and text.lower() not in ("nan", "inf", "infinity") else read_number(option, text)


def _degrees(option: str, text: str) -> tuple[float, ...]:
    return tuple(radians(angle) for angle in read_numbers(option, text))


def _crossed(option: str, text: str) -> dict[str, list[float]]:
    pairs = [word.split(":") for word in text.split(",")]
    expected = "ENERGY:AMPLITUDE for each state, separated by ','"
    numbers = _finite(option, expected, [word for pair in pairs for word in pair], text)
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"{option}: expected {expected}, got {text!r}")
    return {"E_vg": numbers[::2], "amplitudes": numbers[1::2]}


def _finite(option: str, expected: str, words: Sequence[str], text: str) -> list[float]:
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = [float("nan")]
    if not all(isfinite(number) for number in numbers):
        raise ValueError(f"{option}: expected {expected}, got {text!r}")
    return numbers


def _matrix(option: str, text: str) -> list[list[complex]]:
    """Read a file of complex numbers: a row on each line, ``#`` starts a comment, commas may stand between them."""
    try:
        lines = Path(text).read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise ValueError(f"{option}: {text}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(
            f"{option}: {text} is no text file; allowed are rows of numbers as 0.5, 0.1j or 0.5+0.1j"
        ) from None
    rows: list[list[complex]] = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].replace(",", " ").split()
        if not words:
            continue
        where = f"{option}: {text}:{number}"
        rows.append([complex_number(where, word) for word in words])
        if len(words) != len(rows[0]):
            raise ValueError(f"{where}: found {len(words)} numbers; allowed are {len(rows[0])}, as in the first row")
    if not rows:
        raise ValueError(f"{option}: {text} holds no numbers; allowed are rows of numbers as 0.5, 0.1j or 0.5+0.1j")
    return rows


@dataclass(frozen=True)
class Setting:
    """One setting as an option.

    Parameters
    ----------
    metavar : what its value is, with the unit.
    help : what it is.
    read : from the option's name and the text to the value of the call.
    aliases : shorter names.

    Example
    -------
    >>> EXPOSURE["exposure_days"].read("--exposure-days", "40")
    40.0
    """

    metavar: str
    help: str
    read: Callable[[str, str], Any] = _word
    aliases: tuple[str, ...] = ()


EMISSION: Final[Mapping[str, Setting]] = {
    "setup": Setting(
        "WORD", "What is chosen where nothing is set: papers, or derived for an atom that is prepared by light."
    ),
    "atom": Setting(
        "SYMBOL_OR_FILE", "Target: Yb, Xe or a TOML file; by default the levels of Yb, whatever their parities forbid."
    ),
    "lightest_mass": Setting("EV", "Mass of the lightest neutrino in eV.", read_number, ("--lightest",)),
    "ordering": Setting("WORD", "Mass ordering, normal or inverted; by default that of the oscillation set."),
    "nature": Setting("WORD", "Nature of the neutrino: dirac or majorana."),
    "oscillation": Setting(
        "NAME",
        "Oscillation set (see renp list); by default that of the papers, and NuFIT 6.0 for the inverted ordering.",
    ),
    "majorana_phases": Setting("DEG,DEG", "Majorana phases alpha_21 and alpha_31 in degrees.", _degrees),
    "masses": Setting("EV,EV,...", "Neutrino masses in eV instead of those of the oscillation set.", read_numbers),
    "mixing": Setting(
        "FILE",
        "Mixing matrix: a text file of complex numbers as 0.5+0.1j, rows e, mu, tau, one column for each mass.",
        _matrix,
    ),
    "axial": Setting("FILE", "Axial couplings of the weak current instead of those of the mixing matrix.", _matrix),
    "vector_weak": Setting("FILE", "Vector couplings of the weak current, which the papers leave out.", _matrix),
    "chain": Setting(
        "WORD", "Magnetic numbers: averaged, incoherent (exact over |v>) or prepared; by default that of the set-up."
    ),
    "polarisation": Setting("WORD", "Photon polarisation, but for the averaged chain: linear, circular+ or circular-."),
    "coherence": Setting(
        "FILE", "Coherence <e M_e|rho|g M_g> of prepared atoms: a row for each M_e, from -J_e.", _matrix
    ),
    "atomic_tensor": Setting("FILE", "Atomic tensor, 3 x 3 with trace 1, instead of a chain.", _matrix),
    "pair_step": Setting("WORD", "Transition that emits the pair, M1 or E1."),
    "dipole_length": Setting("A_0", "Dipole matrix element of the E1 step in Bohr radii.", read_number),
    "m1": Setting(
        "WORD",
        "M1 operator of every vector current of the electron: spin (2S) or full (L + 2S); by default that of the set-up.",
    ),
    "imprinted_momentum": Setting(
        "EV", "Momentum imprinted on the target in eV, along the pair's direction.", read_number
    ),
    "crossed": Setting(
        "EV:A,...", "States that the photon leads to first: energy in eV and amplitude of each.", _crossed
    ),
    "E_eg": Setting("EV", "Energy of |e> above |g> in eV instead of the atom's.", read_number),
    "E_vg": Setting(
        "EV,...", "Energy of |v> above |g> in eV instead of the atom's; several states by ','.", one_or_more
    ),
    "intermediate": Setting("WORD", "Intermediate states of the atom: single or all; by default those of the set-up."),
    "intermediate_amplitudes": Setting(
        "A,A,...", "Amplitudes of several intermediate states, the first 1.", read_numbers
    ),
}
"""What spectra depend on, by the name of the argument in Python."""

EXPOSURE: Final[Mapping[str, Setting]] = {
    "frequencies": Setting(
        "EV,EV,...", "Photon energies in eV, or START:STOP:COUNT; by default those of the papers.", read_numbers
    ),
    "exposure_days": Setting("DAYS", "Exposure at each photon energy in days.", read_number, ("--days",)),
    "volume_cm3": Setting("CM3", "Target volume in cm^3.", read_number, ("--volume",)),
    "density_cm3": Setting("PER_CM3", "Number density of coherent atoms in cm^-3.", read_number, ("--density",)),
    "photon_density_cm3": Setting(
        "PER_CM3", "Density of trigger photons in cm^-3; by default that of the atoms.", read_number
    ),
    "eta": Setting("FRACTION", "Fraction of the target that is coherent.", read_number),
    "coherence_factor": Setting(
        "NUMBER",
        "|rho_eg| of every atom, at most 1/2, or 1 as in the papers; by default that of the set-up.",
        read_number,
    ),
    "C_ev": Setting(
        "NUMBER",
        "Spin factor of |e> -> |v>, or one of the atom's: printed or derived; by default that of the set-up.",
        _number_or_word,
    ),
    "normalisation": Setting(
        "WORD", "Reference rate, printed as in the literature or derived; by default that of the set-up."
    ),
}
"""What counts depend on besides."""

_PANELS: Final = (("What emits", EMISSION), ("What is measured", EXPOSURE))
_ONE_PHASE: Final = {"alpha21": "Majorana phase alpha_21 in degrees.", "alpha31": "Majorana phase alpha_31 in degrees."}
_STUDY_OPTIONS: Final = {
    "parameters": "--free",
    "start": "--start",
    "bounds": "--bounds",
    "priors": "--prior",
    "hypotheses": "--hypothesis",
    **{name: f"--{name}" for name in ("background", "level", "method", "observed", "profile", "seed", "toys")},
}
"""What further arguments of studies are called as options."""
_SHOWN_IN_WORDS: Final = ("frequencies", "oscillation")


def option_name(setting: str) -> str:
    """Return what the option of a setting is called.

    Example
    -------
    >>> option_name("lightest_mass")
    '--lightest-mass'
    """
    return "--" + setting.replace("_", "-")


@dataclass(frozen=True)
class Chosen:
    """What was chosen on the command line for every study alike.

    Parameters
    ----------
    settings : keywords of a study, those that were typed.
    model : the interactions.
    set_texts : the options ``--set``.
    """

    settings: dict[str, Any]
    model: Model
    set_texts: tuple[str, ...]

    def groups(self, *more: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the coupling groups and notes on them, see :func:`renp.cli.models.coupling_groups`; ``more`` as ``--set``."""
        return coupling_groups([*self.set_texts, *more], self.model, self.number)

    @property
    def number(self) -> int:
        """The number of neutrinos."""
        return len(self.settings["masses"]) if "masses" in self.settings else 3

    def refuse(self, names: Sequence[str], why: str) -> None:
        """Raise ``ValueError`` if one of these settings was typed."""
        for name in names:
            if name in self.settings:
                raise ValueError(f"{option_name(name)}: {why}")


def takes(*tables: Mapping[str, Setting]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the decorator that gives a command ``--model``, ``--set`` and an option for each setting of ``tables``.

    The command takes them in its argument ``chosen``, a :class:`Chosen`.
    """

    def extended(command: Callable[..., None]) -> Callable[..., None]:
        own = [p for p in signature(command, eval_str=True).parameters.values() if p.name != "chosen"]
        shared = [_parameter("model", ModelOption), _parameter("set_texts", SetOption)]
        for panel, table in _PANELS:
            if table in tables:
                shared += [_parameter(name, _option(name, setting, panel)) for name, setting in table.items()]
        shared += [_parameter(name, _phase(name, text)) for name, text in _ONE_PHASE.items()]

        @wraps(command)
        def with_settings(**given: Any) -> None:
            typed = {p.name: given.pop(p.name) for p in shared}
            chosen = _chosen(typed)
            try:
                command(**given, chosen=chosen)
            except (ValueError, TypeError) as problem:
                said = as_options(str(problem), chosen.model, _called(typed))
                if said == str(problem):
                    raise
                raise type(problem)(said) from problem

        parameters = [*own, *shared]
        with_settings.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
        with_settings.__annotations__ = {p.name: p.annotation for p in parameters}
        return with_settings

    return extended


def _called(typed: Mapping[str, Any]) -> dict[str, str]:
    """Return what arguments of Python are called on the command line; of a file, with its name."""
    settings = {**EMISSION, **EXPOSURE}
    files = {name: f" {typed[name]}" for name, one in settings.items() if one.read is _matrix and typed.get(name)}
    return {name: option_name(name) + files.get(name, "") for name in settings} | _STUDY_OPTIONS


def _chosen(typed: Mapping[str, Any]) -> Chosen:
    settings = {}
    for name, setting in {**EMISSION, **EXPOSURE}.items():
        if typed.get(name) is not None:
            settings[name] = setting.read(option_name(name), typed[name])
    phases = {name: typed[name] for name in _ONE_PHASE if typed[name] is not None}
    for name in phases:
        if "majorana_phases" in settings:
            raise ValueError(f"{option_name(name)}: --majorana-phases gives both phases, leave one of the two out")
    if phases:
        settings["majorana_phases"] = tuple(
            radians(read_number(option_name(name), phases.get(name, "0"))) for name in _ONE_PHASE
        )
    return Chosen(settings, chosen_model(typed["model"]), tuple(typed["set_texts"] or ()))


def _parameter(name: str, annotation: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _option(name: str, setting: Setting, panel: str) -> Any:
    return Annotated[
        str | None,
        typer.Option(
            option_name(name), *setting.aliases, metavar=setting.metavar, help=setting.help, rich_help_panel=panel
        ),
    ]


def _phase(name: str, text: str) -> Any:
    return Annotated[
        str | None, typer.Option(option_name(name), metavar="DEG", help=text, rich_help_panel=_PANELS[0][0])
    ]


class CommandWithSettings(TyperCommand):
    """A command that takes an option once and shows at once that it works.

    Its help has the defaults of the settings, which need Python's modules.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; an option that takes one value is not given twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for option in order:
            several = option.multiple or getattr(option, "is_flag", False) or option.param_type_name != "option"
            if not several and order.count(option) > 1:
                raise ValueError(f"{option.opts[0]}: found it {order.count(option)} times, allowed once")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; see the class."""
        with status(f"renp {self.name}"):
            return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help; see the class."""
        shown = [p for p in self.params if p.name in {**EMISSION, **EXPOSURE} and p.name not in _SHOWN_IN_WORDS]
        if shown:
            from renp.rates.emission import emission
            from renp.rates.experiment import experiment
            from renp_generated import spectral_function

            functions = (spectral_function, emission, experiment)
            arguments = {k: v for f in functions for k, v in signature(f).parameters.items()}
            for option in shown:
                if option.name in arguments:
                    option.default = arguments[option.name].default
        super().format_help(ctx, formatter)
