"""The list of mutants: every entry is one way to get the physics wrong."""

from __future__ import annotations

from tests.mutants.harness import FORMULAS, Mutant

ORACLE = ("tests/renp_generated/test_independent_oracle.py",)
"""Values from explicit spinors, integrated numerically: shares nothing with the derivations."""
DIRAC = ("tests/derivations/test_dirac_algebra.py",)
PHASE_SPACE = (
    "tests/derivations/test_gram.py::test_phase_space_moments_on_a_covariant_road",
    "tests/derivations/test_gram.py::test_mass_shell_holds_on_average",
)
REDUCTION = ("tests/derivations/test_reduction_against_spinors.py",)
WEAK = ("tests/derivations/test_weak_and_form_factors.py",)
TENSOR = ("tests/derivations/test_atom_tensor.py",)
STATES = ("tests/derivations/test_atom_states.py",)
PREPARED = ("tests/derivations/test_atom_prepared.py",)
INTERMEDIATE = ("tests/derivations/test_atom_intermediate.py", "tests/renp/inputs/test_intermediate.py")
OPERATORS = ("tests/derivations/test_atom_operators.py",)
RATE = ("tests/derivations/test_rate.py",)
ATOMS = ("tests/renp/inputs/test_atoms.py",)
CONSTANTS = ("tests/renp/inputs/test_physical_constants.py",)
OSCILLATION = ("tests/renp/inputs/test_oscillation.py", "tests/renp/inputs/test_splittings.py")
SPECTRUM = ("tests/renp/rates/test_spectrum_study.py",)
COUNTING = ("tests/renp/rates/test_counting_physics.py",)
GRADIENT = ("tests/renp_generated/test_gradient.py",)
PAPERS = ("tests/derivations/test_papers_form.py",)
OWN_FORMULAS = (
    "tests/codegen/test_formula_printers.py::test_formulas_of_other_models_give_their_spectral_functions",
    "tests/codegen/test_formula_printers.py::test_the_other_numerator_and_the_other_magnetic_operator",
)
READABLE = (FORMULAS,)
UFO = ("tests/derivations/test_ufo.py", "tests/renp/test_ufo_models.py")
"""Imported models against the weak current, shipped form factors and files by hand."""
EFFECTIVE = ("tests/renp/probes/test_effective.py",)
BLIND = ("tests/renp/probes/test_blind.py",)
CROSSED = ("tests/derivations/test_crossed_pipeline.py",)
COMPILED = tuple(
    f"tests/codegen/test_c_backend.py::{name}"
    for name in (
        "test_c_gives_the_bits_of_numpy",
        "test_every_instruction_set_gives_the_same_bits",
        "test_bad_points_are_reported_by_index",
        "test_a_pole_is_reported_by_index",
    )
)
"""NumPy's bits, which the oracles judge."""

SPINORS = ("tests/renp_generated/test_probes.py::test_cross_sections_are_sums_over_explicit_spinors",)
"""Scattering against explicit spinors, which share nothing with the derivation."""
FILES = ("tests/renp/verification/test_own_files_scatter.py::test_files_of_ones_own_scatter_as_their_bilinears_say",)
CROSS_SECTIONS = ("tests/renp_generated/test_probes.py::test_readable_formulas_are_the_evaluators",)
DECAYS = (
    "tests/renp_generated/test_decay_evaluators.py::test_plasmon_widths_are_helicity_sums",
    "tests/renp_generated/test_decay_evaluators.py::test_decays_are_helicity_sums",
)
LINES = (
    "tests/renp_generated/test_decay_evaluators.py::test_pairs_at_the_peak_are_the_line_times_the_branching_ratio",
    "tests/renp_generated/test_decay_evaluators.py::test_lines_are_sums_over_explicit_polarisations",
)
"""The mediator on shell against pairs through it, whose evaluator shares no derivation with the line."""
WIDTHS = (
    "tests/renp_generated/test_decay_evaluators.py::test_readable_widths_are_those_of_the_evaluators",
    "tests/renp_generated/test_decay_evaluators.py::test_readable_lines_are_those_of_the_evaluators",
)


def _file(path: str, tests: tuple[str, ...], *changes: tuple[str, str, str, str]) -> tuple[Mutant, ...]:
    return tuple(Mutant(name, claim, path, old, new, tests) for name, claim, old, new in changes)


MUTANTS: tuple[Mutant, ...] = (
    # ------------------------------------------------------------ other probes
    *_file(
        "derivations/neutrino/line.py",
        SPINORS,
        (
            "helicity-sign",
            "helicity + of a massless neutrino is right-handed",
            "mass.ring.one * sign",
            "-mass.ring.one * sign",
        ),
        (
            "helicity-mass",
            "the spin vector of a massive neutrino",
            "(energy + GAMMA[0].scaled(mass))",
            "(energy - GAMMA[0].scaled(mass))",
        ),
        (
            "conjugation-signs",
            "eta = -1 for V and T",
            "1 if charge_conjugated(element) == element else -1",
            "-1 if charge_conjugated(element) == element else 1",
        ),
    ),
    *_file(
        "derivations/processes/scattering.py",
        SPINORS,
        ("recoil-momentum", "q^2 = -2 m T", "Q_SQUARED = -2 * MASS * RECOIL", "Q_SQUARED = 2 * MASS * RECOIL"),
        (
            "scattered-mass",
            "the mass of the outgoing neutrino on its shell",
            "(MASS_IN**2 - MASS_OUT**2 + Q_SQUARED)",
            "(MASS_OUT**2 - MASS_IN**2 + Q_SQUARED)",
        ),
    ),
    *_file(
        "derivations/processes/exchange.py",
        SPINORS,
        (
            "exchange-sign",
            "H = -J.J/(q^2 - M^2) of a vector, + of a scalar",
            "Fraction(1 if propagator.spin in (None, 0) else -1)",
            "Fraction(1)",
        ),
        (
            "longitudinal-scattering-sign",
            "g - q q/M^2",
            '"longitudinal", along_q(current, neutrino), Fraction(current.sign)',
            '"longitudinal", along_q(current, neutrino), -Fraction(current.sign)',
        ),
        ("metric-of-currents", "indices are contracted with the metric", "sign *= METRIC[mu]", "sign *= 1"),
    ),
    *_file(
        "derivations/processes/sources.py",
        SPINORS,
        ("nuclear-scalar", "2 M Q_S F of a scalar current", "{0: 2 * SOURCE.gens[-1]}", "{0: SOURCE.gens[-1]}"),
        (
            "nuclear-momentum",
            "(p + p')^mu with p' = p - q",
            "{(0,): {0: 2 * m - q0}, (3,): {0: -qz}}",
            "{(0,): {0: 2 * m - q0}, (3,): {0: qz}}",
        ),
        (
            "struck-momentum",
            "the electron loses what the neutrino receives",
            "Leg((mass - ring.q0, zero, zero, -ring.qz), mass)",
            "Leg((mass - ring.q0, zero, zero, ring.qz), mass)",
        ),
    ),
    *_file(
        "derivations/processes/sources.py",
        FILES,
        ("electron-receives", "derivatives on the electron's line are -q", "c * (-1) ** (k[_Q0] + k[_QZ])", "c"),
    ),
    *_file(
        "derivations/processes/cross_section.py",
        CROSS_SECTIONS,
        (
            "formula-helicity",
            "the helicity of the incoming neutrino",
            'HELICITIES: Final[Mapping[str, int]] = {"minus": -1, "plus": 1',
            'HELICITIES: Final[Mapping[str, int]] = {"minus": 1, "plus": -1',
        ),
        ("formula-interference", "interferences count twice", "twice = 1 if n == m else 2", "twice = 1"),
        ("formula-flux", "1/(32 pi m p^2), half for the helicity", "64 * pi * self.target", "32 * pi * self.target"),
        (
            "formula-nuclear-charge",
            "a nucleus has the charge +Z e",
            '"electric_charge": -Z * F',
            '"electric_charge": Z * F',
        ),
    ),
    *_file(
        "renp_generated/runtime/scattering.py",
        SPINORS,
        (
            "protons-attract",
            "the charge of a nucleus is opposite to an electron's",
            '"electric_charge": -protons * at_protons',
            '"electric_charge": protons * at_protons',
        ),
        (
            "weak-charge-of-protons",
            "1/2 - 2 sin^2 theta_W",
            "number(0.5) - 2 * number(sine)",
            "number(0.5) - number(sine)",
        ),
        ("target-spins", "the spins of the target are averaged", "momentum * tables.spins", "momentum"),
        (
            "flux-momentum",
            "flux with p^2, not E^2",
            "momentum = (outside - before) * (outside + before)",
            "momentum = outside * outside",
        ),
        (
            "antineutrino-element",
            "an antineutrino sees eta c_kj",
            "direct, crossed = matrix[j, k], eta * matrix[k, j]",
            "direct, crossed = matrix[j, k], eta * matrix[j, k]",
        ),
        ("scattering-interference", "interferences count twice", "twice = 1.0 if n == m else 2.0", "twice = 1.0"),
    ),
    # ------------------------------------------------------------ other probes
    *_file(
        "renp/probes/effective.py",
        EFFECTIVE,
        (
            "effective-eps-sign",
            "a left-handed neutrino sees mu - i eps",
            'elements = _element("mu", mu, n, nature) - 1j * _element("eps", eps, n, nature)\n    beam',
            'elements = _element("mu", mu, n, nature) + 1j * _element("eps", eps, n, nature)\n    beam',
        ),
        (
            "effective-anapole-sign",
            "a left-handed neutrino sees r2 - 6 a",
            '- 6 * _element("anapole"',
            '+ 6 * _element("anapole"',
        ),
        ("effective-plasmon-radius", "a plasmon sees |r2|^2/36", '"r2": area / 6', '"r2": area'),
        (
            "effective-antineutrino",
            "antineutrinos oscillate with the phases of neutrinos and U in place of U*",
            "row.conj()[:, None] * phases, row[:, None] * phases",
            "row.conj()[:, None] * phases, row[:, None] * phases.conj()",
        ),
        ("effective-majorana-half", "ordered Majorana pairs count by halves", "return total / 2 if", "return total if"),
    ),
    *_file(
        "renp/probes/observables.py",
        BLIND,
        (
            "blind-eps",
            "the moment of a left-handed neutrino is mu - i eps",
            '- parameters.element("eps", j, k, numbers) * numbers.i',
            '- parameters.element("eps", j, k, numbers) * numbers.one',
        ),
        ("blind-plasmon", "a plasmon sees mu and eps with equal weight", '"eps": Fraction(1)', '"eps": Fraction(2)'),
        (
            "blind-right-electron",
            "a right-handed electron has the neutral current alone",
            'SINE if chirality == "right" else SINE - Fraction(1, 2)',
            "SINE - Fraction(1, 2)",
        ),
    ),
    *_file(
        "derivations/ledger/crossed.py",
        CROSSED,
        ("crossed-tensor-sign", "sigma = i gamma gamma", "(-2 * SIGNATURE[a]", "(2 * SIGNATURE[a]"),
        (
            "crossed-helicity",
            "spin vector of a massive neutrino",
            "(IDENTITY * E + GAMMA[0] * mass)",
            "(IDENTITY * E - GAMMA[0] * mass)",
        ),
        (
            "crossed-antineutrino",
            "the mass of an antineutrino's spinors is - m",
            "m_j * (-1 if self.antineutrino else 1)",
            "m_j",
        ),
    ),
    *_file(
        "derivations/processes/radiative_decay.py",
        DECAYS,
        (
            "emitted-momentum",
            "E_gamma = (m_i^2 - m_j^2)/2 m_i",
            "_ENERGY = (_M_I**2 - _M_J**2) / 2",
            "_ENERGY = (_M_I**2 + _M_J**2) / 2",
        ),
        ("decay-spin", "the parent's spin along the photon", "value.exquo(_MOMENTUM)", "-value.exquo(_MOMENTUM)"),
        (
            "photon-states",
            "two transverse photons",
            "{(1, 1): SOURCE.one, (2, 2): SOURCE.one}",
            "{(1, 1): SOURCE.one, (2, 2): -SOURCE.one}",
        ),
    ),
    *_file(
        "derivations/processes/plasmon_decay.py",
        DECAYS,
        ("plasmon-leg", "the antineutrino goes out", "ring.m_j, antiparticle=True", "-ring.m_j, antiparticle=True"),
        (
            "plasmon-power",
            "powers of K^2 of the spin sums",
            "value.exquo(K_SQUARED) for place, value in gram.items()}, power - 1",
            "value.exquo(K_SQUARED) for place, value in gram.items()}, power",
        ),
        ("plasmon-mean", "the mean of two transverse states", "_HALF = SOURCE.one / 2", "_HALF = SOURCE.one"),
    ),
    *_file(
        "derivations/processes/boson_emission.py",
        LINES,
        (
            "created-boson",
            "a boson is created with eps*",
            "ring.conjugate(component) * METRIC[mu]",
            "component * METRIC[mu]",
        ),
        (
            "longitudinal-boson",
            "eps_0 = (q_z, 0, 0, q0)/M",
            "0: (ring.qz, TRACE.zero, TRACE.zero, ring.q0)",
            "0: (ring.q0, TRACE.zero, TRACE.zero, ring.qz)",
        ),
        ("conserved-boson", "q0^2 - q_z^2 = M^2", "exquo(ring.s), masses + 2", "exquo(ring.s), masses + 1"),
        (
            "boson-orbit",
            "L + 2S of a current that is convective",
            "order == 1 and operator.convective",
            "order == 0 and operator.convective",
        ),
    ),
    *_file(
        "derivations/processes/width.py",
        WIDTHS,
        ("width-interference", "interferences count twice", "(1 if n == m else 2) * product", "product"),
        (
            "width-majorana",
            "half of each ordered pair",
            'Rational(1, 2) if nature == "majorana" else Integer(1)',
            "Integer(1)",
        ),
        (
            "width-element",
            "nu_i -> nu_j sees c_ji",
            '(self.frame.indices == "ji") != crossed',
            '(self.frame.indices == "ij") != crossed',
        ),
        (
            "line-hand",
            "T_+- of the boson's helicities",
            "1: (ACROSS - CIRCULAR) / 2, -1: (ACROSS + CIRCULAR) / 2",
            "1: (ACROSS + CIRCULAR) / 2, -1: (ACROSS - CIRCULAR) / 2",
        ),
    ),
    *_file(
        "renp_generated/runtime/decays.py",
        DECAYS,
        (
            "decay-majorana",
            "Majorana neutrinos add eta c_ij",
            "term.eta * matrix[second, first]",
            "matrix[second, first]",
        ),
        (
            "decay-element",
            "nu_i -> nu_j sees c_ji",
            "tables.amplitudes(neutrinos, j, i, (heavy, light))",
            "tables.amplitudes(neutrinos, i, j, (heavy, light))",
        ),
        ("plasmon-pairs", "ordered pairs are counted twice", "(2 if neutrinos.majorana else 1)", "1"),
        ("decay-flux", "E_gamma/(8 pi m_i^2)", "(32 * math.pi * heavy**3)", "(32 * math.pi * heavy**2 * light)"),
    ),
    *_file(
        "renp_generated/runtime/boson.py",
        LINES,
        (
            "line-position",
            "omega_0 = (E_eg^2 - M^2)/2 E_eg",
            "(E_eg - mass) * (E_eg + mass) / (2 * E_eg), (E_eg * E_eg + mass * mass)",
            "(E_eg - mass) * (E_eg + mass) / (2 * E_eg), (E_eg * E_eg - mass * mass)",
        ),
        (
            "line-circular",
            "T_+- of the boson's helicities",
            "(across - circular) / 2, (across + circular) / 2",
            "(across + circular) / 2, (across - circular) / 2",
        ),
        ("line-norm", "2 pi^2/(G_F^2 E_eg)", "math.pi**2 * given.constants", "2 * math.pi**2 * given.constants"),
    ),
    # ------------------------------------------------------------ UFO models
    *_file(
        "derivations/interactions/ufo/selection.py",
        UFO,
        ("ufo-contact-sign", "H = -L for contact terms", "rule = -sign * self", "rule = sign * self"),
        (
            "ufo-factor-i",
            "the Lagrangian is the vertex over i",
            "rule = self.numbers.coupling(coupling) / self.m.mpc(0, 1)",
            "rule = self.numbers.coupling(coupling) * self.m.mpc(0, 1)",
        ),
        (
            "ufo-majorana-half",
            "F = h + eta h^T: half of the rule",
            "value / (4 if i == j else 2)",
            "value / (2 if i == j else 1)",
        ),
        ("ufo-exchange", "fermions 1, 2 and 3, 4 are pairs", "            sign = -1\n", "            sign = 1\n"),
        (
            "ufo-majorana-mixing",
            "right-handed parts of Majorana fields mix with U*",
            'plain = rows if chirality == "PL" or not majorana else conjugated',
            "plain = rows",
        ),
        ("ufo-gev", "GeV to eV", "GEV: Final = 10**9", "GEV: Final = 10**6"),
        (
            "ufo-barred",
            "the outgoing particle belongs to the barred field",
            "pdg > 0]\n        if len",
            "pdg < 0]\n        if len",
        ),
    ),
    *_file(
        "derivations/interactions/ufo/lorentz.py",
        UFO,
        (
            "ufo-momentum",
            "momenta leave the vertex: P = -q of a boson",
            "tuple(-x for x in momenta",
            "tuple(x for x in momenta",
        ),
        ("ufo-eta", "eta = -1 for tensors", '"i sigma(mu,nu) q(nu)", True, -1', '"i sigma(mu,nu) q(nu)", True, 1'),
        ("ufo-chirality", "ProjM is P_L", '"ProjM": "PL", "ProjP": "PR"', '"ProjM": "PR", "ProjP": "PL"'),
    ),
    *_file(
        "derivations/interactions/ufo/folder.py",
        UFO,
        (
            "ufo-digits",
            "what cancels needs more digits than a double",
            "DIGITS: Final = (100, 200, 400, 800)",
            "DIGITS: Final = (15, 16, 17, 18)",
        ),
        (
            "ufo-anti",
            "an antiparticle has the opposite charge",
            "        -particle.charge,\n",
            "        particle.charge,\n",
        ),
    ),
    # ------------------------------------------------------------ Dirac algebra
    *_file(
        "derivations/algebra/dirac.py",
        DIRAC,
        ("metric", "signature (+,-,-,-)", "METRIC = (1, -1, -1, -1)", "METRIC = (1, -1, -1, 1)"),
        ("gamma5-no-i", "gamma5 = i gamma0 gamma1 gamma2 gamma3, i dropped", "@ GAMMA[3]).scaled(I)", "@ GAMMA[3])"),
        ("gamma5-sign", "gamma5 with the other sign", "@ GAMMA[3]).scaled(I)", "@ GAMMA[3]).scaled(-I)"),
        ("gamma2-transposed", "gamma2 is imaginary", "[0, 0, 0, -1j], [0, 0, 1j, 0]", "[0, 0, 0, 1j], [0, 0, -1j, 0]"),
        ("charge-matrix", "C = i gamma2 gamma0, not i gamma2 gamma5", "(GAMMA[2] @ GAMMA[0])", "(GAMMA[2] @ GAMMA5)"),
        ("sigma-half", "sigma = (i/2)[gamma, gamma], one half dropped", ".scaled(I / 2)", ".scaled(I)"),
        ("sigma-no-i", "sigma = (i/2)[gamma, gamma], i dropped", ".scaled(I / 2)", ".scaled(TRACE.one / 2)"),
        ("slash-metric", "p-slash = gamma^mu p_mu needs the metric", "upper[mu] * METRIC[mu])", "upper[mu])"),
        (
            "bar-without-gamma0",
            "Gammabar = gamma0 Gamma^+ gamma0",
            "GAMMA[0] @ matrix.adjoint() @ GAMMA[0]",
            "matrix.adjoint()",
        ),
        ("eta-no-transpose", "second contraction C Gamma^T C^-1, transpose dropped", "matrix.transposed()", "matrix"),
        (
            "adjoint-not-conjugate",
            "Hermitian conjugate without complex conjugation",
            "(j, i): ring.conjugate(value)",
            "(j, i): value",
        ),
    ),
    *_file(
        "derivations/algebra/dirac.py",
        ORACLE,
        (
            "q-direction",
            "sign of q in i sigma^{mu nu} q_nu: q along +z",
            "TRACE.zero, ring.qz)",
            "TRACE.zero, -ring.qz)",
        ),
    ),
    *_file(
        "derivations/interactions/matrices.py",
        ORACLE,
        (
            "PL-for-PR",
            "P_L = (1 - gamma5)/2, here P_R",
            "TRACE.one / 2, IDENTITY - GAMMA5",
            "TRACE.one / 2, IDENTITY + GAMMA5",
        ),
        (
            "PR-no-half",
            "P_R without its factor 1/2",
            "TRACE.one / 2, IDENTITY + GAMMA5",
            "TRACE.one, IDENTITY + GAMMA5",
        ),
        (
            "contraction-metric",
            "contracted indices summed with the metric",
            "            sign *= METRIC[value]\n        yield",
            "            sign *= 1\n        yield",
        ),
    ),
    *_file(
        "derivations/algebra/ring.py",
        ORACLE,
        ("mass-of-i", "m_i = (M + d)/2", "m_i = (M + d) / 2", "m_i = (M - d) / 2"),
        ("s-of-t", "s = t + (m_i + m_j)^2", "s_ = t_ + D_ + 4 * P_", "s_ = t_ + D_ + 2 * P_"),
        (
            "mass-sum-squared",
            "(m_i + m_j)^2 = (m_i - m_j)^2 + 4 m_i m_j",
            "(D_ + 4 * P_) ** M_power",
            "(D_ - 4 * P_) ** M_power",
        ),
        ("q0-squared", "q0^2 = s + q_z^2", "(s_ + qz_**2) ** q0_power", "(s_ - qz_**2) ** q0_power"),
    ),
    # ------------------------------------------------------------ electron: non-relativistic reduction
    *_file(
        "derivations/atom/nonrelativistic.py",
        REDUCTION,
        (
            "spin-dipole-half",
            "r_l sigma_m -> eps_lmk (r x sigma)_k / 2",
            "[k - 1][k - 2]) / 2 for",
            "[k - 1][k - 2]) for",
        ),
        (
            "spin-dipole-energy",
            "p/m_e -> -i q0 r, with sigma",
            "+ Q_UPPER[0] * moving[l][m]",
            "- Q_UPPER[0] * moving[l][m]",
        ),
    ),
    *_file(
        "derivations/atom/nonrelativistic.py",
        ORACLE,
        ("recoil-factor", "q/2m_e of the recoil, factor 2", "Q_UPPER[axis + 1] / 4", "Q_UPPER[axis + 1] / 2"),
        ("recoil-sign", "p' = p - q, not p + q", "outgoing, momentum, -momentum)", "outgoing, -momentum, momentum)"),
        (
            "dipole-current",
            "an E1 step couples as q0 J - q J0",
            "+ Q_UPPER[0] * current[k]",
            "- Q_UPPER[0] * current[k]",
        ),
        ("dipole-energy", "p/m_e -> -i q0 r between levels", "Q_UPPER[0] * current[k]", "2 * Q_UPPER[0] * current[k]"),
        ("spin-y-no-i", "i of the y component of a spin operator", "I * (plus - minus) / 2", "(plus - minus) / 2"),
        ("electron-bar", "ebar = e^+ gamma0, gamma0 dropped", "(GAMMA[0] @ gamma).entries", "gamma.entries"),
        ("current-metric", "J.S contracted with the metric", "sign *= METRIC[value]", "sign *= 1"),
        (
            "longitudinal-metric",
            "q.S with the metric (propagator q q / M^2)",
            "factor = Q_UPPER[mu] * METRIC[mu]",
            "factor = Q_UPPER[mu]",
        ),
    ),
    *_file(
        "derivations/atom/nonrelativistic.py",
        REDUCTION,
        ("pauli-y", "sign of sigma_y", "{(0, 1): -I, (1, 0): I}", "{(0, 1): I, (1, 0): -I}"),
        (
            "received-momentum",
            "the electron receives the opposite of the pair's momentum",
            "received = bilinear.at_opposite_momentum",
            "received = bilinear",
        ),
    ),
    *_file(
        "derivations/interactions/electromagnetic.toml",
        REDUCTION,
        (
            "anapole-transverse",
            "q^2 gamma - q qslash is transverse",
            "- q(mu) qslash) gamma5",
            "+ q(mu) qslash) gamma5",
        ),
    ),
    # ------------------------------------------------------------ amplitude
    *_file(
        "derivations/processes/renp/amplitude.py",
        ORACLE,
        (
            "vector-exchange-sign",
            "spin-1 exchange carries -g: interference with the weak current",
            "propagator.spin == 0 else -1",
            "propagator.spin == 0 else 1",
        ),
        (
            "scalar-exchange-sign",
            "spin-0 exchange carries +1: interference with the weak current",
            "sign = 1 if interaction",
            "sign = -1 if interaction",
        ),
        ("longitudinal-sign", "sign of q q / M^2 in the unitary propagator", "along, 1, order", "along, -1, order"),
        (
            "dirac-equation-masses",
            "q-slash -> m_i - m_j, q-slash gamma5 -> m_i + m_j",
            '(1, 0) if letter == "V" else (0, 1)',
            '(0, 1) if letter == "V" else (1, 0)',
        ),
        ("eta-flipped", "eta = +1 for S, P, A and -1 for V, T", "return eta\n", "return -eta\n"),
        ("orbital-forgotten", "the full M1 operator is L + 2S", "orbital = order == 1 and", "orbital = order == 0 and"),
    ),
    *_file(
        "derivations/neutrino/spin_sums.py",
        ORACLE,
        (
            "antineutrino-mass",
            "sum v vbar = p-slash - m",
            "Leg(P_J, ring.m_j, antiparticle=True)",
            "Leg(P_J, -ring.m_j, antiparticle=True)",
        ),
        ("neutrino-massless", "sum u ubar = p-slash + m, mass dropped", "Leg(P_I, ring.m_i)", "Leg(P_I, TRACE.zero)"),
        (
            "antineutrino-spin-sum",
            "the momentum of the antineutrino is what the neutrino leaves of q",
            "P_J = (Q_UPPER[0] - ring.E, -ring.px,",
            "P_J = (Q_UPPER[0] - ring.E, ring.px,",
        ),
        (
            "across-sign",
            "N_xx + N_yy across the beam",
            "spin_sum(n, m, 0, 0) + spin_sum(n, m, 1, 1)",
            "spin_sum(n, m, 0, 0) - spin_sum(n, m, 1, 1)",
        ),
        (
            "circular-swap",
            "index swap in the antisymmetric part of T_kl N^kl",
            "spin_sum(n, m, 0, 1) - spin_sum(n, m, 1, 0)",
            "spin_sum(n, m, 1, 0) - spin_sum(n, m, 0, 1)",
        ),
        (
            "along-for-across",
            "the structure function along q",
            "along = spin_sum(n, m, 2, 2)",
            "along = spin_sum(n, m, 0, 0)",
        ),
    ),
    # ------------------------------------------------------------ phase space
    *_file(
        "derivations/neutrino/pair_phase_space.py",
        PHASE_SPACE,
        ("kaellen", "lambda = t (t + 4 m_i m_j), here 2 m_i m_j", "ring.t_ + 4 * ring.P_", "ring.t_ + 2 * ring.P_"),
        ("E-range", "<E^2> = Ebar^2 + omega^2 Delta^2 / 12: half the range", "* _KAELLEN / 12", "* _KAELLEN / 3"),
        (
            "E-mean",
            "Ebar holds + (m_i^2 - m_j^2): wrong limits of E_nu",
            "mean = ring.q0_ * (s_ + _MASS_SPLIT)",
            "mean = ring.q0_ * (s_ - _MASS_SPLIT)",
        ),
        ("mass-not-squared", "a mass in place of its square in p_T^2", "0: -(m_i**2)}", "0: -m_i}"),
        ("other-mass", "E_nu belongs to neutrino i", "m_i = (ring.M_ + ring.d_) / 2", "m_i = (ring.M_ - ring.d_) / 2"),
        (
            "pz-offset",
            "p_z = (2 q0 E - s - m_i^2 + m_j^2)/2 omega",
            "offset = -(s_ + _MASS_SPLIT) / 2",
            "offset = -(s_ - _MASS_SPLIT) / 2",
        ),
    ),
    *_file(
        "derivations/neutrino/pair_states.py",
        ("tests/derivations/test_pair_states.py", *ORACLE),
        (
            "state-boost",
            "the spatial part along q, at rest, has q0",
            "z[first] * qz + z[first + 3] * q0)",
            "z[first] * q0 + z[first + 3] * qz)",
        ),
        ("state-scalar", "q-slash acts as m_i - m_j", '("V", 2, "S", "d")', '("V", 2, "S", "M")'),
        ("state-electric", "sigma^0x at rest", "x[e_x] * q0 - x[b_y] * qz", "x[e_x] * q0 + x[b_y] * qz"),
        ("state-magnetic", "sigma^yz at rest", "x[b_x] * q0 - x[e_y] * qz", "x[b_x] * q0 + x[e_y] * qz"),
        (
            "state-flip",
            "the flipped amplitude M V' + t E",
            '_spin_one(left["along"], right["along"]) + s_',
            '_spin_one(left["along"], right["along"]) + 2 * s_',
        ),
        (
            "state-circular",
            "T_xy - T_yx is i times the circular part",
            "gaussian(Fraction(0), Fraction(-1))",
            "gaussian(Fraction(0), Fraction(1))",
        ),
    ),
    # ------------------------------------------------------------ kernels
    *_file(
        "derivations/processes/renp/kernel.py",
        ORACLE,
        (
            "tensor-strength",
            "the tensor operator carries 2 G_F/sqrt2",
            '"2 G_F/sqrt(2)": (Fraction(2), ())',
            '"2 G_F/sqrt(2)": (Fraction(1), ())',
        ),
        (
            "photon-propagator",
            "photon exchange carries 1/s",
            '- (c.propagator == "photon")',
            '- 0 * (c.propagator == "photon")',
        ),
        (
            "state-phase",
            "complex numbers of rows and states multiply",
            "a[0] * b[0] - a[1] * b[1]",
            "a[0] * b[0] + a[1] * b[1]",
        ),
        ("state-power-of-s", "what a state takes from a row has its power of s", "- emission.s,", "+ emission.s,"),
        ("exchange-of-d", "the second contraction turns m_i - m_j", "row.eta * (-1) ** c.d", "row.eta * 1**c.d"),
        ("cm2-conversion", "cm^2 -> eV^-2 needs (hbar c)^-2", '"cm^2": (("hbar_c", -2),)', '"cm^2": (("hbar_c", -1),)'),
        ("moment-units", "mu and eps come in Bohr magnetons", '"mu_B": (("mu_B", 1),)', '"mu_B": (("mu_B", 2),)'),
        (
            "electron-mass",
            "powers of 1/m_e of the recoil",
            '("m_e", -coefficient.m_e)',
            '("m_e", -2 * coefficient.m_e)',
        ),
    ),
    # ------------------------------------------------------------ Lagrangians
    *_file(
        "derivations/interactions/standard_model.toml",
        ORACLE,
        (
            "weak-axial-sign",
            "the electron's axial current comes with -a_ij",
            'electron = "-gamma(mu) gamma5"',
            'electron = "gamma(mu) gamma5"',
        ),
        (
            "weak-vector-minus",
            "V - A neutrino current of v_ij, here V + A",
            'electron = "gamma(mu)", neutrino = "gamma(mu) (1 - gamma5)"',
            'electron = "gamma(mu)", neutrino = "gamma(mu) (1 + gamma5)"',
        ),
        ("weak-strength", "G_F/sqrt2 of the weak Hamiltonian", 'factor = "G_F/sqrt(2)"', 'factor = "G_F"'),
    ),
    *_file(
        "derivations/interactions/electromagnetic.toml",
        ORACLE,
        ("charge-radius", "the charge radius enters as r2/6", "qslash)/6", "qslash)"),
        (
            "moment-sign",
            "mu and r2 interfere like F_1 and F_2",
            '"-i sigma(mu,nu) q(nu)", dimension',
            '"i sigma(mu,nu) q(nu)", dimension',
        ),
        ("electric-no-i", "the electric moment multiplies i gamma5", "q(nu) i gamma5", "q(nu) gamma5"),
        (
            "anapole-sign",
            "sign of the anapole against the charge radius",
            '"-(q2 gamma(mu) - q(mu) qslash) gamma5"',
            '"(q2 gamma(mu) - q(mu) qslash) gamma5"',
        ),
    ),
    *_file(
        "derivations/interactions/scalar.toml",
        ORACLE,
        (
            "electron-pseudoscalar-i",
            "i ebar gamma5 e is Hermitian",
            'coupling = "y_P", bilinear = "i gamma5"',
            'coupling = "y_P", bilinear = "gamma5"',
        ),
        (
            "neutrino-pseudoscalar-sign",
            "sign of the neutrino's i gamma5",
            'coupling = "y_P_nu", bilinear = "i gamma5"',
            'coupling = "y_P_nu", bilinear = "-i gamma5"',
        ),
    ),
    *_file(
        "derivations/interactions/vector.toml",
        ORACLE,
        ("left-is-right", "g_L multiplies P_L", '"g_L", bilinear = "gamma(mu) PL"', '"g_L", bilinear = "gamma(mu) PR"'),
        (
            "electron-axial-sign",
            "g_V + g_A gamma5 of the electron",
            '"g_A", bilinear = "gamma(mu) gamma5"',
            '"g_A", bilinear = "-gamma(mu) gamma5"',
        ),
    ),
    # ------------------------------------------------------------ weak couplings and form factors
    *_file(
        "derivations/neutrino/weak.py",
        WEAK,
        (
            "fierz-sign",
            "Fierz sign of anticommuting fields",
            "return ChargedCurrent(-sign)",
            "return ChargedCurrent(sign)",
        ),
        (
            "isospin",
            "T3 = -1/2 of the electron",
            "isospin, charge = Fraction(-1, 2)",
            "isospin, charge = Fraction(1, 2)",
        ),
        ("electron-charge", "Q = -1 of the electron", "Fraction(-1, 2), Fraction(-1)", "Fraction(-1, 2), Fraction(1)"),
        ("neutral-strength", "8 G_F/sqrt2 of Z exchange", "scale = 8 * neutrino", "scale = 4 * neutrino"),
        (
            "weak-a-sign",
            "a_ij = U*_ei U_ej - delta_ij/2",
            "a = charged - axial * overlap",
            "a = charged + axial * overlap",
        ),
        (
            "weak-conjugate",
            "U*_ei U_ej with the conjugate on i",
            "mixing[0, :].H * mixing[0, :]",
            "mixing[0, :].T * mixing[0, :]",
        ),
        (
            "unitarity",
            "U^+ U, not U U^+, for sterile mixing",
            "overlap = mixing.H * mixing",
            "overlap = mixing.T * mixing",
        ),
    ),
    *_file(
        "derivations/neutrino/form_factors.py",
        WEAK,
        (
            "gordon-masses",
            "f_1 ~ m_i - m_j, f_2 ~ m_i + m_j",
            '("f_Q", "f_1", d), ("f_A", "f_2", MASS_SUM)',
            '("f_Q", "f_1", MASS_SUM), ("f_A", "f_2", d)',
        ),
    ),
    # ------------------------------------------------------------ the atom
    *_file(
        "derivations/atom/tensor.py",
        TENSOR,
        ("tensor-transposed", "T_kl = eps*_k eps_l, not eps_k eps*_l", "sp.conjugate(a) * b", "a * sp.conjugate(b)"),
        (
            "photon-helicity",
            "the photon step lowers what the pair step raised",
            "(J_v, m + q, 1, J_g)",
            "(J_v, m + q, -1, J_g)",
        ),
        (
            "incoherent-exchange",
            "direct and exchanged dyads",
            "beta * outer[k][n] + gamma * outer[n][k]",
            "gamma * outer[k][n] + beta * outer[n][k]",
        ),
    ),
    *_file(
        "derivations/atom/prepared.py",
        PREPARED,
        ("rows-of-rho", "rows of rho run from M_e = -J_e up", "ascending = rho[::-1, ::-1]", "ascending = rho"),
        ("emitted-light", "emission of eps has eps*.d", "(sp.conjugate(e) * d for e, d", "(e * d for e, d"),
        (
            "strength-average",
            "the strength is over the average of all M_e",
            "3 * int(2 * chain[0] + 1))",
            "3 * int(2 * chain[1] + 1))",
        ),
        ("largest-coherence", "|rho_eg|^2 <= p (1 - p)", "sp.maximum(p * (1 - p), p", "sp.maximum(p * (2 - p), p"),
    ),
    *_file(
        "derivations/atom/excitation.py",
        PREPARED,
        ("absorbed-light", "sigma+ raises M_e", "field[order + int(q)]", "field[order - int(q)]"),
        (
            "magnetic-photon",
            "M1 acts by k x e",
            '_cross(direction, polarisation) if kind == "M1"',
            'direction if kind == "M1"',
        ),
        ("even-magnetic", "M1 keeps parity", '"M1": 1, "E2": 1}', '"M1": -1, "E2": 1}'),
        (
            "swapped-photons",
            "exchange swaps the photons",
            "_field(photons[::-1], kinds, order)",
            "_field(photons, kinds, order)",
        ),
        ("emitted-helicity", "the emitted photon takes its J_z", "(sum(m[:-1]) - m[-1] for m", "(sum(m[:-1]) for m"),
    ),
    *_file(
        "derivations/atom/mixing.py",
        INTERMEDIATE,
        ("width-cubed", "a width goes with E^3", "rate / energy**3 for rate", "rate / energy**2 for rate"),
        ("interval-rule", "3P1 lies a third of the way", "(2 * E_0 + E_2) / 3", "(E_0 + 2 * E_2) / 3"),
        ("lande-mean", "g_J is the weighted mean", "2 * (g_J - 1) / (g_S - 1)", "2 * (g_J - 1) / g_S"),
        ("closure-sign", "c_2 = -c_1", "return 1, -1", "return 1, 1"),
    ),
    *_file(
        "derivations/atom/gauge.py",
        INTERMEDIATE,
        ("photon-first", "photon first: E_ve + omega", "(E_v - E_e + omega)", "(E_v - E_e - omega)"),
    ),
    *_file(
        "derivations/atom/quadrupole.py",
        INTERMEDIATE,
        (
            "quadrupole-shell",
            "2/5 of the p shell",
            "sp.Rational(2, 5) * (orbital[2] * orbital[0]",
            "sp.Rational(4, 5) * (orbital[2] * orbital[0]",
        ),
    ),
    *_file(
        "renp/inputs/atoms.py",
        ATOMS,
        (
            "oscillator-strength",
            "f holds all three components",
            "(2 * ELECTRON_MASS * energy) / 3",
            "(2 * ELECTRON_MASS * energy)",
        ),
    ),
    *_file(
        "derivations/atom/angular.py",
        TENSOR,
        (
            "clebsch-up",
            "Clebsch-Gordan coefficient of J -> J + 1",
            "up, level = (j + target) * (j + target + 1) / 2, (j - t",
            "up, level = (j + target) * (j + target - 1) / 2, (j - t",
        ),
        ("ladder", "<m+1|J_+|m> = sqrt(j(j+1) - m(m+1))", "m * (m + 1))", "m * (m - 1))"),
    ),
    *_file(
        "derivations/atom/ls_coupling.py",
        STATES,
        (
            "spin-for-sigma",
            "C_ev is defined with S, not sigma = 2S",
            "(2 * J_v + 1) * S * (S + 1)",
            "(2 * J_v + 1) * 4 * S * (S + 1)",
        ),
        (
            "C_ev-third",
            "C_ev = 2/3; with the 1/3 forgotten it is 2/9",
            "spin_strength(L, S, J_e, J_v) / _rational(2 * J_v + 1)",
            "spin_strength(L, S, J_e, J_v) / _rational(3 * (2 * J_v + 1))",
        ),
        (
            "lande-full",
            "the full M1 operator is L + 2S",
            "full = end * (orbital[2] + 2 * spin[2])",
            "full = end * (orbital[2] + 3 * spin[2])",
        ),
    ),
    *_file(
        "derivations/atom/intermediate.py",
        STATES,
        (
            "mixing-sign",
            "two amplitudes of opposite sign through 3P1 and 1P1",
            "[-sp.sin(angle), sp.cos(angle)]",
            "[sp.sin(angle), sp.cos(angle)]",
        ),
    ),
    *_file(
        "derivations/atom/selection.py",
        STATES,
        ("zero-to-zero", "0 -> 0 is forbidden", "if initial.J == final.J == 0:", "if initial.J == final.J == -1:"),
        ("triangle-rule", "|Delta J| <= 1", "if abs(shift) > 1:", "if abs(shift) > 2:"),
        (
            "parity-rule",
            "M1 keeps parity, E1 flips it",
            "if initial.parity == final.parity:",
            "if initial.parity != final.parity:",
        ),
    ),
    *_file(
        "derivations/atom/hamiltonian.py",
        OPERATORS,
        (
            "magnetic-term",
            "sign of sigma.B in the two-component Hamiltonian",
            "phi: -_each(lambda k: _curl(f.V)[k]",
            "phi: _each(lambda k: _curl(f.V)[k]",
        ),
        ("axial-term", "H = ... - sigma.A", "phi: -_each(lambda k: f.A[k]", "phi: _each(lambda k: f.A[k]"),
    ),
    *_file(
        "derivations/atom/bilinears.py",
        OPERATORS,
        ("lower-component", "chi = sigma.p phi / 2 m_e", "spin_dot(p) * order / 2)", "spin_dot(p) * order)"),
        ("momentum-transfer", "p' = p - q", "outgoing = tuple(k - q / 2", "outgoing = tuple(k + q / 2"),
    ),
    # ------------------------------------------------------------ the rate
    *_file(
        "derivations/processes/renp/rate.py",
        RATE,
        (
            "polarisation-sum",
            "two transverse polarisations",
            "sp.integrate(1 - cosine**2,",
            "sp.integrate(1 + cosine**2,",
        ),
        (
            "mode-field",
            "squared field E/2V of one mode",
            "field_squared=OMEGA * N_GAMMA / 2",
            "field_squared=OMEGA * N_GAMMA",
        ),
        ("incoherent", "coherent atoms: n_a^2 V", "coherence=N_A**2 * VOLUME", "coherence=N_A * VOLUME"),
        ("sigma-is-2S", "sigma = 2S: 4/3 (2J_v+1) C_ev", "spin=sp.Rational(4, 3)", "spin=sp.Rational(1, 3)"),
        ("two-body", "two-body phase space 1/8 pi", "/ (2 * sp.pi) ** 6", "/ (2 * sp.pi) ** 5"),
    ),
    # ------------------------------------------------------------ constants
    *_file(
        "codegen/constants.py",
        ORACLE,
        ("charge-units", "e = sqrt(4 pi alpha)", "mpmath.sqrt(4 * pi * alpha)", "mpmath.sqrt(alpha)"),
        ("bohr-magneton", "mu_B = e / 2 m_e", "charge / (2 * m_e)", "charge / m_e"),
        ("centimetre", "hbar c in eV cm", "* light * 100", "* light"),
        ("bohr-radius", "a_B = 1 / (alpha m_e)", "1 / (alpha * m_e)", "1 / (2 * alpha * m_e)"),
        ("fermi-root2", "sqrt2 / G_F", "root2 / fermi", "1 / fermi"),
    ),
    # ------------------------------------------------------------ the evaluators
    *_file(
        "renp_generated/runtime/structure.py",
        (*ORACLE, "tests/derivations/test_one_operator.py"),
        (
            "full-m1",
            "L + 2S acts as S between levels: half of 2S",
            "sign * (0.5 if term.orbital",
            "sign * (0.25 if term.orbital",
        ),
        (
            "circular-sign",
            "projections +1 and -1 are sum and difference",
            '"minus": {"plain": 1, "cross": -1}',
            '"minus": {"plain": 1, "cross": 1}',
        ),
        ("along-of-rest", "T_zz / s for projection 0", '2 * s - (way == "along")', '2 * s + (way == "along")'),
        (
            "flipped-over-s",
            "the flipped square is divided by s",
            "(start, qz, q0, s - 1) for",
            "(start, qz, q0, s) for",
        ),
        ("mass-with-E", "V' = V + M E", 'mass = "M" if first == "V"', 'mass = "d" if first == "V"'),
        ("turned-phase", "a turned term has a factor i", "term.imaginary != odd,", "term.imaginary,"),
        (
            "turned-sign",
            "a turned coupling and a turned propagator",
            "if odd and not term.imaginary:",
            "if odd and term.imaginary:",
        ),
        (
            "constant-powers",
            "m_e stands below",
            "Fraction(tables.constants[name]) ** power",
            "Fraction(tables.constants[name])",
        ),
        (
            "scalar-squares",
            "J = 0 is emitted along q alone",
            "yield _Weighed(kind, (SCALAR,",
            "yield _Weighed(kind, (ACROSS,",
        ),
    ),
    *_file(
        "renp_generated/runtime/numbers.py",
        (*ORACLE, "tests/derivations/test_one_operator.py"),
        (
            "m1-of-the-weak-current",
            "L + 2S acts on the weak vector current too",
            'e.get("m1") or inputs.m1',
            'e.get("m1") or "spin"',
        ),
        (
            "m1-of-a-group",
            "a group's own magnetic operator goes before that of the call",
            '(e.get("m1") or inputs.m1)',
            "inputs.m1",
        ),
        (
            "thirds",
            "the average is exactly delta_kl/3",
            "EXACT_THIRDS = (1.0, 2.0, 0.0)",
            "EXACT_THIRDS = (1.0, 1.0, 0.0)",
        ),
        (
            "normalisation",
            "2/3 of the squares over 8, |A|^2 / 4 G_F^2 with couplings in G_F/sqrt2",
            "DIVISOR = 12.0",
            "DIVISOR = 8.0",
        ),
    ),
    *_file(
        "renp_generated/runtime/numpy_engine.py",
        (*ORACLE, "tests/renp_generated/test_widths.py"),
        (
            "majorana-half",
            "1/2 against double counting of Majorana pairs",
            "(0.5 if program.on.majorana",
            "(1.0 if program.on.majorana",
        ),
        ("majorana-sign", "c_ij + eta c_ji", "if slot.eta > 0 else", "if slot.eta < 0 else"),
        ("ordered-pairs", "the sum runs over ordered pairs (i, j)", "(1 if i == j else 2)", "(1 if i == j else 1)"),
        (
            "complex-coupling",
            "i of a complex coefficient",
            "return -imaginary if part == 0",
            "return imaginary if part == 0",
        ),
        (
            "kaellen-4P",
            "lambda = t (t + 4 m_i m_j) in the evaluator",
            "4 * (masses[i] * masses[j])",
            "2 * (masses[i] * masses[j])",
        ),
        (
            "longitudinal-mass",
            "q q / M^2 of the unitary propagator: a mass for its square",
            "for _ in range(2):\n                scale",
            "for _ in range(1):\n                scale",
        ),
        (
            "dipole-length",
            "E1 amplitudes are proportional to the dipole",
            "dd.times(scale, numbers[DIPOLE])",
            "dd.times(scale, numbers[DIPOLE] ** 2)",
        ),
        (
            "threshold",
            "threshold at (m_i + m_j)^2",
            "threshold(program.on.moved, numbers[E_EG], numbers[MOMENTUM], M)",
            "threshold(program.on.moved, numbers[E_EG], numbers[MOMENTUM], d)",
        ),
        (
            "mass-times-width",
            "M Gamma of Breit and Wigner",
            "dd.two_product(mass, width), twice",
            "dd.two_product(width, width), twice",
        ),
        (
            "moved-threshold",
            "s = (E_eg - omega)^2 - (omega + K)^2: K^2 closes channels",
            "(dd.two_sum(E_eg, -K), dd.two_sum(E_eg, K)) if moved",
            "(dd.two_sum(E_eg, K), dd.two_sum(E_eg, K)) if moved",
        ),
        (
            "pole-place",
            "the pole sits at s = M^2",
            "threshold(on.moved, E_eg, K, (mass, zero))",
            "threshold(on.moved, E_eg, K, (2 * mass, zero))",
        ),
        (
            "pole-sign",
            "propagator 1/(s - M^2), not 1/(M^2 - s)",
            "found.append(dd.quotient(one, gap))",
            "found.append(dd.quotient((-one[0], one[1]), gap))",
        ),
        (
            "width-phase",
            "Im 1/(s - M^2 + i M Gamma) < 0",
            "IMAGINARY: (-width[0], -width[1]), OPPOSITE: width",
            "IMAGINARY: width, OPPOSITE: width",
        ),
        (
            "width-of-turned-terms",
            "-i times the imaginary part",
            "OPPOSITE: width}",
            "OPPOSITE: (-width[0], -width[1])}",
        ),
        ("pair-energy", "q0 = E_eg - omega", "Q0: dd.two_sum(E_eg, -omega)", "Q0: dd.two_sum(E_eg, omega)"),
        ("pair-mass", "s = E_eg (E_eg - 2 omega)", "y = dd.two_sum(E_eg, -2 * omega)", "y = dd.two_sum(E_eg, -omega)"),
        ("moved-momentum", "q_z = omega + K", "QZ: dd.two_sum(omega, K)", "QZ: dd.two_sum(omega, -K)"),
        (
            "kept-twice",
            "two helicities of J = 1 keep, one flips",
            "(2 * kept if spin_one else kept)",
            "(kept if spin_one else kept)",
        ),
        (
            "slope-of-the-flip",
            "M V' + t E and d A' + (t + 4 P) B",
            "(pair.M, t) if vector else (pair.d, reach)",
            "(pair.M, reach) if vector else (pair.d, t)",
        ),
        ("weight-of-the-scalar", "3 T_zz of J = 0", "SCALAR: 3 * along", "SCALAR: 2 * along"),
        (
            "circular-half",
            "half of T_xx + T_yy plus 2 Im T_xy",
            "PLUS: 0.5 * (across + circular)",
            "PLUS: 0.5 * (across - circular)",
        ),
        (
            "axial-sector",
            "A and B open with t, V and E with t + 4 P",
            "0 if square.kind not in (AXIAL_SQUARE, SCALAR_SQUARE) else 1",
            "1 if square.kind not in (AXIAL_SQUARE, SCALAR_SQUARE) else 0",
        ),
        (
            "intermediate-sum",
            "states |v> add before they are squared",
            "amplitude = amplitude + c / gap",
            "amplitude = amplitude + abs(c) / gap",
        ),
        (
            "intermediate-squared",
            "the sum over |v> is squared",
            "total * (amplitude * amplitude)",
            "total * (amplitude * abs(amplitude - 1))",
        ),
        (
            "intermediate-crossed",
            "E_vg - q0 where the photon comes first",
            "(level - numbers[E_EG]) + omega",
            "(level - numbers[E_EG]) - omega",
        ),
    ),
    *_file(
        "renp_generated/runtime/exact.py",
        ORACLE,
        (
            "exact-pair-mass",
            "s = (E_eg + K) (E_eg - K - 2 omega), exact evaluator",
            "(E_eg - K - 2 * w)",
            "(E_eg - K - w)",
        ),
        ("exact-crossed", "E_vg - q0, exact evaluator", "(number(level) - q0)", "(number(level) - w)"),
        ("exact-moved-momentum", "q_z = omega + K, exact evaluator", "qz, q0, s = w + K,", "qz, q0, s = w,"),
        ("exact-moved-mass", "s = (E_eg + K) (E_eg - K - 2 omega)", "(E_eg + K) * (E_eg - K - 2", "E_eg * (E_eg - 2"),
        (
            "exact-majorana-half",
            "1/2 against double counting, exact evaluator",
            "(24 if inputs.majorana",
            "(12 if inputs.majorana",
        ),
        ("exact-majorana-sign", "c_ij + eta c_ji, exact evaluator", "real + term.eta *", "real - term.eta *"),
        (
            "exact-threshold",
            "t = s - (m_i + m_j)^2, exact evaluator",
            "s - (pair.m_i + pair.m_j) ** 2",
            "s - (pair.m_i - pair.m_j) ** 2",
        ),
        ("exact-kaellen", "lambda = t (t + 4 m_i m_j), exact evaluator", "t * (t + 4 * pair", "t * (t + 2 * pair"),
        (
            "exact-amplitude-squared",
            "the sum over |v> is squared, exact evaluator",
            "total * amplitude**2",
            "total * amplitude",
        ),
        ("exact-square", "|A|^2, exact evaluator", "z[0] ** 2 + z[1] ** 2", "z[0] ** 2 - z[1] ** 2"),
        (
            "exact-ordered-pairs",
            "the sum runs over ordered pairs, exact evaluator",
            "for j in n\n",
            "for j in n if j >= i\n",
        ),
        (
            "exact-width",
            "Im 1/(s - M^2 + i M Gamma) < 0, exact evaluator",
            "-mass * width / below",
            "mass * width / below",
        ),
        (
            "exact-circular",
            "T_xx + T_yy plus or minus 2 Im T_xy, exact evaluator",
            "(across + sign * circular) / 2",
            "(across - sign * circular) / 2",
        ),
        (
            "exact-longitudinal",
            "1/M^2 of the unitary propagator, exact evaluator",
            "number(inputs.mediators[term.group][0]) ** 2",
            "number(inputs.mediators[term.group][0])",
        ),
    ),
    *_file(
        "renp_generated/runtime/arguments.py",
        ORACLE,
        (
            "tensor-index-swap",
            "T_xy - T_yx = 2 i Im T_xy",
            "2 * float(tensor[0, 1].imag)",
            "2 * float(tensor[1, 0].imag)",
        ),
        (
            "tensor-longitudinal",
            "T_zz is along q",
            "float(tensor[2, 2].real), float(",
            "float(tensor[1, 1].real), float(",
        ),
        (
            "moved-mass",
            "E_eg - K, of which the photon takes 2 omega",
            "high = E_eg - imprinted",
            "high = E_eg + imprinted",
        ),
        ("tensor-average", "the average is delta_kl/3", "return AVERAGED", "return 1 / 3, 1 / 3, 0.0"),
    ),
    # ------------------------------------------------------------ the front door
    *_file(
        "renp/inputs/constants.py",
        CONSTANTS,
        ("h-for-hbar", "hbar = h / 2 pi", "_si.h / (2 * pi) / _si.e", "_si.h / _si.e"),
        ("fermi-units", "G_F comes in GeV^-2", "[0] * 1e-18", "[0] * 1e-9"),
        ("wavenumber", "1 cm^-1 = 100 m^-1", "_si.h * _si.c * 100 / _si.e", "_si.h * _si.c / _si.e"),
    ),
    *_file(
        "renp/inputs/oscillation.py",
        OSCILLATION,
        ("dirac-phase", "sign of delta_CP", "np.exp(1j * radians(", "np.exp(-1j * radians("),
        ("majorana-phase", "columns carry exp(i alpha/2)", "np.exp(0.5j *", "np.exp(1j *"),
        (
            "splitting-31",
            "Delta m^2_31 or Delta m^2_32",
            'if chosen.splitting == "31" else atmospheric + solar',
            'if chosen.splitting == "31" else atmospheric',
        ),
        (
            "inverted",
            "m1^2 = -Delta m^2_32 - Delta m^2_21 + m3^2",
            "else -atmospheric - solar",
            "else -atmospheric + solar",
        ),
        (
            "angle-not-sine",
            "tables give sin^2, the matrix needs sin",
            "sqrt(1 - angle.value) for angle",
            "(1 - angle.value) for angle",
        ),
        ("mass-linear", "masses add in squares", "hypot(floor, sqrt(square))", "floor + sqrt(square)"),
        ("axial-neutral", "a = U* U - delta/2", "return charged - neutral / 2", "return charged + neutral / 2"),
        (
            "charged-conjugate",
            "U*_ei U_ej",
            "matrix[0].conj()[:, None] * matrix[0]",
            "matrix[0][:, None] * matrix[0].conj()",
        ),
        ("weak-angle", "1/2 - 2 sin^2 theta_W", "(0.5 - 2 * angle)", "(0.5 - angle)"),
    ),
    *_file(
        "renp/rates/thresholds.py",
        SPECTRUM,
        (
            "study-threshold",
            "omega_ij holds (m_i + m_j)^2",
            "(values[i] + values[j]) ** 2",
            "(values[i] - values[j]) ** 2",
        ),
    ),
    *_file(
        "renp/rates/emission.py",
        SPECTRUM,
        ("study-light", "circular light of the named sense", '"circular+": (1, 1j, 0)', '"circular+": (1, -1j, 0)'),
    ),
    *_file(
        "renp_generated/runtime/numpy_gradient.py",
        GRADIENT,
        ("slope-s", "ds/domega = -2 (E_eg + K)", "- 2 * self.folded.E[0] * s_bar", "- self.folded.E[0] * s_bar"),
        ("slope-crossed", "1/(E_vg - q0) grows with E_eg", "self.bars[E_EG] += -by_gap", "self.bars[E_EG] += by_gap"),
        ("slope-K", "ds/dK = -2 q_z", "qz_bar - 2 * qz * s_bar", "qz_bar + 2 * qz * s_bar"),
        ("slope-K-at-rest", "d q_z = dK, at q_z = 0 too", "float(power - (base == which))", "float(power)"),
        ("slope-q0", "q0 = E_eg - omega falls with omega", "qz_bar - q0_bar - 2", "qz_bar + q0_bar - 2"),
        (
            "slope-E_eg",
            "s = E_eg (E_eg - 2 omega): ds/dE_eg = 2 q0",
            "q0_bar + 2 * q0 * s_bar",
            "q0_bar + 2 * qz * s_bar",
        ),
        (
            "slope-propagator",
            "d(s - M^2)/dM = -2 M",
            "(-2 * mass * gap_bar + gamma * width_bar)",
            "(-mass * gap_bar + gamma * width_bar)",
        ),
        ("slope-width", "d(M Gamma)/dGamma = M", "mass * width_bar / twice", "gamma * width_bar / twice"),
        (
            "slope-width-phase",
            "d Re 1/(g + i w) = Im of its square",
            "-bar * square.real, bar * square.imag",
            "-bar * square.real, -bar * square.imag",
        ),
        ("slope-of-the-root", "d sqrt(t (t + 4 P)) / dt", "by_root * reach + reach_bar", "by_root * t + reach_bar"),
        (
            "slope-mass-of-the-root",
            "t falls with (m_i + m_j)^2",
            "local.M_bar - 2 * pair.M * t_bar",
            "local.M_bar - pair.M * t_bar",
        ),
        ("slope-P", "4 m_i m_j", "+ 4 * self.numbers[j] * reach_bar", "+ 4 * self.numbers[i] * reach_bar"),
        ("slope-d", "m_i - m_j falls with m_j", "M_bar - d_bar + 4", "M_bar + d_bar + 4"),
        (
            "slope-imaginary-part",
            "the diagonal is real",
            "if not factor or (imaginary and i == j):",
            "if not factor or imaginary:",
        ),
        (
            "slope-majorana",
            "the transpose enters with the sign of the bilinear",
            "2.0 if imaginary == (slot.eta < 0)",
            "2.0 if imaginary == (slot.eta > 0)",
        ),
        (
            "slope-longitudinal",
            "1/M^2 of the longitudinal part",
            "-2 * bar * rest * electron",
            "-1 * bar * rest * electron",
        ),
        (
            "slope-dipole",
            "amplitudes are linear in the dipole length",
            "value / self.numbers[DIPOLE]",
            "2 * value / self.numbers[DIPOLE]",
        ),
        (
            "slope-E_vg",
            "1/(E_vg - omega) falls with E_vg",
            "by_gap = -bar * self.numbers",
            "by_gap = bar * self.numbers",
        ),
        (
            "slope-of-E",
            "propagators are measured in 2 (E_eg + K)",
            "self.E_bar - value / self",
            "self.E_bar + value / self",
        ),
    ),
    *_file(
        "derivations/atom/both_orders.py",
        ("tests/derivations/test_atom_both_orders.py",),
        ("order-denominator", "the pair has left in between", "e - (v + q0)", "e - (v + omega)"),
        (
            "order-exchange",
            "the photon has left in between",
            "energies[excited] - energy - omega)",
            "energies[excited] - energy - q0)",
        ),
        ("charge-sign", "J_0 rho - J.j", "- atom.velocity(atom.along(J[1:]))", "+ atom.velocity(atom.along(J[1:]))"),
        ("field-strength", "q0 J - q J^0", "q0 * j - k * J[0]", "q0 * j + k * J[0]"),
        (
            "velocity",
            "p/m_e = i [H, r]",
            "sp.I * (self.hamiltonian * operator -",
            "-sp.I * (self.hamiltonian * operator -",
        ),
        ("rank-triangle", "rank k connects |J_e - J_v| to J_e + J_v", "k <= start + end)", "k <= start + end + 1)"),
        (
            "spin-dipole",
            "sigma.L is 1 for p_3/2 and -2 for p_1/2",
            "{HALF: -2, 3 * HALF: 1}",
            "{HALF: 1, 3 * HALF: -2}",
        ),
    ),
    *_file(
        "derivations/atom/selection.py",
        ("tests/derivations/test_atom_both_orders.py",),
        ("parity-of-two-steps", "each E1 step turns the parity", "turns % 2 == 0", "turns % 2 == 1"),
    ),
    *_file(
        "codegen/pair_sums/templates/preparation.c",
        ("tests/codegen/test_c_export.py::test_plans_and_spectra_are_those_of_python",),
        (
            "c-crossed",
            "a photon that comes first, in C",
            "*at++ = a->crossed_amplitudes[k];",
            "*at++ = -a->crossed_amplitudes[k];",
        ),
        ("c-weak-m1", "m1 of the call, in C", "(own ? own : b->arguments->m1)", "own"),
    ),
    *_file(
        "codegen/pair_sums/templates/spectral.c",
        COMPILED,
        ("c-root", "sqrt(t (t + 4 P)), in C", "ROOT(t * reach), added", "ROOT(t * t), added"),
        ("c-levels", "the square of the amplitude", "(amplitude * amplitude)) /", "amplitude) /"),
        ("c-width", "Im 1/(g + i w) = -w / (g^2 + w^2)", "twice(-width.h, -width.l)", "width"),
        (
            "c-energy",
            "q0 = E_eg - omega",
            "kinematics[Q0][x].h = E_eg - omega[x];",
            "kinematics[Q0][x].h = E_eg + omega[x];",
        ),
        ("c-closed", "a closed channel adds nothing", "WHERE(root > 0, added)", "added"),
        ("c-end-point", "photon energies lie below (E_eg - K)/2", "(in[x] < edge)", "(in[x] <= edge)"),
        (
            "c-weights",
            "weights have powers of q0 and s besides",
            "EACH w[x] *= kinematics[base][x].h;",
            "EACH w[x] *= kinematics[QZ][x].h;",
        ),
        (
            "c-kept",
            "two helicities of J = 1 keep",
            "if (spin_one && lists) EACH kept[x] *= 2;",
            "if (spin_one && lists) EACH kept[x] *= 1;",
        ),
        ("c-constant-pair", "S squares of a constant pair", "if (has_S) H_2 +=", "if (has_S) H_1 +="),
    ),
    # ------------------------------------------------------------ readable formulas
    *_file(
        "derivations/processes/renp/formulas.py",
        OWN_FORMULAS,
        ("formula-cross-term", "an interference counts twice", "times = 1 if same else 2", "times = 1"),
        (
            "formula-eta",
            "the second contraction has the sign of C V^T C^-1",
            "_swapped(other) * rows[m].eta if right",
            "_swapped(other) if right",
        ),
        (
            "formula-odd-mass",
            "m_i - m_j changes its sign for ji",
            "sign = row.eta * (-1) ** c.d",
            "sign = row.eta",
        ),
        (
            "formula-majorana-half",
            "1/2 against the double counting of Majorana pairs",
            'DELTA_M * Symbol("majorana") / 2',
            'DELTA_M * Symbol("majorana")',
        ),
        (
            "formula-threshold-cross-term",
            "an interference counts twice",
            "2 * re(left * conjugate(right)) * function",
            "re(left * conjugate(right)) * function",
        ),
        (
            "formula-width",
            "1 / (s - M^2 + i M Gamma)",
            "(gap - I * loss) / (gap**2 + loss**2)",
            "(gap + I * loss) / (gap**2 + loss**2)",
        ),
        (
            "formula-conjugate-part",
            "f - f^+ of a term with its conjugate stands behind i",
            "re(a * conjugate(b))",
            "re(a * b, evaluate=False)",
        ),
    ),
    *_file(
        "derivations/processes/renp/papers.py",
        PAPERS,
        (
            "formula-average",
            "a third along q, two thirds across",
            "(Rational(1, 3), Rational(2, 3),",
            "(Rational(1, 3), Rational(1, 3),",
        ),
        (
            "formula-dirac-rest",
            "what is left beside a multiple of I^D",
            "stripped - model.numerator",
            "stripped + model.numerator",
        ),
    ),
    *_file(
        "derivations/processes/renp/formulas.py",
        READABLE,
        (
            "formula-two-part",
            "t is a small difference of large numbers",
            "S_OF_OMEGA - SUM**2, two_part=True",
            "S_OF_OMEGA - SUM**2",
        ),
        (
            "formula-open",
            "a channel is open down to its threshold",
            "condition = Condition(T, Integer(0))",
            "condition = Condition(T, Integer(1))",
        ),
        ("formula-range", "E_nu runs over omega Delta_ij", "mean + OMEGA * DELTA / 2", "mean + OMEGA * DELTA"),
    ),
    *_file(
        "codegen/formulas/templates/formulas.py.txt",
        READABLE,
        (
            "formula-two-sum",
            "the rounding error of a sum",
            "(other.high - back)",
            "(other.high + back)",
        ),
        ("formula-two-product", "the rounding error of a product", "- b*c) - a*d)", "- b*c) + a*d)"),
    ),
    *_file(
        "renp/inputs/data/atoms.toml",
        ATOMS,
        ("level-energy", "3P1 above 3P0 of Yb", "wavenumber = 17992.007", "wavenumber = 17922.007"),
    ),
    *_file(
        "renp/rates/experiment.py",
        COUNTING,
        ("coherent-squared", "n_a^2 of coherent atoms", "n_a**2 * volume", "n_a * volume"),
        ("energy-cubed", "1 / E_vg^3 of the dipole strength", "upper / virtual**3", "upper / virtual**2"),
        ("statistical-weight", "2 J_v + 1", "(2 * record.J_v + 1)", "(2 * record.J_e + 1)"),
        ("width-in-eV", "gamma_vg [1/s] times hbar", "record.gamma_vg * HBAR_EV_S", "record.gamma_vg / HBAR_EV_S"),
        ("fermi-squared", "G_F^2 of the rate", "FERMI_CONSTANT**2 * width", "FERMI_CONSTANT * width"),
        (
            "stimulating-field",
            "2 omega / 3 E_eg between the derived and the printed rate",
            "/ (3 * self.E_eg)",
            "/ (2 * self.E_eg)",
        ),
        ("day", "seconds of a day", "SECONDS_PER_DAY: Final = 86400.0", "SECONDS_PER_DAY: Final = 3600.0"),
    ),
    *_file(
        "renp/statistics/couplings.py",
        COUNTING,
        ("hermitian-partner", "the element (j, i) is the conjugate", "entry.conjugate()", "entry"),
    ),
    *_file(
        "renp/statistics/poisson.py",
        COUNTING,
        (
            "chi2-log-sign",
            "chi^2 = 2 sum [N_test - N_true + N_true ln(N_true/N_test)]",
            "series, x - np.log1p(x))",
            "series, x + np.log1p(x))",
        ),
        (
            "chi2-factor",
            "2 of the log-likelihood ratio",
            "2 * np.sum(deviance(expected, observed), axis=-1)",
            "np.sum(deviance(expected, observed), axis=-1)",
        ),
        (
            "chi2-swapped",
            "the test counts vary, the true ones are given",
            "x = (expected - observed) / observed",
            "x = (observed - expected) / observed",
        ),
        ("confidence-level", "one degree of freedom", "stats.chi2.ppf(level, 1)", "stats.chi2.ppf(level, 2)"),
    ),
)
"""Every mutant, in the order of the pipeline."""

SLIM = (
    "gamma5-no-i", "kaellen", "fierz-sign", "vector-exchange-sign", "majorana-half", "pole-sign", "tensor-index-swap",
    "C_ev-third", "dirac-phase", "chi2-log-sign",
)  # fmt: skip
"""The slim form: one mutant of each stage."""
