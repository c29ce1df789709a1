"""The two forms of formulas: what is read, that it prints back, and one line with the column for what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol, conjugate, re, sqrt

from derivations.written.latex import latex_of, parse_latex
from derivations.written.nodes import (
    Call,
    FormulaError,
    Name,
    Negative,
    Number,
    Power,
    Quotient,
    product,
    total,
)
from derivations.written.sympy_form import from_sympy, to_sympy
from derivations.written.text import parse_text, text_of

SAME = (
    ("abs(a_ij)^2 I_D - delta_M m_i m_j Re(a_ij^2)", r"|a_{ij}|^2 I_D - \delta_M m_i m_j \mathrm{Re}\left[a_{ij}^2\right]"),
    ("|a_ij|**2", r"\left| a_{ij} \right|^{2}"),
    ("E_eg/2 - (m_i + m_j)^2/(2*E_eg)", r"\frac{E_{eg}}{2} - \frac{(m_i+m_j)^2}{2 E_{eg}}"),
    ("E_eg/2 - (m_i + m_j)^2/(2*E_eg)", r"\frac{E_{\rm eg}}2 - \frac{\left(m_i+m_j\right)^2}{2\,E_{\mathrm{eg}}}"),
    ("s*(1/2)", r"q^2 \frac12"),
    ("conj(a^L_ij) a^R_ij", r"a^{L*}_{ij} a^R_{ij}"),
    ("conj(a_ij) g_L_ij", r"a_{ij}^{*}\,g_{L,ij}"),
    ("conj(a_ij) g_L_ij", r"\overline{a_{ij}} g_{Lij}"),
    ("sqrt(2) G_F m_e", r"\sqrt{2} G_F m_e"),
    ("sqrt2 G_F", r"\sqrt2\, G_F"),
    ("theta(omega_ij - omega)", r"\Theta(\omega_{ij}-\omega)"),
    ("r2_ij mu_B eps_ij", r"\langle r^2 \rangle_{ij} \mu_B \varepsilon_{ij}"),
    ("r2_ij", r"r^2_{ij}"),
    ("I^D_ij", r"\sum_{ij} I^D_{ij}"),
    ("Delta_ij/(E_vg - omega)^2 [s]", r"\frac{\Delta_{ij}}{(E_{vg}-\omega)^2} \Big[ s \Big]"),
    ("Re(y_P_ij) Im(E_nu)", r"{\rm Re}(y_{P,ij}) \operatorname{Im}\{E_\nu\}"),
    ("anapole_ij", r"\mathrm{anapole}_{ij}"),
    ("my_boson_ij + f1_ij", r"\mathtt{my\_boson}_{ij} + \mathrm{f1}_{ij}"),
    ("-x^(-1/2)", r"-x^{-1/2}"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), SAME)
def test_both_forms_of_a_formula_are_one_tree(text: str, latex: str) -> None:
    assert parse_text(text) == parse_latex(latex)


leaves = st.one_of(
    st.sampled_from(["omega", "m_i", "a^L_ij", "g_L_ij", "r2_ij", "E_eg", "eps_ij", "my_boson_ij", "pi", "i"]).map(
        Name
    ),
    st.integers(0, 99).map(Number),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(st.one_of(inner, inner.map(Negative)), min_size=2, max_size=4).map(total),
        st.lists(inner, min_size=2, max_size=4).map(product),
        st.tuples(inner, inner).map(lambda pair: Quotient(*pair)),
        st.tuples(inner, st.sampled_from([2, 3, -1])).map(lambda pair: Power(*pair)),
        st.tuples(st.sampled_from(["Re", "Im", "conj", "abs", "sqrt", "theta"]), inner).map(lambda pair: Call(*pair)),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_what_is_printed_is_read_back_with_the_same_meaning(tree) -> None:
    """A sum at the start of a sum, or a sign in front of one, may be joined; printing once more shows the same text."""
    for parse, show in ((parse_text, text_of), (parse_latex, latex_of)):
        once = parse(show(tree))
        assert show(parse(show(once))) == show(once)
    assert text_of(parse_latex(latex_of(parse_text(text_of(tree))))) == text_of(parse_text(text_of(tree)))


REFUSED = (
    (parse_text, "", 1, "an empty formula"),
    (parse_text, "omega +", 8, "the end of the formula"),
    (parse_text, "__import__('os')", 1, "character '_'"),
    (parse_text, "m_i.real", 4, "character '.'"),
    (parse_text, "s; t", 2, "character ';'"),
    (parse_text, "a_ij/b_ij c_ij", 11, "reads two ways"),
    (parse_text, "1/2omega", 4, "reads two ways"),
    (parse_text, "x^2^3", 4, "reads two ways"),
    (parse_text, "Re(a_ij y_ij*)", 13, "reads two ways"),
    (parse_text, "a_ij* b_ij", 5, "reads two ways"),
    (parse_text, "omega 2", 7, "a number beside a factor"),
    (parse_text, "2e5", 2, "'e5' after a number"),
    (parse_text, "x^n(", 5, "the end"),
    (parse_text, "x^(1/3)", 2, "the exponent 1/3"),
    (parse_text, "x^99", 2, "the exponent 99"),
    (parse_text, "(s]", 3, "']' for '('"),
    (parse_text, "Re s", 1, "without an argument"),
    (parse_text, "(" * 40 + "s" + ")" * 40, 33, "brackets nested"),
    (parse_text, "s+" * 20_000 + "s", 20_000, "a formula of 40001 characters"),
    (parse_text, "/s" * 1 + "s", 1, "'/'"),
    (parse_text, "s" + "/(s)" * 200, 1, "a formula nested"),
    (parse_text, "(((9^16)^16)^16)^16", 4, "powers of powers that make 256"),
    (parse_text, "9" * 30, 1, "a number of 30 characters"),
    (parse_latex, r"\newcommand{\x}[1]{#1} \x{s}", 1, r"\newcommand, which defines or reads"),
    (parse_latex, r"s + \def\x#1{#1}", 5, r"\def, which defines or reads"),
    (parse_latex, r"\input{secret}", 1, r"\input, which defines or reads"),
    (parse_latex, r"\omeag", 1, r"the command \omeag, allowed \omega"),
    (parse_latex, r"s/m_i m_j", 7, "reads two ways"),
    (parse_latex, r"1/2 m_i", 5, "reads two ways"),
    (parse_latex, r"\frac{s}", 9, "the end of the formula, allowed an argument in braces"),
    (parse_latex, r"\frac{s}{t", 11, "'}' for '{' of column 9"),
    (parse_latex, r"\mathrm{Re} a_{ij}", 1, "Re without brackets"),
    (parse_latex, r"I = s", 3, "'='"),
    (parse_latex, r"\sqrt[3]{s}", 6, "another root"),
    (parse_latex, r"s + \sum_{ij} t", 5, r"\sum inside"),
    (parse_latex, "\\", 1, "'\\' at the end"),
    (parse_text, "\frac{1}{2} a_ij", 1, r"\f is between double quotes, allowed LaTeX between single quotes ('...')"),
    (parse_text, "s \theta_M", 3, r"\t is between double quotes"),
    (parse_text, "s \text{Re}", 3, r"\t is between double quotes"),
    (parse_latex, "a_{ij}\beta", 7, r"\b is between double quotes"),
    (parse_latex, "E_\nu", 3, r"\n is between double quotes"),
    (parse_text, "s\rho", 2, r"\r is between double quotes"),
    (parse_text, "I(omega) = s", 10, "'=', allowed the right-hand side alone"),
    (parse_text, "dsigma/dT := s", 11, "':=', allowed the right-hand side alone"),
    (parse_latex, r"\Sigma \equiv s", 8, r"\equiv, allowed the right-hand side alone"),
    (parse_text, "√2", 1, "character '√', allowed sqrt(...)"),
    (parse_latex, "a_{ij}²", 7, "character '²', allowed ^2"),
    (parse_latex, r"\omega Re(s)", 8, r"the letters Re, allowed \mathrm{Re}(...) in LaTeX"),
    (parse_latex, r"delta_M \omega", 1, r"the letters delta, allowed \delta in LaTeX"),
    (parse_latex, r"\sum_{i<j} s", 1, r"the sum over i<j, allowed \sum_{ij}"),
    (parse_text, "s\x00", 2, "the control character that a code"),
)  # fmt: skip


@pytest.mark.parametrize(("parse", "text", "column", "found"), REFUSED, ids=lambda value: str(value)[:20])
def test_what_is_refused_is_refused_in_one_line_with_its_column(parse, text: str, column: int, found: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)
    assert refused.value.column == column
    assert found in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("parse", "printed", "typed"),
    [
        (parse_text, "δ_M 𝑚_i·a_ij² − ω⁻²∣E_ν∣", "delta_M m_i*a_ij^2 - omega^-2|E_nu|"),
        (parse_text, "θ(ω_ij − ω)Γ µ_ij ϵ_ij", "theta(omega_ij - omega)Gamma mu_ij eps_ij"),
        (parse_latex, r"δ_M m_{i} − \frac{1}{2} E_ν E_{ν}", r"\delta_M m_{i} - \frac{1}{2} E_\nu E_{\nu}"),
    ],
)
def test_characters_of_print_are_read(parse, printed: str, typed: str) -> None:
    assert parse(printed) == parse(typed)


def test_tabs_and_ends_of_lines_are_spaces() -> None:
    assert parse_text("s\r\n\t+ t\n\t\tt") == parse_text("s + t t")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab_^*/+-()[]{}|\\ 12.ijRe,$&~", max_size=40))
def test_any_text_gives_a_formula_or_one_line(text: str) -> None:
    for parse in (parse_text, parse_latex):
        try:
            shown = text_of(parse(text))
        except FormulaError as refused:
            shown = str(refused)
        assert shown
        assert "\n" not in shown


def test_sympy_expressions_are_read_and_given_back() -> None:
    a, m, s = Symbol("a_ij"), Symbol("m_i"), Symbol("s")
    expression = re(a * conjugate(a)) * m**2 / (s - m**2) ** 2 - sqrt(2) * s / 3
    tree = from_sympy(expression)
    back, symbols = to_sympy(tree)
    assert set(symbols) == {"a_ij", "m_i", "s"}
    assert (back - expression).expand() == 0
    with pytest.raises(ValueError, match="allowed symbols, exact numbers"):
        from_sympy(s**m)
    with pytest.raises(ValueError, match="allowed symbols, exact numbers"):
        from_sympy(s * 0.5)
