"""What holds for the averaged tensor alone: the real chains of ytterbium and xenon, and how much atoms can add up.

In: the structure functions of the oracle with the tensor of a prepared target. Out: proofs of three statements, and for each
entry whose verdict belongs to the average a sentence that says what the real chain changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from sympy import I, Matrix, Rational, Symbol, eye, factor, simplify, sqrt, symbols, zeros

from derivations.ledger.oracle import ISOTROPIC, LINEAR, circular, gram, vanishes
from derivations.ledger.proofs.proof import Proof, require
from derivations.symbols import M_I, M_J, OMEGA, S

_ALONG = Matrix([[0, 0, 0], [0, 0, 0], [0, 0, 1]])
_LIGHT = Matrix((*symbols("e_x e_y", complex=True), 0))
ACROSS = _LIGHT.conjugate() * _LIGHT.T
"""``T_kl`` of any preparation whose light runs along ``q``: rank one, nothing along ``q``."""


def _chain_amplitudes() -> tuple[Matrix, ...]:
    """Return ``<0|eps*.d|v><v|sigma_k|0>`` for ``0 -> 1 -> 0`` from states of J = 1, reduced elements left out."""
    root = sqrt(2)
    states = [Matrix([-1, -I, 0]) / root, Matrix([0, 0, 1]), Matrix([1, -I, 0]) / root]
    light = _LIGHT.conjugate()
    return tuple(
        Matrix([sum((light.T * state)[0] * state.conjugate()[k] for state in states)]).applyfunc(simplify)
        for k in range(3)
    )


def averaged_tensor() -> Proof:
    """Decide whether the average over magnetic numbers is ytterbium's tensor."""
    amplitude = Matrix([entry[0] for entry in _chain_amplitudes()])
    electromagnetic = ("magnetic", "electric", "radius", "anapole")
    near = {M_J: M_I, S: 4 * M_I**2}
    ratio = factor(simplify((gram("L", "L", LINEAR) / gram("L", "L", ISOTROPIC)).subs(near)))
    steps = (
        require(
            (amplitude - _LIGHT.conjugate()).applyfunc(simplify) == zeros(3, 1),
            "sum over M_v of <0|eps*.d|v><v|sigma_k|0> = eps*_k: one amplitude, since J_e = J_g = 0 has one state each",
        ),
        require(
            (ACROSS[:2, :2].det()).expand() == 0 and ACROSS.rank() == 1 and ISOTROPIC.rank() == 3,
            "T = eps* eps^T has rank one and T_zz = 0; delta_kl/3 has rank three: no light and no preparation gives it",
        ),
        require(
            sum((_unit(k) * _unit(k).T for k in range(3)), zeros(3, 3)) / 3 == ISOTROPIC,
            "it is the mean over three polarisations, the longitudinal one included, which no photon has",
        ),
        require(
            all(
                vanishes(gram(a, b, tensor) - Rational(3, 2) * gram(a, b, ISOTROPIC))
                for a in electromagnetic
                for b in electromagnetic
                for tensor in (LINEAR, circular())
            ),
            "form factors are across q: every one of their structure functions is 3/2 of the averaged one",
        ),
        require(
            ratio == 6 * M_I**2 / (6 * M_I**2 + OMEGA**2),
            f"weak current, two equal masses, at their threshold: real over averaged = {ratio}",
        ),
        require(
            vanishes(gram("A", "A", LINEAR).subs(near)) and not vanishes(gram("A", "A", ISOTROPIC).subs(near)),
            "Majorana neutrinos keep the axial current alone: nothing at threshold",
        ),
    )
    return Proof(
        "refuted",
        "The average over $M_v$ is done in the amplitude and not in the rate: the tensor is that of the light. That is"
        " for 0 -> 1 -> 0. The part along q, which dominates near threshold by (q^0)^2/s, is absent. Every prepared target"
        " has a tensor of rank one; delta_kl/3 is an incoherent average and goes with n_a, not n_a^2.",
        steps,
        corrected="$T_kl = eps*_k eps_l$ with the photon's polarisation, $T_zz = 0$",
    )


def scalar_on_the_chain() -> Proof:
    """Decide whether a spin-0 mediator is seen on the real chains."""
    names, weak = ("S", "P"), ("V", "A")
    helicities = {m_1 + m_2 - m for m_1 in (1, -1) for m_2 in (1, -1) for m in (1, -1)}
    gain = factor(simplify(gram("S", "S", _ALONG) / gram("S", "S", ISOTROPIC)))
    steps = (
        require(
            0 not in helicities,
            "two exciting photons and the trigger along one axis: the pair takes the projections +-1 (+-3), never 0",
        ),
        require(
            all(gram(a, b, ACROSS) == 0 for a in names for b in names),
            "q.sigma has the projection 0: every square of y_S and y_P vanishes, for any atom and any polarisation",
        ),
        require(
            all(gram(a, b, ACROSS) == 0 for a in names for b in weak),
            "so does the interference with the weak current",
        ),
        require(
            all(not vanishes(gram(a, a, ISOTROPIC)) for a in names) and gain == 3,
            "the averaged tensor has T_zz = 1/3 and a rate; a preparation with T_zz = 1 (xenon, exciting beams at"
            " cos^2 = 2/3 to the trigger) has three times that rate",
        ),
    )
    return Proof(
        "refuted",
        "With the exciting beams along the trigger $T_zz = 0$, and a spin-0 mediator gives exactly no rate. That holds"
        " for ytterbium and for xenon: the quoted sensitivities are those of the average. In even isotopes of ytterbium no"
        " geometry helps, J_e = 0; in xenon exciting beams at an angle open the channel (`renp derive prepared_states`).",
        steps,
        corrected="the rate is zero with all beams along one axis",
    )


def enhancement_bound() -> Proof:
    """Decide whether real atoms reach ``N_a^2``."""
    p, count = Symbol("p", nonnegative=True), Symbol("N", positive=True)
    j, m = count / 2, Symbol("m", real=True)
    ladder = j * (j + 1) - m * (m - 1)
    largest = simplify(ladder.subs(m, Rational(1, 2)))
    product = count * (count - 1) * p * (1 - p) + count * p
    best = simplify(product.subs(p, Rational(1, 2)))
    spin = Matrix([[0, 1], [0, 0]])
    mixture = Matrix([[p, 0], [0, 1 - p]])
    steps = (
        require(
            simplify(ladder.diff(m).subs(m, Rational(1, 2))) == 0 and ladder.diff(m, 2) == -2,
            f"collective spin N/2: <S+ S-> = j(j+1) - m(m-1) is largest at m = 1/2 (0 and 1 for even N): at most {factor(largest)}",
        ),
        require(
            simplify(best - (count**2 / 4 + count / 4)) == 0,
            "equal atoms with the coherence rho_eg: N(N-1) |rho_eg|^2 + N rho_ee with |rho_eg|^2 <= p(1-p): N^2/4 + N/4 at p = 1/2",
        ),
        require(
            (spin * mixture).trace() == 0,
            "a mixture of |e> and |g> has rho_eg = 0: the rate of N atoms is N p times one's",
        ),
    )
    return Proof(
        "refuted",
        "At most $N_a^2/4$ times: the atoms contribute $|rho_eg|^2 N_a^2$ with $|rho_eg| <= 1/2$. Stimulation by N_gamma"
        " is right. Only what is prepared counts: for J_e > 0 times the strength of the preparation, for atoms in |e>"
        " without coherence nothing.",
        steps,
        corrected="$N_gamma |rho_eg|^2 N_a^2$ with $|rho_eg| <= 1/2$",
    )


def _unit(k: int) -> Matrix:
    return eye(3)[:, k]


@cache
def _weak() -> str:
    near = {M_J: M_I, S: 4 * M_I**2}
    real = simplify((gram("L", "L", LINEAR) / gram("L", "L", ISOTROPIC)).subs(near))
    require(real == 6 * M_I**2 / (6 * M_I**2 + OMEGA**2), "the weak rate at threshold")
    return (
        "The verdict is for the averaged tensor. On the real chain nothing along q is left: at a threshold of equal masses m"
        " the weak rate is 6m^2/(6m^2 + omega^2) of this for Dirac neutrinos and zero for Majorana ones (GP22-averaged-tensor)"
    )


@cache
def _scalar() -> str:
    require(all(gram(a, b, ACROSS) == 0 for a in "SP" for b in "SPVA"), "no scalar rate across q")
    return (
        "The verdict is for the averaged tensor. On the real chain, with exciting beams along the trigger, a spin-0 mediator"
        " gives no rate at all (GP22-scalar-real-chain)"
    )


@cache
def _transverse() -> str:
    names = ("magnetic", "electric", "radius", "anapole")
    require(
        all(vanishes(gram(a, b, LINEAR) - Rational(3, 2) * gram(a, b, ISOTROPIC)) for a in names for b in names),
        "3/2 of the average",
    )
    return (
        "The functions are those of the averaged tensor; on the real chain, where all of them are across q, each is 3/2 of"
        " that, and the verdict stays"
    )


@cache
def _interference() -> str:
    require(not vanishes(gram("V", "magnetic", circular())), "circular light brings the interference back")
    return (
        "The verdict is for the averaged tensor and for linear light. On the real chain circular light has an antisymmetric"
        " tensor, and the interference comes back with the sign of the handedness"
    )


@cache
def _longitudinal() -> str:
    require(all(gram(a, a, ACROSS) == 0 for a in "SP"), "q_mu q_nu couples along q")
    return (
        "The verdict is for the averaged tensor. On the real chain the q_mu q_nu/M^2 part, along q, gives no rate, and both"
        " propagators agree"
    )


@cache
def _coherence() -> str:
    enhancement_bound()
    return (
        "Full coherence is an upper limit that no atom reaches: a coherence |rho_eg| <= 1/2 gives n_a^2/4 at most"
        " (NF22-enhancement-real)"
    )


CAVEATS: Mapping[str, Callable[[], str]] = {
    **dict.fromkeys(
        (
            "D13-I_D",
            "D13-spectral",
            "NF22-vector",
            "GP22-Majorana-LR",
            "GP22-g_L-nature",
            "GP22-size-vector",
            "GP22-lightest-mass",
            "GP23b-events-scan",
            "GP23b-events-low",
            "GP23b-E1xE1-background",
        ),
        _weak,
    ),
    **dict.fromkeys(
        (
            "GP22-same-shape",
            "GP22-pseudoscalar-majorana",
            "GP22-interference-dominates",
            "GP22-size-scalar",
            "NF22-scalar-square",
            "NF22-scalar-interference",
            "NF22-scalar-majorana",
            "GP23c-scalar-suppression",
        ),
        _scalar,
    ),
    **dict.fromkeys(
        (
            "GP23b-mu-eps-sign",
            "GP23b-radius-anapole-sign",
            "GP23b-one-at-a-time",
            "GP23b-phases",
            "GP23b-magnetic-larger",
            "GP23b-difference-grows",
        ),
        _transverse,
    ),
    "GP23b-weak-em": _interference,
    "GP23b-weak-em-odd": _interference,
    "GP22-propagator": _longitudinal,
    "D13-Gamma0": _coherence,
    "NF22-stimulated": _coherence,
}
"""Entry -> function that returns what the real chain changes, checked when it is called."""

PROOFS = {
    "GP22-averaged-tensor": averaged_tensor,
    "GP22-scalar-real-chain": scalar_on_the_chain,
    "NF22-enhancement-real": enhancement_bound,
}
