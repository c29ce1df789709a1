"""Formulas in sentences: what stands between dollars is typeset, on a terminal the dollars fall away."""

from __future__ import annotations

import pytest

from derivations.ledger.printed import printed
from derivations.written.prose import pieces, plain, symbols, typeset

COMMANDS = {
    "frac",
    "tfrac",
    "left",
    "right",
    "sqrt",
    "mathrm",
    "bar",
    "langle",
    "rangle",
    "sum",
    "ln",
    "exp",
    "cos",
    "sin",
    "dagger",
}
COMMANDS |= {"to", "le", "ge", "ne", "ll", "gg", "mp", "pm", "times", "cdot", "epsilon", "overline"}


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("q^2 = E_eg (E_eg - 2 omega)", r"q^{2} = E_{eg}\,\left(E_{eg} - 2\,\omega\right)"),
        (
            "i ebar gamma5 e -> (q/2m_e).<f|sigma|i>",
            r"i\, \bar{e}\, \gamma_5\, e \to (q/2m_{e})\cdot \langle f|\sigma|i\rangle",
        ),
        ("eps*_k eps_l", r"\epsilon^{*}_{k}\, \epsilon_{l}"),
        ("2 Re(mu r2*/6)", r"2\, \mathrm{Re}(\mu\, {r^2}^{*}/6)"),
        ("A.B + i sigma.(A x B)", r"A\cdot B + i\, \sigma\cdot (A \times B)"),
        ("exp(-i q.x)", r"\exp (-i\, q\cdot x)"),
        ("2.39e30 /cm^2", r"2.39\times 10^{30} /\mathrm{cm}^{2}"),
        ("mu/sqrt(2 K^2)", r"\mu/\sqrt{2\,K^{2}}"),
        ("+1/2", "+1/2"),
        ("-+", r"\mp"),
        ("sum_j |sum_k U*_alpha,k|^2", r"\sum _{j} |\sum _{k}\, U^{*}_{\alpha,k}|^{2}"),
    ],
)
def test_ascii_as_people_type_it(formula: str, latex: str) -> None:
    assert typeset(formula) == latex


def test_a_dollar_without_its_partner_is_one_clear_line() -> None:
    with pytest.raises(ValueError, match="an odd number of dollars, allowed one at each end"):
        pieces("at $omega alone")


def test_a_terminal_sees_no_dollars() -> None:
    assert plain("at $omega < omega_ij$ alone") == "at omega < omega_ij alone"


def test_symbols_are_found_among_words() -> None:
    found = [
        content
        for symbol, content in symbols("at 2m_e, see S16-C_ev-Yb and `renp derive ls_coupling`: mu is 3.2e-19")
        if symbol
    ]
    assert found == ["m_e", "mu", "3.2e-19"]


def test_every_printed_formula_is_typeset_without_a_word_left_over() -> None:
    import re

    from derivations.written.latex import GREEK

    for record in printed().values():
        for text in (record.claim, record.conventions, record.domain):
            for formula in (content for is_formula, content in pieces(text) if is_formula):
                latex = typeset(formula)
                assert set(re.findall(r"\\([A-Za-z]+)", latex)) <= COMMANDS | set(GREEK), (record.id, latex)
                assert latex.count("{") == latex.count("}"), (record.id, latex)
