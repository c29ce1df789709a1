"""Random interaction files: what the documentation allows, and nothing that it does not.

A file is drawn together with what it means: :class:`Model` is the meaning, ``Model.text`` the file.
"""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np

from renp.testing.expressions import (
    INDICES,
    METRIC,
    Array,
    Atom,
    Node,
    Number,
    Power,
    Product,
    Sum,
    conjugate,
    conjugate_matrices,
    expand,
    matrices,
    momentum_power,
    renamed,
    text,
    within_bounds,
)

UNITS: Mapping[int, tuple[str, ...]] = {
    0: ("1",),
    -1: ("eV^-1", "cm", "mu_B"),
    -2: ("eV^-2", "cm^2"),
    -3: ("eV^-3",),
    -4: ("eV^-4",),
}
"""Mass dimension of a coupling -> the units in which it may be given."""
FACTORS = {"1": -2, "G_F": 0, "G_F/sqrt(2)": 0, "2 G_F/sqrt(2)": 0}
"""Prefactor of a contact Hamiltonian -> mass dimension of a coupling without momenta."""
UNLIKELY_NAMES = 0.08
"""Share of names that a reader may refuse."""
CONJUGATES = 0.2
"""Share of terms that come with their Hermitian conjugate."""
UNLIKELY = (
    "inputs", "made", "tables", "fold", "plan", "evaluator_", "exact", "gradient", "memory", "run", "result",
    "value", "s", "t", "i_", "j", "k", "w", "q0", "total", "a", "n", "x", "y", "M_E", "M_PI", "HUGE_VAL",
    "SIZE_MAX", "RENP_CLONES", "NULL", "EOF", "INFINITY", "linux", "unix", "template", "new", "this",
    "delete", "namespace", "operator", "private", "stdin", "main", "malloc", "number_", "size", "width",
    "mass", "re", "im", "abs2", "self", "cls", "nature_", "c", "numpy", "math", "out", "code", "room", "rows",
    "axial", "vector_weak", "standard_model", "renp", "np_", "alpha", "gamma5", "PL", "isnan", "sqrt", "fabs",
    "memcpy", "uint32_t", "bool", "true_", "omega_", "E",
)  # fmt: skip
"""Names that something else could have: a file may be refused for one of them, but then with the field's name."""
TITLES = (
    "Boson %s {name} $x_1$ ??= // /* # ' <b>&amp;</b>",
    "@PLAIN_DOC@ @FIELDS@ @EVALUATION@ @NAME@ {0} %(x)s",
    "Ein \u03bd\u2013Boson, \u00bd G\u2099",
    "'''",
    "x_y^z ~ & # $ % { }",
)


@dataclass(frozen=True)
class Coupling:
    """One exchange term: name, bilinear and units of its coupling; ``constant`` for the elementary charge.

    With ``conjugate`` the coupling is any matrix and the Hermitian conjugate of the term is added.
    """

    name: str
    bilinear: Node
    units: str
    constant: bool = False
    conjugate: bool = False


@dataclass(frozen=True)
class ContactTerm:
    """One contact term; ``conjugate`` as above, of the whole product."""

    name: str
    electron: Node
    neutrino: Node
    units: str
    conjugate: bool = False


@dataclass(frozen=True)
class Model:
    """An interaction: ``kind`` massive, photon or contact, and what the kind needs; ``text`` is the file.

    ``uncommon`` are the names that a reader may refuse.
    """

    name: str
    kind: str
    spin: int | None = None
    mass: str = ""
    width: str = ""
    factor: str = "1"
    electron: tuple[Coupling, ...] = ()
    neutrino: tuple[Coupling, ...] = ()
    terms: tuple[ContactTerm, ...] = ()
    title: str = "Random"
    text: str = ""
    uncommon: tuple[str, ...] = ()


class _Doubles:
    """Dirac matrices in Dirac's representation, in double precision."""

    system = SimpleNamespace(real=np.float64, complex_=np.complex128)

    def __init__(self) -> None:
        pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
        zero, self.one = np.zeros((2, 2)), np.eye(4, dtype=complex)
        space = [np.block([[zero, matrix], [-matrix, zero]]) for matrix in pauli]
        self.gamma = (np.diag([1, 1, -1, -1]).astype(complex), space[0], space[1], space[2])
        self.gamma5 = 1j * (self.gamma[0] @ self.gamma[1] @ self.gamma[2] @ self.gamma[3])

    def sigma(self, mu: int, nu: int) -> Array:
        return np.asarray(0.5j * (self.gamma[mu] @ self.gamma[nu] - self.gamma[nu] @ self.gamma[mu]))

    def slash(self, p: Array) -> Array:
        return np.asarray(sum(METRIC[mu] * p[mu] * self.gamma[mu] for mu in range(4)))


_DOUBLES = _Doubles()
_MOMENTA = np.array([[1.3, 0.4, -0.7, 0.9], [0.6, -1.1, 0.3, 0.8]])


def _values(node: Node, sign: int = 1) -> tuple[Array, Array]:
    """Return the matrices and those of the Dirac conjugate, by their definition, at two momenta times a sign."""
    algebra = _DOUBLES
    here = [matrices(node, algebra, sign * q) for q in _MOMENTA]
    back = [conjugate_matrices(node, algebra, sign * q) for q in _MOMENTA]
    return np.array(here), np.array(back)


def _equal(left: Array, right: Array) -> bool:
    # Numbers of ten digits stand beside numbers of one: what is left of a difference must be rounding alone.
    return bool(np.abs(left - right).max() < 1e-13 * np.abs(left).max())


def _vanishes(node: Node, values: Array) -> bool:
    return bool(np.abs(values).max() < 1e-12 * float(sum(abs(real) + abs(imag) for real, imag, _ in expand(node))))


def hermitian(node: Node) -> bool:
    """Return whether the bilinear is Hermitian and does not vanish."""
    here, back = _values(node)
    return not _vanishes(node, here) and _equal(here, back)


def needs_conjugate(neutrino: Node, electron: Node | None = None) -> bool:
    """Return whether a bilinear, or a contracted product of two, is neither Hermitian nor i times a Hermitian one."""
    here, back = _values(neutrino)
    if electron is not None:
        # The electron's q is the opposite of the neutrino's.
        pairs = zip((here, back), _values(electron, -1), strict=True)
        products = [_contracted(values, others) for values, others in pairs]
        here, back = products
    size = np.abs(here).max()
    return bool(size > 1e-9) and all(np.abs(here - sign * back).max() > 1e-9 * size for sign in (1, -1))


def _contracted(left: Array, right: Array) -> Array:
    """Return products of matrices at each momentum, shape (momenta, 4, 4, 4, 4), their indices contracted."""
    free = "ab"[: left.ndim - 3]
    metrics = [np.diag(METRIC) for _ in free]
    links = ",".join(f"{letter}{letter.upper()}" for letter in free)
    out = f"n{free}xy,n{free.upper()}zw{',' if free else ''}{links}->nxyzw"
    return np.asarray(np.einsum(out, left, right, *metrics))


class Sampler:
    """Draws trees and files from one source of random numbers.

    With ``uncommon`` some names are such that a reader may refuse them; without it every file is valid.
    """

    def __init__(self, draw: random.Random, *, uncommon: bool = True) -> None:
        self.draw = draw
        self.unlikely: float = UNLIKELY_NAMES if uncommon else 0.0

    # ------------------------------------------------------------ numbers

    def number(self) -> Node:
        """Return a positive exact number: integer, decimal or fraction, now and then with a power or with i * i."""
        draw = self.draw
        whole = Number(str(draw.randint(1, 9)))
        kind = draw.random()
        if kind < 0.3:
            return whole
        if kind < 0.6:
            return Product((("", whole), ("/", Number(str(draw.randint(2, 12))))))
        if kind < 0.8:
            return Number(draw.choice(("0.5", ".25", "1.75", "2.", "0.125", "3.1")))
        if kind < 0.9:
            return Power(whole, draw.randint(0, 4), draw.choice(("^", "**")))
        if kind < 0.97:
            return Product((("", Sum(((1, whole), (1, Number("1"))))), (" / ", Number(str(draw.randint(2, 5))))))
        return Number(str(draw.randint(2**31, 2**33)))  # beyond what an int holds

    # ------------------------------------------------------------ bilinears

    def product(self, free: tuple[str, ...], power: int, depth: int, taken: frozenset[str] = frozenset()) -> Node:
        """Return a product with the given free indices and powers of q; ``taken`` are indices that stand outside."""
        draw = self.draw
        spare = [index for index in INDICES if index not in taken | set(free)]
        if depth and len(free) < 3 and draw.random() < 0.5:
            link = (draw.choice(spare),) if spare and draw.random() < 0.4 else ()
            own = [index for index in free if draw.random() < 0.5]
            left = (*own, *link)
            right = (*(index for index in free if index not in own), *link)
            first = draw.randint(0, power)
            outside = taken | set(free) | set(link)
            return Product(
                (
                    ("", self.sum(left, first, depth - 1, outside)),
                    (self.between(), self.sum(right, power - first, depth - 1, outside)),
                )
            )
        names: list[str] = []
        left_over = power
        while left_over:
            name = draw.choice(("q", "qslash", "q2") if left_over > 1 else ("q", "qslash"))
            names.append(name)
            left_over -= 2 if name == "q2" else 1
        for _ in range(draw.choice((0, 1, 1, 1, 2, 2, 3))):
            names.append(draw.choice(("gamma", "gamma", "sigma", "gamma5", "PL", "PR", "g")))
        slots = {"q": 1, "gamma": 1, "sigma": 2, "g": 2}
        while True:
            holes = sum(slots.get(name, 0) for name in names)
            if holes < len(free) or (holes - len(free)) % 2:
                names.append(draw.choice(("gamma", "gamma", "sigma")))
            elif (holes - len(free)) // 2 > min(2, len(spare)):
                names = [name for name in names if name in ("q", "qslash", "q2")]
                names += ["gamma"] * max(0, len(free) - sum(slots.get(name, 0) for name in names))
            else:
                break
        summed = draw.sample(spare, (holes - len(free)) // 2)
        indices = [*free, *summed, *summed]
        draw.shuffle(indices)
        draw.shuffle(names)
        atoms: list[Node] = []
        for name in names:
            taken_up = tuple(indices.pop() for _ in range(slots.get(name, 0)))
            atoms.append(Atom(name, taken_up))
        squares = [atom for atom in atoms if atom == Atom("q2")]
        if len(squares) > 1 and draw.random() < 0.7:
            atoms = [atom for atom in atoms if atom != Atom("q2")]
            atoms.insert(draw.randint(0, len(atoms)), Power(Atom("q2"), len(squares), draw.choice(("^", "**"))))
        factors: list[tuple[str, Node]] = [(self.between(), atom) for atom in atoms]
        if not factors or draw.random() < 0.4:
            factors.insert(draw.randint(0, len(factors)), (self.between(), self.number()))
        if draw.random() < 0.25:
            factors.insert(draw.randint(0, len(factors)), (self.between(), Atom("i")))
        if draw.random() < 0.15:
            factors.append((draw.choice(("/", " / ")), self.divisor()))
        return Product(tuple(factors)) if len(factors) > 1 else factors[0][1]

    def between(self) -> str:
        """Return what stands between two factors."""
        return self.draw.choice((" ", " ", " ", "*", " * ", ""))

    def divisor(self) -> Node:
        """Return a number to divide by, at times an imaginary or a complex one."""
        number = Number(str(self.draw.randint(2, 9)))
        kind = self.draw.random()
        if kind < 0.7:
            return number
        if kind < 0.85:
            return Product((("", number), (" ", Atom("i"))))
        return Sum(((1, number), (self.draw.choice((1, -1)), Atom("i"))))

    def sum(self, free: tuple[str, ...], power: int, depth: int, taken: frozenset[str] = frozenset()) -> Node:
        """Return a sum of products, or one product."""
        count = self.draw.choice((1, 1, 2, 2, 3))
        terms = [(self.draw.choice((1, 1, -1)), self.product(free, power, depth, taken)) for _ in range(count)]
        return Sum(tuple(terms)) if count > 1 or terms[0][0] < 0 else terms[0][1]

    def bilinear(
        self, free: tuple[str, ...], power: int, *, antisymmetric: bool = False, made_hermitian: bool = True
    ) -> Node:
        """Return a bilinear that does not vanish, in the way of a textbook or as wild as is allowed.

        It is Hermitian, or else neither Hermitian nor i times a Hermitian one.
        """
        while True:
            node = self._textbook(free, power)
            if self.draw.random() < 0.5:
                node = self.sum(free, power, self.draw.choice((0, 0, 1, 2)))
            if node is None or not within_bounds(node) or momentum_power(node) != power:
                continue
            if antisymmetric:
                first, second = free
                here = _values(node)[0]
                if not _equal(here, -np.swapaxes(here, 1, 2)):
                    node = Sum(((1, node), (-1, renamed(node, {first: second, second: first}))))
            if not made_hermitian:
                if within_bounds(node) and needs_conjugate(node):
                    return node
                continue
            found = self._made_hermitian(node)
            if found is not None and within_bounds(found) and hermitian(found):
                return found

    def _made_hermitian(self, node: Node) -> Node | None:
        here, back = _values(node)
        if _vanishes(node, here):
            return None
        if _equal(here, back):
            return node
        if _equal(here, -back):
            return Product((("", Atom("i")), (" ", node)))
        sign = self.draw.choice((1, -1))
        both = Sum(((1, node), (sign, conjugate(node))))
        return both if sign > 0 else Product((("", Atom("i")), (self.between(), both)))

    def _textbook(self, free: tuple[str, ...], power: int) -> Node | None:
        """Return one of the bilinears of the literature with a number in front, or ``None``: none of this kind."""
        draw = self.draw
        chirality = draw.choice(
            (
                None,
                Atom("gamma5"),
                Atom("PL"),
                Atom("PR"),
                Product((("", Sum(((1, Number("1")), (draw.choice((1, -1)), Atom("gamma5"))))), ("/", Number("2")))),
            )
        )
        squares: list[tuple[str, Node]] = []
        if power > 1 and draw.random() < 0.6:
            n = draw.randint(1, power // 2)
            power -= 2 * n
            squares = [("", Power(Atom("q2"), n) if n > 1 or draw.random() < 0.2 else Atom("q2"))]
        spare = draw.choice([index for index in INDICES if index not in free])
        bodies: dict[tuple[int, int], list[list[Node]]] = {
            (0, 0): [[], []],
            (0, 1): [[Atom("qslash")], [Atom("gamma", (spare,)), Atom("q", (spare,))]],
            (1, 0): [[Atom("gamma", free)]],
            (1, 1): [[Atom("sigma", (*free, spare)), Atom("q", (spare,))], [Atom("q", free)]],
            (1, 2): [
                [Atom("q", free), Atom("qslash")],
                [
                    Sum(
                        (
                            (1, Product((("", Atom("q2")), (" ", Atom("gamma", free))))),
                            (-1, Product((("", Atom("q", free)), (" ", Atom("qslash"))))),
                        )
                    )
                ],
            ],
            (2, 0): [[Atom("sigma", free)]],
            (2, 1): [[Atom("q", free[:1]), Atom("gamma", free[1:])]],
            (2, 2): [[Atom("q", free[:1]), Atom("sigma", (*free[1:], spare)), Atom("q", (spare,))]],
        }
        found = bodies.get((len(free), power))
        if found is None:
            return None
        factors = squares + [(" ", node) for node in draw.choice(found)]
        if chirality is not None:
            factors.append((" ", chirality))
        if draw.random() < 0.3 or not factors:
            factors.insert(0, ("", Number("1") if not factors and draw.random() < 0.7 else self.number()))
        node = Product(tuple(factors)) if len(factors) > 1 else factors[0][1]
        return Sum(((-1, node),)) if draw.random() < 0.1 else node

    # ------------------------------------------------------------ files

    def model(self, names: set[str]) -> Model:
        """Return an interaction whose name is not among ``names``, and put it there."""
        draw = self.draw
        uncommon: list[str] = []

        def name(pool: set[str], *, small: bool = False) -> str:
            while True:
                if draw.random() < self.unlikely:
                    found = draw.choice(UNLIKELY)
                    odd = True
                else:
                    letters = string.ascii_lowercase if small else string.ascii_letters
                    tail = letters + string.digits + "_"
                    found = draw.choice(letters) + "".join(draw.choices(tail, k=draw.choice((1, 2, 3, 5, 8, 28)))) + "Q"
                    found, odd = (found.lower() if small else found), False
                if found not in pool and (found.lower() == found or not small):
                    pool.add(found)
                    if odd:
                        uncommon.append(found)
                    return found

        keyword = name(names, small=True)
        used: set[str] = set()
        kind = draw.choice(("massive", "massive", "massive", "photon", "contact", "contact"))
        model = Model(keyword, kind, title=draw.choice(TITLES) if draw.random() < 0.1 else f"Random {kind} exchange")
        if kind == "contact":
            factor = draw.choice(tuple(FACTORS))
            terms = []
            for _ in range(draw.choice((1, 1, 1, 2, 2, 3))):
                free = self.free(draw.choice((0, 1, 1, 2)))
                power = draw.choice((0, 0, 0, 1, 2, 3, 4 + FACTORS[factor]))
                power = min(power, 4 + FACTORS[factor])
                split = draw.randint(0, power)
                electron, neutrino, added = self.contact(free, split, power - split)
                terms.append(ContactTerm(name(used), electron, neutrino, self.units(FACTORS[factor] - power), added))
            model = replace(model, factor=factor, terms=tuple(terms))
        else:
            spin = 1 if kind == "photon" else draw.choice((0, 1, 2))
            model = replace(model, spin=spin)
            if kind == "massive":
                usual = draw.random() < 0.4
                model = replace(model, mass="mass" if usual else name(used))
                used.add(model.mass)
                if draw.random() < 0.6:
                    model = replace(model, width="width" if usual and "width" not in used else name(used))
                    used.add(model.width)
            free = self.free(spin)
            sides = []
            for side in ("electron", "neutrino"):
                couplings = []
                for _ in range(draw.choice((1, 1, 1, 2, 2, 3))):
                    power = draw.choice((0, 0, 0, 0, 1, 1, 2, 3, 4))
                    added = side == "neutrino" and draw.random() < CONJUGATES
                    bilinear = self.bilinear(free, power, antisymmetric=spin == 2, made_hermitian=not added)
                    if side == "electron" and not power and draw.random() < (0.5 if kind == "photon" else 0.05):
                        couplings.append(Coupling("e", bilinear, "1", constant=True))
                    else:
                        couplings.append(Coupling(name(used), bilinear, self.units(-power), conjugate=added))
                sides.append(tuple(couplings))
            model = replace(model, electron=sides[0], neutrino=sides[1])
        return replace(model, text=self.written(model), uncommon=tuple(uncommon))

    def contact(self, free: tuple[str, ...], *powers: int) -> tuple[Node, Node, bool]:
        """Return the bilinears of the electron and the neutrino, and whether the product comes with its conjugate."""
        while self.draw.random() < CONJUGATES:
            sides = self.draw.choice(((True, False), (False, True), (False, False)))
            pairs = zip(powers, sides, strict=True)
            electron, neutrino = (self.bilinear(free, power, made_hermitian=made) for power, made in pairs)
            if needs_conjugate(neutrino, electron):
                return electron, neutrino, True
        return self.bilinear(free, powers[0]), self.bilinear(free, powers[1]), False

    def free(self, count: int) -> tuple[str, ...]:
        """Return distinct free indices in a random order."""
        return tuple(self.draw.sample(INDICES, count))

    def units(self, dimension: int) -> str:
        """Return units of a dimension."""
        return self.draw.choice(UNITS[dimension])

    def written(self, model: Model) -> str:
        """Return the file of a model, with the keys and quotes in a random order."""
        draw = self.draw

        def table(entries: dict[str, str]) -> str:
            items = list(entries.items())
            draw.shuffle(items)
            return "{ " + ", ".join(f"{key} = {value}" for key, value in items) + " }"

        def quoted(value: str) -> str:
            return f"'{value}'" if "'" not in value and draw.random() < 0.2 else f'"{value}"'

        def options(units: str, *, neutrino: bool, added: bool) -> dict[str, str]:
            dimension = next(d for d, known in UNITS.items() if units in known)
            out: dict[str, str] = {}
            if dimension or draw.random() < 0.2:
                out |= {"dimension": str(dimension), "units": quoted(units)}
            if added:
                out["hermitian"] = quoted("add conjugate")
            elif neutrino and draw.random() < 0.2:
                out["hermitian"] = "true"
            return out

        propagator = {"kind": quoted(model.kind)}
        if model.kind == "massive":
            propagator |= {"spin": str(model.spin), "mass": quoted(model.mass)}
            propagator |= {"width": quoted(model.width)} if model.width else {}
        if model.kind == "contact":
            propagator["factor"] = quoted(model.factor)
        lists: dict[str, list[str]] = {}
        for side, couplings in (("electron", model.electron), ("neutrino", model.neutrino)):
            for c in couplings:
                entry = {"coupling": quoted(c.name), "bilinear": quoted(text(c.bilinear))}
                more = options(c.units, neutrino=side == "neutrino", added=c.conjugate)
                entry |= {"constant": "true"} if c.constant else more
                lists.setdefault(side, []).append(table(entry))
        for term in model.terms:
            entry = {"coupling": quoted(term.name), "electron": quoted(text(term.electron))}
            entry |= {"neutrino": quoted(text(term.neutrino))} | options(
                term.units, neutrino=True, added=term.conjugate
            )
            lists.setdefault("terms", []).append(table(entry))
        lines = [
            f"name = {quoted(model.name)}",
            f'title = "{model.title}"',
            'description = "Drawn at random: nobody\'s interaction, 100 % {braces}."',
            "references = " + draw.choice(("[]", '[ "A & B, Phys. Rev. D 1 (2020) 1" ]')),
            f"propagator = {table(propagator)}",
        ]
        for key, entries in lists.items():
            lines.append(f"{key} = [\n" + "".join(f"  {entry},\n" for entry in entries) + "]")
        draw.shuffle(lines)
        return "\n".join(lines) + "\n"
