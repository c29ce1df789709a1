"""Independent oracles: FORM for every trace, certified ball arithmetic for the E_nu integral.

FORM knows nothing of explicit matrices: it reduces gamma strings by its own rules, with open indices contracted with
auxiliary vectors. Its output, dot products and ``e_(a,b,c,d)``, is compared with the traces over explicit matrices as
polynomials in the components. ``Tr[gamma5 a b c d] = 4 e_`` in FORM; with ``gamma5 = i gamma0 gamma1 gamma2 gamma3`` and
upper components ``e_(a,b,c,d) = i det(a,b,c,d)``.
"""

from __future__ import annotations

import itertools
import re as regex
import shutil
import subprocess

import pytest
from sympy import QQ_I, Poly

from derivations.ledger.oracle import (
    ELECTROMAGNETIC,
    ISOTROPIC,
    METRIC,
    P_J,
    RING,
    WEAK,
    P,
    Q,
    current,
    current_spin_sum,
    energy_average,
    gram,
    m_i,
    m_j,
    spin_sum,
)
from derivations.symbols import M_I, M_J, OMEGA, S
from tests.tolerances import tolerance

CURRENTS = (*WEAK, *ELECTROMAGNETIC)
FORM_CURRENT = {
    "V": "g_(1,{n})",
    "A": "g_(1,{n})*g5_(1)",
    "L": "g_(1,{n})*g7_(1)",
    "R": "g_(1,{n})*g6_(1)",
    "magnetic": "(-1/2)*(g_(1,{n},q)-g_(1,q,{n}))",
    "electric": "(-1/2)*(g_(1,{n},q)-g_(1,q,{n}))*i_*g5_(1)",
    "radius": "(q.q*g_(1,{n})-q.{n}*g_(1,q))",
    "anapole": "(q.q*g_(1,{n})-q.{n}*g_(1,q))*g5_(1)",
}
FORM_BAR = {
    **FORM_CURRENT,
    "magnetic": "(1/2)*(g_(1,{n},q)-g_(1,q,{n}))",
    "electric": "i_*g5_(1)*(1/2)*(g_(1,{n},q)-g_(1,q,{n}))",
}
"""``gamma0 Gamma^+ gamma0``: i gamma5 and gamma^mu gamma5 are self-conjugate, i sigma q changes sign."""

VECTORS = {"p": P, "r": P_J, "q": Q}
PAIRS = list(itertools.product(CURRENTS, repeat=2))


def form_program() -> str:
    lines = ["#-", "Off Statistics;", "Vectors p,r,q,n,l;", "Symbols mi,mj;", "CFunctions D,E;"]
    for number, (first, second) in enumerate(PAIRS):
        left = FORM_CURRENT[first].format(n="n")
        right = FORM_BAR[second].format(n="l")
        lines.append(f"Local F{number} = (g_(1,p)+mi*gi_(1))*{left}*(g_(1,r)-mj*gi_(1))*{right};")
    lines += ["Trace4,1;", "contract;", "Format 255;", "Print;", ".end"]
    return "\n".join(lines) + "\n"


def parse_form(text: str):
    body = "".join(line.strip() for line in text.partition("=")[2].partition(";")[0].splitlines())
    return body.replace(" ", "")


def metric_product(a, b):
    return sum((METRIC[mu] * a[mu] * b[mu] for mu in range(4)), RING.zero)


def determinant(rows):
    total = RING.zero
    for order in itertools.permutations(range(4)):
        sign = 1
        for a, b in itertools.combinations(order, 2):
            sign = -sign if a > b else sign
        term = RING.one * sign
        for row, column in zip(rows, order, strict=True):
            term *= row[column]
        total += term
    return total


TOKEN = regex.compile(r"e_\([a-z,]+\)|[a-z]\.[a-z]|i_|mi|mj|\d+|[-+*/^()]")


def evaluate(expression: str, vectors) -> object:
    """Evaluate FORM's output, a sum of products, as a polynomial in the components (no eval of foreign text)."""
    total, sign, factors, power_base = RING.zero, 1, RING.one, RING.one
    tokens = TOKEN.findall(expression)
    assert "".join(tokens) == expression
    divide = raise_to = False
    if tokens[0] == "-":
        sign, tokens = -1, tokens[1:]
    for token in tokens:
        if token in "+-":
            total += factors * sign
            sign, factors = (1 if token == "+" else -1), RING.one
        elif token == "/":
            divide = True
        elif token == "^":
            raise_to = True
        elif token != "*":
            if raise_to:
                value = power_base ** (int(token) - 1)
            elif token.isdigit():
                value = RING.one * int(token)
            elif token == "i_":
                value = RING(QQ_I(0, 1))
            elif token in ("mi", "mj"):
                value = m_i if token == "mi" else m_j
            elif token.startswith("e_"):
                value = RING(QQ_I(0, 1)) * determinant([vectors[name] for name in token[3:-1].split(",")])
            else:
                value = metric_product(vectors[token[0]], vectors[token[2]])
            power_base = value
            factors = factors / int(token) if divide else factors * value
            divide = raise_to = False
    return total + factors * sign


@pytest.fixture(scope="module")
def form_traces(tmp_path_factory):
    executable = shutil.which("form") or shutil.which("tform")
    if executable is None:
        pytest.skip("FORM is not installed (Debian package: form); its traces are not compared")
    program = tmp_path_factory.mktemp("form") / "traces.frm"
    program.write_text(form_program(), encoding="ascii")
    done = subprocess.run([executable, str(program)], capture_output=True, text=True, check=True)
    blocks = regex.split(r"\n\s+F\d+ =", done.stdout)[1:]
    assert len(blocks) == len(PAIRS)
    return {pair: parse_form("=" + block) for pair, block in zip(PAIRS, blocks, strict=True)}


def unit(mu: int):
    return tuple(RING.one if nu == mu else RING.zero for nu in range(4))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_form_gives_the_same_trace(pair, form_traces):
    text = form_traces[pair]
    for mu, nu in ((0, 3), (1, 1), (1, 2), (2, 0)):
        vectors = {**VECTORS, "n": unit(mu), "l": unit(nu)}
        # n.gamma picks gamma with the lower index: g_{mu mu} gamma^mu
        expected = current_spin_sum(pair[0], pair[1], mu, nu) * (METRIC[mu] * METRIC[nu])
        assert evaluate(text, vectors) == expected


def test_form_and_matrices_agree_on_the_sign_of_gamma5(form_traces):
    assert "e_(" in form_traces["V", "A"]
    assert current("A", 0) != current("V", 0)


def in_balls(expression, values, acb):
    """Evaluate a rational function with Gaussian rational coefficients without rounding a coefficient."""
    parts = []
    for part in expression.together().as_numer_denom():
        total = acb(0)
        for powers, c in Poly(part, S, OMEGA, M_I, M_J, domain=QQ_I).rep.to_dict().items():
            term = acb(int(c.x.numerator)) / int(c.x.denominator)
            term += acb(0, 1) * int(c.y.numerator) / int(c.y.denominator)
            for base, power in zip(values, powers, strict=True):
                for _ in range(power):
                    term *= base
            total += term
        parts.append(total)
    return parts[0] / parts[1]


ENERGIES = (2.14349, 1.07)
MASS_PAIRS = ((0.01, 0.01), (0.01, 0.0514782), (0.0132288, 0.0))


@pytest.mark.parametrize("masses", MASS_PAIRS)
@pytest.mark.parametrize("pair", [("L", "L"), ("magnetic", "magnetic"), ("radius", "magnetic"), ("S", "L"), ("P", "P")])
def test_certified_energy_integral_contains_the_closed_form(pair, masses):
    flint = pytest.importorskip("flint", reason="python-flint is not installed; the E_nu integral is not certified")
    arb, acb = flint.arb, flint.acb
    flint.ctx.prec = 200
    try:
        level, omega = (arb(str(x)) for x in ENERGIES)
        first, second = (arb(str(x)) for x in masses)
        energy, momentum = level - omega, omega
        s = level * (level - 2 * omega)
        gap = first * first - second * second
        # products, not powers: arb's power of a ball around zero is undefined
        together, apart = (first + second) * (first + second), (first - second) * (first - second)
        delta = ((s - together) * (s - apart)).sqrt() / s
        mean = energy / 2 * (1 + gap / s)
        low, high = mean - omega * delta / 2, mean + omega * delta / 2
        polynomial = sum((spin_sum(*pair, k, k) for k in range(3)), RING.zero) / 3

        def integrand(e, _analytic):
            along = (2 * energy * e - s - gap) / (2 * omega)
            across = (e * e - first * first - along * along) / 2
            total = acb(0)
            for (a, b, c, d, *rest), coefficient in polynomial.items():
                if b % 2 or c % 2:
                    continue
                value = acb(int(coefficient.x.numerator)) / int(coefficient.x.denominator)
                value += acb(0, 1) * int(coefficient.y.numerator) / int(coefficient.y.denominator)
                bases = (e, across, along, energy, momentum, first, second)
                for base, power in zip(bases, (a, (b + c) // 2, d, *rest), strict=True):
                    for _ in range(power):
                        value *= base
                total += value
            return total

        certified = acb.integral(integrand, acb(low), acb(high)) / omega
        value = in_balls(gram(*pair, ISOTROPIC), (s, omega, first, second), acb) * delta
        assert certified.overlaps(value)
        assert float((certified - value).abs_upper()) <= tolerance("certified-integral") * float(s)
    finally:
        flint.ctx.prec = 53


def test_averages_tell_energy_from_momentum_and_vanish_for_odd_powers_across():
    assert energy_average((2, 0, 0, 0)) != energy_average((0, 0, 0, 2))
    assert energy_average((0, 1, 0, 0)) == RING.zero
