"""The q of a bilinear is what its own line receives, so the derivative couplings of one field add with the right sign."""

from __future__ import annotations

from dataclasses import replace

from derivations.atom.nonrelativistic import atomic_operator
from derivations.interactions.language import parse_bilinear
from derivations.interactions.reader import parse_interaction
from derivations.neutrino.rows import AmplitudeTerm
from derivations.processes.renp.amplitude import amplitude


def boson(bilinear: str, coupling: str) -> AmplitudeTerm:
    """Return the M1 amplitude of a spin-0 boson that couples by one bilinear to both lines."""
    text = (
        'name = "boson"\ntitle = "A boson"\ndescription = "A boson."\nreferences = []\n'
        'propagator = { kind = "massive", spin = 0, mass = "mass" }\n'
        f'electron = [ {{ coupling = "f_e", bilinear = "{bilinear}"{coupling} }} ]\n'
        f'neutrino = [ {{ coupling = "f_nu", bilinear = "{bilinear}"{coupling} }} ]\n'
    )
    (term,) = amplitude([parse_interaction(text)]).terms
    return term


def test_a_derivative_coupling_to_both_lines_is_a_pseudoscalar_boson() -> None:
    """``L = d_mu phi (f_e J_e^mu + f_nu J_nu^mu)`` of axial currents is ``y_e = 2 m_e f_e``, ``y_ij = (m_i + m_j) f_ij``.

    Both lines change sign when the derivative moves from the field to the currents: their product, and with it the
    interference with the weak current, is that of the pseudoscalar couplings.
    """
    derivative = boson("i qslash gamma5", ', dimension = -1, units = "eV^-1"')
    pseudoscalar = boson("i gamma5", "")
    plain = pseudoscalar.coefficient
    assert (plain.m_e, plain.M) == (1, 0)
    expected = replace(plain, real=2 * plain.real, imag=2 * plain.imag, m_e=0, M=1)
    assert derivative == replace(pseudoscalar, coefficient=expected)


def test_the_anomalous_moment_adds_to_the_moment_of_the_vector_current() -> None:
    """Gordon: ``gamma^mu`` holds ``i sigma^{mu nu} q_nu / 2 m_e`` with the momentum that the electron receives."""
    moment, current = (atomic_operator(parse_bilinear(text)) for text in ("i sigma(mu,nu) q(nu)", "gamma(mu)"))
    assert (moment.magnetic_order, current.magnetic_order) == (0, 1)
    assert moment.magnetic == {index: tuple(2 * x for x in vector) for index, vector in current.magnetic.items()}
