"""Models: any interactions, shipped and one's own, in one amplitude, derived in memory.

In: names of shipped interactions, paths of interaction files, folders of UFO models. Out: a ``Model`` with the evaluators,
what its couplings are, its derivation, its verification and its generated code. No file is written and nothing of a file is
executed; what has been derived once is remembered by content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen.call import MATRICES
from derivations.interactions.model import WEAK
from renp.generate import REMEMBERED, kernels, probes_of, shipped, write
from renp_generated import FUNCTIONS
from renp_generated.runtime.arguments import shown
from renp_generated.runtime.functions import SpectralFunctions
from renp_generated.runtime.tables import Argument, Group, Tables

if TYPE_CHECKING:
    from codegen.formulas.formula import Formula
    from codegen.pair_sums.kernel import Kernel
    from codegen.pair_sums.vertices import VertexTables
    from derivations.interactions.model import Interaction
    from derivations.steps.step import Derivation
    from renp_generated.runtime.batch import Batch
    from renp_generated.runtime.evaluator import SpectralEvaluator
    from renp_generated.runtime.exact import ExactEvaluator
    from renp_generated.runtime.gradient import SpectralGradient
    from renp_generated.runtime.probes import ProbeFunctions
    from renp_generated.runtime.verify import Check

__all__ = ["Model", "ModelCoupling", "ModelGroup", "read_word", "shipped_model"]


@dataclass(frozen=True)
class ModelCoupling:
    """What one argument of a group is.

    Attributes
    ----------
    name : the key in the group's mapping.
    kind : ``matrix`` (Hermitian), ``general`` (any complex matrix, its conjugate is added), ``real``, ``mass``, ``width`` or ``choice``.
    line : ``electron`` or ``neutrino``, whose current it multiplies; empty for what belongs to the mediator.
    units : its units, ``1`` for a plain number.
    current : the bilinear or what the argument decides, in words.
    opens : the pair steps, of ``M1`` and ``E1``, in which it contributes.
    default : what is taken when it is not given, ``None`` when it must be given; matrices are off when they are not given, and a
        choice without a default is that of the call's argument of the same name.
    choices : what a choice allows.
    """

    name: str
    kind: str
    line: str
    units: str
    current: str
    opens: tuple[str, ...]
    default: float | str | None
    choices: tuple[str, ...]

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of the neutrinos."""
        return self.kind in MATRICES


@dataclass(frozen=True)
class ModelGroup:
    """One interaction of a model: ``keyword`` is its argument in every call (empty for the weak current)."""

    name: str
    keyword: str
    title: str
    references: tuple[str, ...]
    propagator: str
    spin: int | None
    couplings: tuple[ModelCoupling, ...]

    def __getitem__(self, name: str) -> ModelCoupling:
        """Return the coupling of that name; ``KeyError`` otherwise."""
        for coupling in self.couplings:
            if coupling.name == name:
                return coupling
        raise KeyError(name)


class Model:
    """Interactions in one amplitude, with all interferences; the weak current is always there.

    Parameters
    ----------
    interactions : names of shipped interactions, paths of interaction files, or folders of UFO models (``FOLDER:MEDIATOR``
        where there are several mediators).
    copies : a name of one's own for a further copy of a shipped interaction or a file: ``zprime2="vector"``.

    Raises
    ------
    ValueError : an unknown name, a file that cannot be used, or two interactions of one name; one line.

    Example
    -------
    >>> model = Model("vector", second="vector")
    >>> [group.name for group in model.groups]
    ['standard_model', 'vector', 'second']
    >>> model.groups[1]["g_A"].opens, model.groups[1]["g_L"].units
    (('M1',), '1')
    """

    interactions: tuple[Interaction, ...]

    def __init__(self, /, *interactions: str | os.PathLike[str], **copies: str | os.PathLike[str]) -> None:
        read = [_read(given) for given in interactions]
        read += [_named(_read(given), name) for name, given in copies.items()]
        self._set(read)

    @classmethod
    def of(cls, interactions: Sequence[Interaction]) -> Model:
        """Return the model of interactions that are read already.

        Example
        -------
        >>> len(Model.of([]).groups)
        1
        """
        model = cls.__new__(cls)
        model._set(interactions)
        return model

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Model:
        """Return the model of interactions whose files are given as texts, each by the name that it gets: see :attr:`sources`.

        A name of the mapping wins over that in its text, and a text over the shipped interaction of its name.

        Raises
        ------
        ValueError : a text that is no interaction, a name that none can have, or two interactions of one name; one line.

        Example
        -------
        >>> model = Model("vector", second="vector")
        >>> Model.from_texts(model.sources) == model
        True
        """
        from derivations.interactions.reader import parse_interaction

        read = [(name, parse_interaction(text, name)) for name, text in texts.items()]
        return cls.of([found if found.name == name else _named(found, name) for name, found in read])

    @classmethod
    def from_ufo(
        cls,
        path: str | os.PathLike[str],
        mediator: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        mixing: Any = None,
    ) -> Model:
        """Return the model of a mediator of a UFO model, or of its four-fermion vertices; :attr:`values` holds the numbers.

        The folder is read, no line of it is executed.

        Parameters
        ----------
        path : the folder of the UFO model.
        mediator : the name of a neutral boson of the model, or ``"contact"`` for its vertices of four fermions; by default the
            only one that couples to electrons and to neutrinos.
        parameters : values for parameters of the model by name, in its own units (GeV): numbers, or texts as ``"1e-9"``.
        mixing : the matrix U of ``nu_flavour = sum_i U_flavour,i nu_i`` (rows in the order of PDG codes), shape
            (flavours, n); by default the neutrinos of the model are mass states.

        Raises
        ------
        ValueError : the model cannot be read or used; one line that says where, what was found and what is allowed.

        Example
        -------
        >>> Model.from_ufo("no_such_folder")
        Traceback (most recent call last):
        ...
        derivations.interactions.ufo.declarations.UfoError: no_such_folder: found no folder, allowed the folder of a UFO model
        """
        from derivations.interactions.ufo.writing import import_interaction

        return cls.of([import_interaction(path, mediator, parameters, None if mixing is None else _matrix(mixing))])

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """The numbers that came with interactions from UFO models, as keywords of every call: groups of eV-based doubles.

        Example
        -------
        >>> Model("vector").values
        {}
        """
        return {
            interaction.name: {name: _double(value) for name, value in interaction.values.items()}
            for interaction in self.interactions
            if interaction.values
        }

    def _set(self, read: Sequence[Interaction]) -> None:
        chosen = [_read(WEAK), *(interaction for interaction in read if interaction.name != WEAK)]
        names = [interaction.name for interaction in chosen]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(
                f"two interactions have the name {twice[0]!r}: give one of them a name of its own, as in NAME={twice[0]!r}"
            )
        if any(interaction.name == WEAK and interaction != chosen[0] for interaction in read):
            raise ValueError(f"the name {WEAK!r} is that of the weak current, which every model holds; choose another")
        object.__setattr__(self, "interactions", tuple(chosen))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a model does not change: make another one")

    def __repr__(self) -> str:
        return f"Model({', '.join(repr(interaction.name) for interaction in self.interactions[1:])})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and set(self.interactions) == set(other.interactions)

    def __hash__(self) -> int:
        return hash(frozenset(self.interactions))

    def __reduce__(self) -> tuple[object, tuple[tuple[Interaction, ...]]]:
        return Model.of, (self.interactions[1:],)

    @property
    def sources(self) -> Mapping[str, str]:
        """The text of each interaction's file by the interaction's name, without the weak current: all that the model is.

        Raises
        ------
        ValueError : an interaction was made without a text.

        Example
        -------
        >>> list(Model("vector", second="vector").sources)
        ['vector', 'second']
        """
        chosen = self.interactions[1:]
        for interaction in chosen:
            if not interaction.text:
                raise ValueError(f"the interaction {interaction.name!r} was not read from a file: it has no text")
        return {interaction.name: interaction.text for interaction in chosen}

    @cached_property
    def functions(self) -> SpectralFunctions:
        """All evaluators; the shipped model has those of the generated package."""
        generated = {group.name for group in FUNCTIONS.groups} == {interaction.name for interaction in shipped()}
        return FUNCTIONS if generated and self == shipped_model() else _functions(self.interactions)

    @cached_property
    def probes(self) -> ProbeFunctions:
        """The same interactions in other probes, with the model's groups as keywords: see ``renp_generated.probes``.

        Example
        -------
        >>> model = Model(second="vector")
        >>> second = {"mass": 1e3, "g_V": 1e-6, "g_L": [[1e-6]]}
        >>> given = dict(energy=1e5, masses=[0.0], axial=[[0.5]], vector_weak=[[0.96]], incoming=0)
        >>> with_it = model.probes.electron_scattering(1e4, second=second, **given)
        >>> bool(with_it > model.probes.electron_scattering(1e4, **given) > 0)
        True
        """
        if self.functions is FUNCTIONS:
            from renp_generated import probes

            return probes.FUNCTIONS
        return _probes(self.interactions, self.functions.groups)

    @cached_property
    def groups(self) -> tuple[ModelGroup, ...]:
        """What the model offers, derived from its interactions: a group for each, the weak current first."""
        return _groups(self)

    @property
    def keywords(self) -> tuple[str, ...]:
        """The names of the coupling groups as keywords of every call; the weak current has none."""
        return tuple(group.keyword for group in self.groups if group.keyword)

    def group(self, keyword: str) -> ModelGroup:
        """Return the group of that keyword; ``ValueError`` names those that the model has.

        Example
        -------
        >>> Model("scalar").group("scalar").spin
        0
        """
        for group in self.groups:
            if group.keyword and group.keyword == keyword:
                return group
        raise ValueError(f"unknown coupling group {keyword!r}: allowed are {', '.join(self.keywords) or 'none'}")

    def spectral_function(self, /, omega: Any, **arguments: Any) -> Any:
        """Return I(omega), same shape as ``omega`` [eV], float64; exactly 0 above every threshold.

        Parameters
        ----------
        omega : photon energies [eV], any shape, each in the open interval (0, E_eg/2).
        arguments : E_eg, E_vg [eV], masses (n,) [eV], axial (n, n), ... as of ``renp.spectral_function``, and for each
            further group a mapping with its couplings, see ``groups``.

        Raises
        ------
        ValueError, TypeError : one line that names the argument, what was found and what is allowed.

        Example
        -------
        >>> model = Model("tensor", own="tensor")
        >>> atom = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01], "axial": [[0.5]]}
        >>> twice = model.spectral_function(1.0, **atom, tensor={"t": [[0.1]]}, own={"t": [[0.1]]})
        >>> bool(abs(twice / model.spectral_function(1.0, **atom, own={"t": [[0.2]]}) - 1) < 1e-14)
        True
        """
        return self.functions.spectral_function(omega, **arguments)

    def prepare(self, /, **arguments: Any) -> SpectralEvaluator:
        """Return a reusable evaluator: the arguments of :meth:`spectral_function` but omega, checked and folded once."""
        return self.functions.prepare(**arguments)

    def spectral_batch(self, /, omega: Any, **arguments: Any) -> Any:
        """Return I(omega) of many parameter sets at once: every array argument may have leading axes, which broadcast.

        As ``renp.spectral_batch``, ``threads`` and ``progress`` included.

        Example
        -------
        >>> Model().spectral_batch(1.0, E_eg=2.14349, E_vg=2.23072, masses=[[0.01], [0.02]], axial=[[0.5]]).shape
        (2,)
        """
        return self.functions.spectral_batch(omega, **arguments)

    def spectral_batch_gradient(self, /, omega: Any, *, weights: Any = None, **arguments: Any) -> dict[str, Any]:
        """Return the derivatives of :meth:`spectral_batch`, or with ``weights`` of its weighted sums over omega."""
        return self.functions.spectral_batch_gradient(omega, weights=weights, **arguments)

    def prepare_batch(self, /, **arguments: Any) -> Batch:
        """Return a reusable batch: what is the same for all parameter sets, checked once."""
        return self.functions.prepare_batch(**arguments)

    def spectral_function_exact(self, /, omega: float, *, number: Any, root: Any, **arguments: Any) -> Any:
        """Return I(omega) at one photon energy [eV] in the arithmetic of ``number`` and ``root``."""
        return self.functions.spectral_function_exact(omega, number=number, root=root, **arguments)

    def prepare_exact(self, /, *, number: Any, root: Any, **arguments: Any) -> ExactEvaluator:
        """Return a reusable evaluator in the arithmetic of ``number`` and ``root``."""
        return self.functions.prepare_exact(number=number, root=root, **arguments)

    def spectral_gradient(self, /, omega: Any, **arguments: Any) -> dict[str, Any]:
        """Return the derivatives of I(omega) with respect to all real parameters, as ``renp.spectral_gradient``."""
        return self.functions.spectral_gradient(omega, **arguments)

    def prepare_gradient(self, /, **arguments: Any) -> SpectralGradient:
        """Return reusable derivatives: the arguments of :meth:`spectral_gradient` but omega, checked and folded once."""
        return self.functions.prepare_gradient(**arguments)

    def derivation(self, pair_step: str = "M1") -> Derivation:
        """Return the derivation of the spectral function, step by step; ``ValueError`` for an unknown pair step.

        Example
        -------
        >>> [step.name for step in Model("tensor").derivation()][-1]
        'spectral-function'
        """
        from derivations.catalogue import spectral_derivation

        label = ", ".join(interaction.name for interaction in self.interactions[1:]) or WEAK
        return spectral_derivation(self.interactions, pair_step, label)

    def formulas(
        self, form: str = "papers", pair_step: str = "M1", *, propagator: str = "feynman", m1: str = "spin"
    ) -> dict[str, Formula]:
        """Return readable formulas as records, by name: kinematics, structure functions, ``bracket`` and ``summand``.

        They hold for an averaged atom and without an imprinted momentum; couplings are in powers of eV.

        Parameters
        ----------
        form : ``"papers"`` as the literature prints them, without widths; ``"threshold"`` in the distance to threshold.
        pair_step : ``"M1"`` or ``"E1"``.
        propagator : numerator of massive vectors, ``"feynman"`` or ``"unitary"``.
        m1 : magnetic operator of vector currents, ``"spin"`` or ``"full"``.

        Raises
        ------
        ValueError : an unknown form, pair step, propagator or operator; one line.

        Example
        -------
        >>> bracket = Model("tensor").formulas()["bracket"]
        >>> [argument.symbol.name for argument in bracket.arguments]
        ['omega', 'E_eg', 'm_i', 'm_j', 'delta_M', 'a_ij', 'v_ij', 't_ij']
        """
        from derivations.processes.renp.formulas import formulas
        from derivations.processes.renp.spectrum import spectral_function

        return formulas(spectral_function(self.interactions, pair_step), form, propagator=propagator, m1=m1)

    def verify(self, points: int = 3) -> list[Check]:
        """Check the evaluators against spin sums over explicit spinors, and near and above the thresholds.

        The spin sums come straight from the Lagrangian: no closed form of the derivation is used. ``points`` are the photon
        energies of each check; ``ValueError`` unless they are from 1 to 1000.

        Example
        -------
        >>> all(check.passed for check in Model("tensor").verify(1))
        True
        """
        from renp_generated.runtime.verify import verify

        return verify(self.functions, vertex_tables_of(self.interactions), points)

    def spin_sums(self, /, omega: float, *, size: bool = False, **arguments: Any) -> float:
        """Return I(omega) by quadrature over the neutrino's energy of amplitudes between explicit spinors, squared and summed.

        They come straight from the Lagrangian: no closed form is used.

        Parameters
        ----------
        omega : one photon energy [eV].
        size : whether the absolute values of everything are added up instead, which rounding errors are proportional to.
        arguments : those of :meth:`spectral_function`.

        Raises
        ------
        ValueError, TypeError : as :meth:`spectral_function`.

        Example
        -------
        >>> atom = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01], "axial": [[0.5]]}
        >>> bool(abs(Model().spin_sums(1.0, **atom) / Model().spectral_function(1.0, **atom) - 1) < 1e-12)
        True
        """
        from renp_generated.runtime.verify import spin_sums

        return spin_sums(self.functions, vertex_tables_of(self.interactions), omega, arguments, size=size)

    def generate(self, directory: str | os.PathLike[str], *, target: str = "numpy", standalone: bool = False) -> None:
        """Write the evaluators as a package, as C files or as formulas.

        Parameters
        ----------
        directory : the package's directory, the directory of the C files, or the LaTeX file.
        target : ``"numpy"``, ``"jax"`` (the same package with a module ``jax`` beside), ``"c"`` or ``"latex"``.
        standalone : whether a package brings its runtime, so that it needs nothing but NumPy.

        Raises
        ------
        ValueError : an unknown target, or a directory that holds something else; one line.
        OSError : a file cannot be written; what was there stays.
        """
        write(self.interactions, Path(directory), target, standalone=standalone)


@cache
def shipped_model() -> Model:
    """Return the model of all shipped interactions: the package-level functions are its functions.

    Example
    -------
    >>> shipped_model().functions is FUNCTIONS
    True
    """
    return Model.of(shipped())


def read_word(word: str, directory: str | os.PathLike[str] = "") -> tuple[str, Interaction]:
    """Return an interaction given in one word, and the name or file in it: ``NAME_OR_FILE``, or ``NAME=NAME_OR_FILE``.

    The latter is a copy with a name of its own, unless there is a file with the whole word as its path.

    Parameters
    ----------
    word : as typed.
    directory : where relative paths start; the current one by default.

    Raises
    ------
    ValueError : an unknown name, or a file that cannot be used; one line.

    Example
    -------
    >>> file, interaction = read_word("second=vector")
    >>> file, interaction.name
    ('vector', 'second')
    """
    name, equals, given = word.partition("=")
    if not equals or os.path.lexists(os.path.join(directory, word)) or os.path.dirname(name):
        return word, _read(word, directory)
    return given, _named(_read(given, directory), name)


def _read(given: str | os.PathLike[str], directory: str | os.PathLike[str] = "") -> Interaction:
    from derivations.interactions.reader import load_interaction

    if not isinstance(given, str | os.PathLike):
        raise TypeError(f"an interaction is given by its name or its file, found {type(given).__name__}")
    known = {interaction.name: interaction for interaction in shipped()}
    name = os.fspath(given)
    if name in known:
        return known[name]
    path = os.path.join(directory, name)
    folder, colon, mediator = path.rpartition(":")
    if os.path.isdir(path) or (colon and os.path.isdir(folder) and not os.path.lexists(path)):
        from derivations.interactions.ufo.writing import import_interaction

        return import_interaction(path) if os.path.isdir(path) else import_interaction(folder, mediator)
    if not os.path.lexists(path) and re.fullmatch(r"\w*", name):
        raise ValueError(
            f"unknown interaction {shown(name)}: allowed are {', '.join(known)} and paths of interaction files"
        )
    own = load_interaction(path)
    if own != known.get(own.name, own):
        raise ValueError(
            f"{name}: field 'name': found {own.name!r}, which is a shipped interaction; choose another name"
        )
    return own


def _matrix(mixing: Any) -> list[list[complex]]:
    import numpy as np

    try:
        matrix = np.asarray(mixing, dtype=complex)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        raise ValueError("mixing must be a matrix of finite numbers with a row for each flavour")
    return [list(row) for row in matrix.tolist()]


def _double(value: Any) -> Any:
    """Return a number, a matrix or a word of an interaction's values as every call takes it."""
    import numpy as np

    if isinstance(value, tuple):
        return np.array([[complex(entry) for entry in row] for row in value])
    return value if isinstance(value, str) else float(value)


def _named(interaction: Interaction, name: str) -> Interaction:
    from derivations.interactions.reader import NAME, reserved_names

    if not re.fullmatch(NAME, name) or name in reserved_names():
        raise ValueError(
            f"{shown(name)} is no name for an interaction: allowed is the form {NAME}, without the words of the call"
        )
    return replace(interaction, name=name)


# ---------------------------------------------------------------- from interactions to evaluators


@lru_cache(maxsize=REMEMBERED)
def _functions(interactions: tuple[Interaction, ...]) -> SpectralFunctions:
    from codegen.pair_sums.package import merged_groups

    m1, e1 = kernels(interactions)
    groups = tuple(
        Group(
            group.keyword, group.name, group.title, tuple(Argument(**vars(a), parts=a.parts) for a in group.arguments)
        )
        for group in merged_groups(m1.groups, e1.groups)
    )
    return SpectralFunctions(groups, {"M1": _tables(m1), "E1": _tables(e1)})


def _tables(kernel: Kernel) -> Tables:
    from codegen.pair_sums.package import term_row
    from renp_generated.runtime.tables import Term

    constants = {constant.name: float(constant.value) for constant in kernel.constants}
    return Tables(kernel.pair_step, constants, tuple(Term(*term_row(term)) for term in kernel.terms))


@lru_cache(maxsize=REMEMBERED)
def _probes(interactions: tuple[Interaction, ...], groups: tuple[Group, ...]) -> ProbeFunctions:
    from codegen.constants import physical_constants, weak_mixing
    from codegen.probes.tables import boson_tables, decay_tables, scattering_tables
    from renp_generated.runtime.probes import ProbeFunctions

    constants = {constant.name: float(constant.value) for constant in (*physical_constants(), weak_mixing())}
    found = probes_of(interactions)
    electron, nucleus = (scattering_tables(record, constants) for record in found.scattering)
    decay, plasmon = (decay_tables(record, constants) for record in (found.decay, found.plasmon))
    return ProbeFunctions(groups, electron, nucleus, decay, plasmon, tuple(map(boson_tables, found.bosons)))


@lru_cache(maxsize=REMEMBERED)
def vertex_tables_of(interactions: tuple[Interaction, ...]) -> VertexTables:
    """Return the Lagrangian of interactions as numbers, for spin sums over explicit spinors."""
    from codegen.constants import physical_constants
    from codegen.pair_sums.vertices import vertex_tables
    from derivations.processes.renp.vertices import vertices

    return vertex_tables(vertices(interactions), physical_constants())


# ---------------------------------------------------------------- what a model offers


def _groups(model: Model) -> tuple[ModelGroup, ...]:
    functions = model.functions
    reached = {step: set(_reached(tables)) for step, tables in functions.tables.items()}
    offered = {group.name: group for group in functions.groups}
    return tuple(_group(interaction, offered[interaction.name], reached) for interaction in model.interactions)


def _reached(tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield group and argument of everything that contributes in a pair step."""
    for term in tables.terms:
        yield from ((term.group, name) for name in (term.electron, term.matrix) if name is not None)


def _group(interaction: Interaction, group: Group, reached: Mapping[str, set[tuple[str, str]]]) -> ModelGroup:
    electron = {term.coupling for term in interaction.electron}
    couplings = []
    for a in group.arguments:
        line = "electron" if a.name in electron else "neutrino" if a.is_matrix else ""
        names = {(group.name, name) for name in (a.name, *a.parts)}
        opens = tuple(step for step, found in reached.items() if names & found or not line)
        couplings.append(ModelCoupling(a.name, a.kind, line, a.units or "1", a.doc, opens, a.default, a.choices))
    propagator = interaction.propagator
    return ModelGroup(
        group.name,
        group.keyword,
        group.title,
        interaction.references,
        propagator.kind,
        propagator.spin,
        tuple(couplings),
    )
