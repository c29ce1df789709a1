"""The Gram matrix of structure functions and the spectral function (in: ``Amplitude``; out: ``SpectralFunction``).

With ``c_n`` the coefficients of the amplitude, in units of ``G_F / sqrt(2)``,

    I(omega) = sum_ij Theta(omega_ij - omega) (sum_v c_v / (E_vg,v - omega))^2 Delta_ij / 8 *
               sum_nm c_n,ij c*_m,ij [ T_zz G^along_nm + (T_xx + T_yy) G^across_nm + (T_xy - T_yx) G^circular_nm ],

``Delta = sqrt(lambda) / s`` and ``lambda = t (t + 4 m_i m_j)``. For Majorana neutrinos ``c_n,ij`` becomes
``c_n,ij + eta_n c_n,ji`` and the sum over ordered (i, j) carries a factor 1/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from derivations.algebra.ring import imaginary_part, real_part
from derivations.neutrino.pair_phase_space import ClosedForm, integrated
from derivations.neutrino.rows import Amplitude, Row
from derivations.neutrino.spin_sums import PARTS, dressed, structure_functions
from derivations.processes.renp.amplitude import amplitude
from derivations.processes.renp.rendering import name_latex, row_latex, row_text
from derivations.steps.notation import quotient_latex, quotient_text
from derivations.steps.step import Derivation, Step

if TYPE_CHECKING:
    from derivations.interactions.model import Interaction


@dataclass(frozen=True)
class GramEntry:
    """One non-zero structure function: rows ``n <= m``, which part of the atomic tensor, and its closed form."""

    n: int
    m: int
    part: str
    closed_form: ClosedForm


@dataclass(frozen=True)
class SpectralFunction:
    """Everything that the evaluators need, exact: rows, amplitude terms, Gram matrix, and how it was derived."""

    interactions: tuple[Interaction, ...]
    amplitude: Amplitude
    gram: tuple[GramEntry, ...]
    name: str

    @property
    def title(self) -> str:
        """What is derived, in one line."""
        return f"RENP spectral function: {self.name} ({self.amplitude.pair_step} pair step)"

    @cached_property
    def derivation(self) -> Derivation:
        """The named steps; printing them costs as much as finding them, so it is done on demand."""
        rows = self.rows
        return Derivation(self.name, self.title).then(
            kinematics_step(),
            *self.amplitude.steps,
            rows_step(rows),
            majorana_step(rows),
            *gram_steps(rows, self.gram),
            spectrum_step(),
        )

    @property
    def step_names(self) -> tuple[str, ...]:
        """The names of the steps of :attr:`derivation`."""
        return (
            "kinematics",
            *(step.name for step in self.amplitude.steps),
            "rows",
            "majorana",
            *(_gram_name(self.rows, n, m) for n, m in dict.fromkeys((entry.n, entry.m) for entry in self.gram)),
            "spectral-function",
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """The neutrino bilinears, in the order of the Gram matrix."""
        return self.amplitude.rows


def gram_matrix(rows: Sequence[Row]) -> tuple[GramEntry, ...]:
    """Return all non-zero structure functions of a set of rows, diagonal and interference.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> sm = [i for i in shipped_interactions() if i.name == "standard_model"]
    >>> sorted({(e.n, e.m) for e in gram_matrix(amplitude(sm).rows)})
    [(0, 0), (0, 2), (1, 1), (1, 3), (2, 2), (3, 3)]
    """
    prepared = [dressed(row) for row in rows]
    entries = []
    for n, left in enumerate(prepared):
        for m in range(n, len(prepared)):
            for part, polynomial in zip(PARTS, structure_functions(left, prepared[m]), strict=True):
                closed = integrated(polynomial)
                if closed:
                    entries.append(GramEntry(n, m, part, closed))
    return tuple(entries)


def spectral_function(interactions: Sequence[Interaction], pair_step: str = "M1", name: str = "") -> SpectralFunction:
    """Derive the spectral function of a set of interactions that all add in the amplitude.

    Raises ``ValueError`` for an unknown pair step.
    """
    amp = amplitude(interactions, pair_step)
    gram = gram_matrix(amp.rows)
    label = name or "+".join(interaction.name for interaction in interactions)
    return SpectralFunction(tuple(interactions), amp, gram, label)


def kinematics_step() -> Step:
    """Return the step that fixes kinematics and the threshold variable."""
    return Step(
        "kinematics",
        "The pair carries q = (q0, 0, 0, q_z), with the photon's recoil and the momentum K that the excitation imprinted on the "
        "target, K = 0 for back-to-back beams; t measures the distance to threshold.",
        (
            r"q_0 = E_{eg} - \omega, \qquad q_z = \omega + K",
            r"s = q_0^2 - q_z^2 = (E_{eg} + K)(E_{eg} - K - 2\omega)",
            r"t = s - (m_i + m_j)^2 = 2 (E_{eg} + K)(\omega_{ij} - \omega)",
            r"\omega_{ij} = \tfrac12 (E_{eg} - K) - (m_i + m_j)^2 / 2(E_{eg} + K)",
            r"\lambda = t\,(t + 4 P), \qquad \Delta = \sqrt\lambda/s",
            r"P = m_i m_j, \qquad m_\pm = m_i \pm m_j, \qquad s = t + m_-^2 + 4 P",
        ),
        (
            "q0 = E_eg - omega,  q_z = omega + K",
            "s = q0^2 - q_z^2 = (E_eg + K) (E_eg - K - 2 omega),  t = s - (m_i+m_j)^2 = 2 (E_eg + K) (omega_ij - omega)",
            "omega_ij = (E_eg - K)/2 - (m_i+m_j)^2/(2 (E_eg + K)),  lambda = t (t + 4 P),  Delta = sqrt(lambda)/s",
            "P = m_i m_j,  s = t + (m_i-m_j)^2 + 4 P",
        ),
        "energy and momentum conservation; a target with the phase exp(i K.x) gives q = K - k, and the photon's k is -omega along z",
        "GP22 12-15; D13",
    )


def rows_step(rows: Sequence[Row]) -> Step:
    """Return the step that lists the neutrino bilinears with their three components."""
    return Step(
        "rows",
        "The neutrino bilinears V = (V^x, V^y, V^z) over which the amplitude is written, q along z.",
        tuple(row_latex(row) for row in rows),
        tuple(row_text(row) for row in rows),
        "parity eigen-bilinears of one Clifford class; common factors stand in the coefficients",
    )


def majorana_step(rows: Sequence[Row]) -> Step:
    """Return the step that lists the charge-conjugation signs found with explicit matrices."""
    text = tuple(f"eta[{row.name}] = {row.eta:+d}" for row in rows)
    latex = tuple(rf"\eta_{{{name_latex(row.name)}}} = {row.eta:+d}" for row in rows)
    return Step(
        "majorana",
        "For Majorana neutrinos the second contraction turns c_ij into c_ij + eta c_ji, with C V^T C^-1 = eta V; "
        "the rate carries 1/2 against double counting.",
        latex,
        text,
        "C = i gamma2 gamma0 applied to the explicit matrices of each row; i and j exchange with their momenta, q stays",
        "GP22 6-7; GP23b 2.4-2.7",
    )


def _gram_name(rows: Sequence[Row], n: int, m: int) -> str:
    return f"gram-{rows[n].name}-{rows[m].name}"


def gram_steps(rows: Sequence[Row], gram: Sequence[GramEntry]) -> list[Step]:
    """Return one step per pair of rows that interferes (or is diagonal)."""
    steps = []
    for n, left in enumerate(rows):
        for m in range(n, len(rows)):
            entries = [entry for entry in gram if (entry.n, entry.m) == (n, m)]
            if not entries:
                continue
            text, latex = [], []
            for entry in entries:
                closed = entry.closed_form
                text.append(f"G[{entry.part}] = {quotient_text(closed.numerator, closed.power)}")
                first, *further = quotient_latex(closed.numerator, closed.power)
                latex += [rf"G^{{\mathrm{{{entry.part}}}}} = {first}", *further]
            kind = "diagonal" if n == m else "interference"
            steps.append(
                Step(
                    _gram_name(rows, n, m),
                    f"Structure functions, {kind}: {left.name} with {rows[m].name}, spin sum averaged over E_nu.",
                    tuple(latex),
                    tuple(text),
                    "trace over explicit matrices; every integrand is a polynomial in E_nu of degree at most two",
                )
            )
    return steps


def spectrum_step() -> Step:
    """Return the step that assembles the spectral function."""
    return Step(
        "spectral-function",
        "Everything adds in the amplitude; the rate contracts the Gram matrix with the atomic tensor.",
        (
            r"I(\omega) = \sum_{ij}\Theta(\omega_{ij}-\omega)\Big(\sum_v \frac{c_v}{E_{vg,v}-\omega}\Big)^2\frac{\Delta_{ij}}{8}"
            r"\sum_{nm} c_n c_m^*\big[T_{zz}G^{\rm along}_{nm} + (T_{xx}+T_{yy})G^{\rm across}_{nm}",
            r"\qquad\qquad + (T_{xy}-T_{yx})G^{\rm circular}_{nm}\big],\quad c_n \text{ in units of } G_F/\sqrt2",
        ),
        (
            "I = sum_ij Theta(omega_ij - omega) (sum_v c_v/(E_vg,v - omega))^2 Delta_ij/8 *",
            "    sum_nm c_n c_m* [T_zz G_along + (T_xx+T_yy) G_across + (T_xy-T_yx) G_circular],  c_n in units of G_F/sqrt2",
        ),
        "two-body phase space is 1/(8 pi |q|) int dE_nu, and E_nu has a range of |q| Delta: no inverse power of q_z is left; the "
        "normalisation divides |A|^2 by 4 G_F^2",
        "GP22 16; D13",
    )


def is_real(entry: GramEntry) -> bool:
    """Return whether a structure function has real coefficients; ``ValueError`` when it is neither real nor imaginary."""
    real, imaginary = real_part(entry.closed_form.numerator), imaginary_part(entry.closed_form.numerator)
    if real and imaginary:
        raise ValueError(f"structure function {entry.n}, {entry.m}, {entry.part} is neither real nor imaginary")
    return bool(real)
