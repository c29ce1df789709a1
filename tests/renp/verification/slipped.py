"""Right formulas, and slips made in them: what was there, what is printed instead, and which kind of slip that is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

ABBREVIATIONS = {"a^L_ij": "a_ij + g_A g_L_ij/(sqrt2 G_F (s - M^2))", "a^R_ij": "g_A g_R_ij/(sqrt2 G_F (s - M^2))"}


@dataclass(frozen=True)
class Right:
    """A right formula with what it is held against."""

    formula: str
    options: dict[str, Any] = field(default_factory=dict)
    define: dict[str, str] = field(default_factory=dict)

    def with_slip(self, place: str, old: str, new: str) -> Right:
        """Return the formula with one text replaced, in the formula itself or in an abbreviation."""
        text = self.define[place] if place else self.formula
        assert text.count(old) == 1, (old, text)
        slipped = text.replace(old, new)
        return replace(self, define={**self.define, place: slipped}) if place else replace(self, formula=slipped)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``renp.check``."""
        return {"define": self.define, **self.options}


RIGHT = {
    "weak": Right(
        "abs(a_ij)^2/3*[s + omega^2/2 - omega^2*Delta_ij^2/6 - (m_i^2 + m_j^2)/2"
        " - (E_eg - omega)^2*(m_i^2 - m_j^2)^2/(2*s^2)] - delta_M*m_i*m_j*Re(a_ij^2)"
    ),
    "summand": Right(
        "theta(omega_ij - omega)*Delta_ij/(E_vg - omega)^2*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))",
        {"quantity": "summand"},
    ),
    "vector": Right(
        "(|a^L_ij|^2 + |a^R_ij|^2 - 2*delta_M*Re(a^L_ij*a^R_ij))*I_D"
        " - m_i*m_j*(delta_M*Re((a^L_ij)^2 + (a^R_ij)^2) - 2*Re(conj(a^L_ij)*a^R_ij))",
        {"interactions": ["vector"]},
        ABBREVIATIONS,
    ),
    "scalar": Right(
        "y_P^2*omega^2*(|y_S_ij|^2*(s - (m_i + m_j)^2) + |y_P_ij|^2*(s - (m_i - m_j)^2))/(24*m_e^2*G_F^2*(s - M^2)^2)"
        " + y_P*omega^2/(6*sqrt2*G_F*m_e*(s - M^2))*(Im(a_ij*conj(y_S_ij))*(m_i - m_j)*(1 - (m_i + m_j)^2/s)"
        " + Re(a_ij*conj(y_P_ij))*(m_i + m_j)*(1 - (m_i - m_j)^2/s)) + |a_ij|^2*I_D",
        {"interactions": ["scalar"], "nature": "dirac"},
    ),
    "moments": Right(
        "mu_B^2*omega^2/(9*G_F^2*s^2)*(|mu_ij|^2*(s + 2*(m_i + m_j)^2)*(s - (m_i - m_j)^2)"
        " + |eps_ij|^2*(s + 2*(m_i - m_j)^2)*(s - (m_i + m_j)^2) + s*Re(mu_ij*conj(r2_ij))*(m_i + m_j)*(s - (m_i - m_j)^2)"
        " + s*|r2_ij|^2*(2*s + (m_i + m_j)^2)*(s - (m_i - m_j)^2)/36)",
        {"interactions": ["electromagnetic"], "nature": "dirac"},
    ),
    "threshold": Right("E_eg/2 - (m_i + m_j)^2/(2*E_eg)", {"quantity": "threshold"}),
    "energy_min": Right("(E_eg - omega)/2*(1 + (m_i^2 - m_j^2)/s) - omega*Delta_ij/2", {"quantity": "energy_min"}),
    "energy_max": Right("(E_eg - omega)/2*(1 + (m_i^2 - m_j^2)/s) + omega*Delta_ij/2", {"quantity": "energy_max"}),
    "pair": Right("E_eg*(E_eg - 2*omega)", {"quantity": "pair_mass_squared"}),
}
"""Right formulas."""

SLIPS: tuple[tuple[str, str, str, str, str], ...] = (
    # formula, abbreviation, what is right, what is printed, kind
    ("weak", "", "- omega^2*Delta_ij", "+ omega^2*Delta_ij", "sign"),
    ("weak", "", "- delta_M", "+ delta_M", "majorana"),
    ("weak", "", "s + omega^2/2", "s - omega^2/2", "sign"),
    ("weak", "", "/6", "/3", "factor"),
    ("weak", "", "abs(a_ij)^2/3", "abs(a_ij)^2", "factor"),
    ("weak", "", "abs(a_ij)^2/3", "pi*abs(a_ij)^2/3", "factor"),
    ("weak", "", "(m_i^2 + m_j^2)/2", "(m_i^2 + m_j^2)", "factor"),
    ("weak", "", "delta_M*m_i*m_j", "2*delta_M*m_i*m_j", "majorana"),
    ("weak", "", "Re(a_ij^2)", "Im(a_ij^2)", "phase"),
    ("weak", "", "Re(a_ij^2)", "abs(a_ij)^2", "conjugation"),
    ("weak", "", "abs(a_ij)^2/3", "Re(a_ij^2)/3", "conjugation"),
    ("weak", "", "delta_M*m_i*m_j", "delta_M*m_i^2", "mass_term"),
    ("weak", "", "m_i^2 + m_j^2", "m_i + m_j^2", "mass_term"),
    ("weak", "", "m_i^2 - m_j^2)^2", "m_i - m_j^2)^2", "mass_term"),
    ("weak", "", "delta_M*m_i*m_j", "delta_M", "dimension"),
    ("weak", "", "delta_M*m_i*m_j", "m_i*m_j", "majorana"),
    ("weak", "", "[s + ", "[t + ", "kinematics"),
    ("weak", "", "(E_eg - omega)^2", "omega^2", "kinematics"),
    ("weak", "", "Delta_ij^2", "Delta_ij", "kinematics"),
    ("weak", "", "/(2*s^2)", "/(2*s)", "dimension"),
    ("weak", "", "s + omega^2/2 - ", "s - ", "kinematics"),
    ("weak", "", "- delta_M*m_i*m_j*Re(a_ij^2)", "", "majorana"),
    ("summand", "", "omega_ij - omega", "omega - omega_ij", "step_function"),
    ("summand", "", "(E_vg - omega)^2", "(E_vg - omega)", "dimension"),
    ("summand", "", "E_vg", "E_eg", "kinematics"),
    ("vector", "", "- m_i*m_j*(", "+ (", "dimension"),
    ("vector", "", "conj(a^L_ij)*a^R_ij", "a^L_ij*a^R_ij", "conjugation"),
    ("vector", "", "- 2*delta_M", "+ 2*delta_M", "majorana"),
    ("vector", "", "Re(a^L_ij*a^R_ij)", "Re(a^L_ij*a^L_ij)", "chirality"),
    ("vector", "a^L_ij", "g_L_ij", "g_R_ij", "chirality"),
    ("vector", "a^L_ij", "a_ij + g_A", "a_ij - g_A", "sign"),
    ("vector", "a^L_ij", "s - M^2", "s + M^2", "propagator"),
    ("vector", "a^L_ij", "s - M^2", "s - M", "propagator"),
    ("vector", "a^L_ij", "s - M^2", "s", "propagator"),
    ("vector", "a^R_ij", "sqrt2", "2", "factor"),
    ("vector", "a^R_ij", "s - M^2", "t - M^2", "kinematics"),
    ("vector", "a^R_ij", "g_A g_R_ij", "i g_A g_R_ij", "phase"),
    ("scalar", "", "(s - M^2)^2", "(s - M^2)", "propagator"),
    ("scalar", "", "Re(a_ij*conj(y_P_ij))", "Im(a_ij*conj(y_P_ij))", "phase"),
    ("scalar", "", "a_ij*conj(y_P_ij)", "a_ij*y_P_ij", "conjugation"),
    ("scalar", "", "Im(a_ij*conj(y_S_ij))*(m_i - m_j)", "Im(a_ij*conj(y_S_ij))*(m_i + m_j)", "mass_term"),
    ("scalar", "", "|y_S_ij|^2*(s - (m_i + m_j)^2)", "|y_S_ij|^2*(s - (m_i - m_j)^2)", "mass_term"),
    ("vector", "a^R_ij", "s - M^2", "M^2 - s", "propagator"),
    ("scalar", "", "Im(a_ij*conj(y_S_ij))*(m_i - m_j)", "Im(a_ij*conj(y_S_ij))*(m_j - m_i)", "index_swap"),
    ("scalar", "", "Im(a_ij*conj(y_S_ij))", "Im(a_ji*conj(y_S_ij))", "index_swap"),
    ("scalar", "", "24*", "12*", "factor"),
    ("scalar", "", "m_e^2", "m_e", "mass_term"),
    ("moments", "", "|mu_ij|^2*(s + 2*(m_i + m_j)^2)", "|mu_ij|^2*(s + (m_i + m_j)^2)", "factor"),
    ("moments", "", "|eps_ij|^2*(s + 2*(m_i - m_j)^2)", "|eps_ij|^2*(s - 2*(m_i - m_j)^2)", "sign"),
    ("moments", "", "/36)", "/6)", "factor"),
    ("threshold", "", "(m_i + m_j)^2", "(m_i - m_j)^2", "mass_term"),
    ("threshold", "", "(2*E_eg)", "E_eg", "factor"),
    ("energy_min", "", "- omega*Delta", "+ omega*Delta", "sign"),
    ("energy_min", "", "m_i^2 - m_j^2", "m_j^2 - m_i^2", "index_swap"),
    ("energy_max", "", "/s)", "/t)", "kinematics"),
    ("pair", "", "2*omega", "omega", "factor"),
)
"""Slips, one each."""

QUICK = frozenset([1, 9, 11, 19, 21, 25, 31, 50])
"""Places of the slips that the suite always tries."""

REWRITTEN: tuple[tuple[str, str], ...] = (
    ("weak", "abs(a_ij)^2*I_D - delta_M*m_i*m_j*Re(a_ij^2)"),
    ("weak", "I_D*a_ij*conj(a_ij) - delta_M*m_i*m_j*(a_ij^2 + conj(a_ij)^2)/2"),
    ("weak", "I_D*a_ij*a_ji - delta_M*m_i*m_j*(a_ij^2 + a_ji^2)/2"),
    ("weak", "I_D*(Re(a_ij)^2 + Im(a_ij)^2) - delta_M*m_i*m_j*(Re(a_ij)^2 - Im(a_ij)^2)"),
    ("weak", "(I_D - delta_M*m_i*m_j)*Re(a_ij)^2 + (I_D + delta_M*m_i*m_j)*Im(a_ij)^2"),
    ("weak", "(1 - delta_M)*|a_ij|^2*I_D + delta_M*(|a_ij|^2*I_D - m_i*m_j*Re(a_ij^2))"),
    ("weak", "|a_ij|^2*I_D - delta_M^2*m_i*m_j*Re(a_ji^2)"),
    ("weak", "|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2) + (m_i - m_j)*|a_ij|^2*omega"),
    ("weak", "|a_ij|^2*(I_D + E_eg*(E_eg - 2*omega) - s) - delta_M*m_i*m_j*Re(a_ij^2)"),
    ("weak", "|a_ij|^2*I_D - delta_M*m_i*m_j*(Re(a_ij^2) + i*Im(a_ij^2))"),
    ("weak", "|a_ij|^2/3*(t + (m_i+m_j)^2 + omega^2/2 - omega^2*lambda_ij/(6*s^2) - (m_i^2+m_j^2)/2"
     " - (omega^2 + s)*(m_i^2-m_j^2)^2/(2*s^2)) - delta_M*m_i*m_j*Re(a_ij^2)"),
    ("weak", "|a_ij|^2/(12*s^2)*(4*s^3 + 2*s^2*omega^2 - 2*omega^2*(s - (m_i+m_j)^2)*(s - (m_i-m_j)^2)/3 - 2*s^2*(m_i^2+m_j^2)"
     " - 2*(E_eg-omega)^2*(m_i^2-m_j^2)^2) - delta_M*m_i*m_j*Re(a_ij^2)"),
    ("weak", "|a_ij|^2/3*(E_eg*(E_eg - 2*omega) + omega^2/2*(1 - Delta_ij^2/3) - m_i^2/2 - m_j^2/2"
     " - ((E_eg - omega)*(m_i + m_j)*(m_i - m_j)/s)^2/2) - delta_M*m_i*m_j*Re(a_ij^2)"),
    ("summand", "Delta_ij*(E_vg - omega)^-2*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))"),
    ("summand", "sqrt(lambda_ij)/s/(omega - E_vg)^2*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))"),
    ("summand", "sqrt(t*(t + 4*m_i*m_j))/(s*(E_vg - omega)^2)*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))*theta(t)"),
    ("summand", "sqrt((1 - (m_i+m_j)^2/s)*(1 - (m_i-m_j)^2/s))/(E_vg-omega)^2*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))"),
    ("vector", "|a^L_ij|^2*I_D + |a^R_ij|^2*I_D + 2*m_i*m_j*Re(a^L_ij*conj(a^R_ij))"
     " - delta_M*(2*Re(a^L_ij*a^R_ij)*I_D + m_i*m_j*Re(a^L_ij^2 + a^R_ij^2))"),
    ("vector", "|a^L_ij - delta_M*conj(a^R_ij)|^2*I_D + (1 - delta_M)*|a^R_ij|^2*I_D"
     " + m_i*m_j*(2*(1 - delta_M)*Re(a^L_ij*conj(a^R_ij)) - delta_M*Re((a^L_ij - conj(a^R_ij))^2))"),
    ("vector", "(|a_ij + g_A*g_L_ij/(sqrt(2)*G_F*(s - M^2))|^2 + |a^R_ij|^2 - 2*delta_M*Re(a^L_ij*a^R_ij))*I_D"
     " - m_i*m_j*(delta_M*Re((a^L_ij)^2 + (a^R_ij)^2) - 2*Re(conj(a^L_ij)*a^R_ij))"),
    ("scalar", "|a_ij|^2*I_D + y_P^2*omega^2/(24*m_e^2*G_F^2*(s - M^2)^2)*((|y_S_ij|^2 + |y_P_ij|^2)*s"
     " - |y_S_ij|^2*(m_i + m_j)^2 - |y_P_ij|^2*(m_i - m_j)^2) + sqrt(2)*y_P*omega^2/(12*G_F*m_e*s*(s - M^2))"
     "*(Im(a_ij*conj(y_S_ij))*(m_i - m_j)*t + Re(a_ij*conj(y_P_ij))*(m_i + m_j)*(t + 4*m_i*m_j))"),
    ("scalar", "|a_ij|^2*I_D + y_P^2*omega^2/(24*m_e^2*G_F^2*(s - M^2)^2)*(|y_S_ij|^2*t + |y_P_ij|^2*(t + 4*m_i*m_j))"
     " + y_P*omega^2/(6*sqrt2*G_F*m_e*(s - M^2))*(-Re(i*a_ij*conj(y_S_ij))*(m_i - m_j)*t/s"
     " + Re(conj(a_ij)*y_P_ij)*(m_i + m_j)*(1 - (m_i - m_j)^2/s))"),
    ("moments", "e^2*omega^2/(36*m_e^2*G_F^2*s^2)*(|mu_ij|^2*(s + 2*(m_i + m_j)^2)*(s - (m_i - m_j)^2)"
     " + |eps_ij|^2*(s + 2*(m_i - m_j)^2)*t + s*Re(conj(mu_ij)*r2_ij)*(m_i + m_j)*(t + 4*m_i*m_j)"
     " + s*|r2_ij/6|^2*(2*s + (m_i + m_j)^2)*(s - (m_i - m_j)^2))"),
    ("moments", "pi*alpha*omega^2/(9*m_e^2*G_F^2*s^2)*(|mu_ij|^2*(s + 2*(m_i + m_j)^2)*(s - (m_i - m_j)^2)"
     " + |eps_ij|^2*(s + 2*(m_i - m_j)^2)*t + s*Re(conj(mu_ij)*r2_ij)*(m_i + m_j)*(t + 4*m_i*m_j)"
     " + s*|r2_ij/6|^2*(2*s + (m_i + m_j)^2)*(s - (m_i - m_j)^2))"),
    ("threshold", "(E_eg^2 - (m_i + m_j)^2)/(2*E_eg)"),
    ("threshold", "(E_eg - m_i - m_j)*(E_eg + m_i + m_j)/(2*E_eg)"),
    ("threshold", "omega + t/(2*E_eg)"),
    ("energy_min", "(E_eg - omega)*(s + m_i^2 - m_j^2)/(2*s) - omega*sqrt(lambda_ij)/(2*s)"),
    ("energy_max", "E_eg - omega - ((E_eg - omega)/2*(1 + (m_j^2 - m_i^2)/s) - omega*Delta_ij/2)"),
    ("pair", "(E_eg - omega)^2 - omega^2"),
    ("pair", "t + m_i^2 + 2*m_i*m_j + m_j^2"),
)  # fmt: skip
"""Right formulas written in other ways."""
