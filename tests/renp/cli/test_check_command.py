"""``renp check`` and ``renp ledger FOLDER``: files in, one line for each mistake, exit codes 0, 1 and 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import renp
from renp.cli.main import app
from renp.verification.check_benchmark import error_figure

RIGHT = 'formula = "abs(a_ij)^2 I_D - delta_M m_i m_j Re(a_ij^2)"\n'
WRONG = RIGHT.replace("- delta_M", "+ delta_M")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_right_formula_is_confirmed(tmp_path: Path) -> None:
    file = tmp_path / "right.toml"
    file.write_text(RIGHT)
    result = run("check", str(file), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["verdict"] == "confirmed"
    assert {"verdict", "dimension", "terms", "diagnosis", "counterexample", "latex"} <= set(found)
    assert found["dimension"] == {"consistent": True, "clash": ""}
    assert found["terms"][1] == {
        "coupling": "Re(a_ij^2)", "printed": "-delta_M*m_i*m_j", "derived": "-delta_M*m_i*m_j", "difference": "0", "agrees": True,
    }  # fmt: skip
    assert found["diagnosis"] == []
    assert found["zero"] == ["v_ij"]


def test_a_wrong_formula_gets_a_remark_and_a_plot(tmp_path: Path) -> None:
    file, picture = tmp_path / "wrong.toml", tmp_path / "error.svg"
    file.write_text(WRONG)
    result = run("check", str(file), "--plot", str(picture))
    assert result.exit_code == 1
    for words in (
        "Refuted: one slip: the sign of delta_M*m_i*m_j*Re(a_ij^2).",
        "understood as: abs(a_ij)^2*I_D + delta_M*m_i*m_j*Re(a_ij^2)",
        r"in LaTeX: \left|a_{ij}\right|^{2}\,I_D - \delta_M\,m_i\,m_j",
        "right when: the neutrinos are massless",
        "size of the error on the Yb benchmark, Majorana neutrinos: +",
    ):
        assert words in result.stdout
    assert picture.read_text().startswith("<?xml")


MISTAKES = (
    ("", "right.toml:1: field 'formula': found no formula"),
    ("formula = 3\n", ":1: field 'formula': found the number 3, allowed a string"),
    ("Formulas = 's'\n", ":1: field 'Formulas': found the key 'Formulas', allowed formula, or another of formula, "),
    (RIGHT + "colour = 1\n", ":2: field 'colour': found the key 'colour', allowed formula, "),
    (RIGHT + "[define]\nx = 1\n", ":3: field 'define.x': found the number 1, allowed a string"),
    (RIGHT + "interactions = 'vector'\n", ":2: field 'interactions': found a string, allowed an array"),
    (RIGHT + "interactions = ['zprime']\n", "right.toml:2: unknown interaction 'zprime'"),
    (RIGHT + "nature = 'weyl'\n", "right.toml:2: nature must be one of both, dirac, majorana, found 'weyl'"),
    (RIGHT + "\nquantity = 'rate'\n", "right.toml:3: quantity must be one of summand, "),
    (RIGHT + "atomic_tensor = 'round'\n", "right.toml:2: atomic_tensor must be one of averaged, "),
    (RIGHT + "[conventions]\nsigma_q = 'odd'\n", "right.toml:3: convention 'sigma_q': found 'odd', allowed "),
    ("formula = 'E_eg/2'\n", ":1:12: field 'formula': found no coupling of the neutrinos, allowed some of a_ij, v_ij, "),
    ('\nformula = "abs(a_ij)^2 omgea"\n', ":2:24: field 'formula': found unknown symbol 'omgea', allowed omega"),
    ('formula = """\nabs(a_ij)^2\n + omgea\n"""\n', ":3:4: field 'formula': found unknown symbol 'omgea'"),
    (RIGHT.replace("I_D", "x") + '[define]\nx = "s + y_ij"\n', ":3:10: field 'define.x': found unknown symbol 'y_ij'"),
    (RIGHT.replace("I_D", "x") + '[define]\nx = "2*x"\n', "found a circular definition, x -> x"),
    ("formula = \n", "found invalid TOML"),
    (r'formula = "\delta_M"', r"right.toml: found invalid TOML (Unescaped '\' in a string (at line 1, column 14)), allowed a backslash"),
    (r'formula = "\frac{1}{2}"', r"found the control character that \f is between double quotes, allowed LaTeX between single"),
    (r'formula = "\theta_M"', r"found the control character that \t is between double quotes, allowed LaTeX between single"),
    ("a = " + "[" * 30, "brackets nested"),
    (r"formula = '\newcommand{\x}{s}'" + "\n", r":1:12: field 'formula': found \newcommand"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_mistakes_in_files_are_told_with_line_and_column(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "right.toml"
    file.write_text(text)
    result = run("check", str(file))
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.startswith("renp: error: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_formula_can_stand_on_the_command_line() -> None:
    formula = "|a_ij|^2 I_D - m_i m_j Re(a_ij^2)"
    assert run("check", "--formula", formula, "--nature", "majorana").exit_code == 0
    assert run("check", "--formula", formula, "--nature", "Dirac").exit_code == 1
    scalar = ("--quantity", "threshold", "--interaction", "scalar")
    assert run("check", "--formula", "E_eg/2 - (m_i + m_j)^2/(2 E_eg)", *scalar).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "renp check takes a FILE.toml or --formula TEXT, found neither: see renp check --help"),
        (("a.toml", "--formula", "s"), "renp check takes a FILE.toml or --formula TEXT, found both"),
        (("a.toml", "--nature", "dirac"), "--nature goes with --formula; in a.toml it is the field 'nature'"),
        (("a.toml", "--interaction", "scalar"), "--interaction goes with --formula; in a.toml it is the field"),
        (("|a_ij|^2 I_D",), "found no file '|a_ij|^2 I_D'; a formula on the command line stands behind --formula"),
        (
            ("--formula", "|a_ij|^2 I_D", "--nature", "weyl"),
            "nature must be one of both, dirac, majorana, found 'weyl'",
        ),
        (("--formula", "s", "--formula", "t"), "--formula: found it 2 times, allowed once"),
        (("--formula", "s", "--nature", "dirac", "--nature", "both"), "--nature: found it 2 times, allowed once"),
        (
            ("--formula", "|y_P_ij|^2"),
            "column 2: found y_P_ij, a symbol of the interaction 'scalar', allowed it beside --interaction scalar",
        ),
        (
            ("--formula", "s", "--interaction", "vector", "--interaction", "vector"),
            "interactions: found 'vector' twice, allowed once",
        ),
        (("--formula", "|a_ij|^2 J_D"), "column 10: found unknown symbol 'J_D', allowed I_D"),
    ],
)
def test_a_wrong_call_leads_back(arguments: tuple[str, ...], message: str) -> None:
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"renp: error: {message}")
    assert len(result.stderr.splitlines()) == 1


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_text("#" * 70_000)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b'formula = "\xff"')
    for path, words in (
        (tmp_path, "found a folder"),
        (tmp_path / "absent.toml", "no such file"),
        (large, "found more than 65536 bytes"),
        (binary, "found byte 0xff"),
    ):
        result = run("check", str(path))
        assert (result.exit_code, words in result.stderr) == (2, True)


def test_interactions_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'name = "own"\ntitle = "Own"\ndescription = "Own."\nreferences = []\n'
        'propagator = { kind = "contact", factor = "G_F/sqrt(2)" }\n'
        'terms = [ { coupling = "c", electron = "-gamma(mu) gamma5", neutrino = "gamma(mu) (1 - gamma5)" } ]\n'
    )
    file = tmp_path / "sum.toml"
    file.write_text('formula = "|a_ij + c_ij|^2 I_D"\nnature = "dirac"\ninteractions = ["own.toml"]\n')
    assert run("check", str(file)).exit_code == 0


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draft")
    (folder / "b_wrong.toml").write_text('id = "D-2"\nsource = "My draft"\nequation = "(2)"\n' + WRONG)
    (folder / "a_right.toml").write_text('source = "My draft"\nequation = "(1)"\nclaim = "the weak bracket"\n' + RIGHT)
    (folder / "boson.txt").write_text("no formula")
    return folder


def test_a_folder_of_formulas_is_a_ledger(draft: Path) -> None:
    result = run("ledger", str(draft), "--json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert list(first) == ["id", "source", "claim", "verdict", "reason", "evidence"]
    assert (first["id"], first["source"], first["verdict"]) == ("a_right", "My draft, (1)", "confirmed")
    assert first["claim"].startswith("the weak bracket")
    assert (second["id"], second["verdict"]) == ("D-2", "refuted")
    assert second["evidence"] == f"renp check {draft / 'b_wrong.toml'}"


def test_a_ledger_prints_as_text_markdown_and_latex(draft: Path) -> None:
    text = run("ledger", str(draft)).stdout
    assert "D-2: refuted (My draft, (2))" in text
    assert "2 entries: 1 confirmed, 1 refuted, 0 convention, 0 undecided" in " ".join(text.split())
    markdown = run("ledger", str(draft), "--format", "markdown").stdout
    assert "| [D-2](#ledger-d-2) | My draft, (2) | refuted |" in markdown
    latex = run("ledger", str(draft), "--format", "latex").stdout
    assert r"\documentclass" in latex
    assert r"\left|a_{ij}\right|^{2}" in latex
    assert latex.rstrip().endswith(r"\end{document}")


def test_a_ledger_with_mistakes_says_which_file(draft: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('formula = "x"\n')
    for folder, words in (
        (tmp_path, "bad.toml:1:12"),
        (draft / "none", "no such file or directory"),
        (draft / "boson.txt", ""),
    ):
        result = run("ledger", str(folder))
        assert result.exit_code == 2
        assert words in result.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no file *.toml" in run("ledger", str(empty)).stderr
    one = run("ledger", str(draft), "--id", "D-2")
    assert one.exit_code == 1
    assert "\n1 entry: 0 confirmed, 1 refuted" in one.stdout
    assert "unknown entry 'D-3'" in run("ledger", str(draft), "--id", "D-3").stderr


def test_all_bad_files_of_a_ledger_are_told_beside_the_verdicts(tmp_path: Path) -> None:
    for name, text in (("a", RIGHT), ("b", "formula = 3\n"), ("c", 'formula = "omgea"\n'), ("d", 'id = "a"\n' + RIGHT)):
        (tmp_path / f"{name}.toml").write_text(text)
    result = run("ledger", str(tmp_path))
    assert result.exit_code == 2
    assert result.stdout.startswith("a: confirmed")
    lines = result.stderr.splitlines()
    assert sorted(Path(line.split(":")[2].strip()).name for line in lines) == ["b.toml", "c.toml", "d.toml"]
    assert all(line.startswith("renp: error: ") for line in lines)


def test_files_and_folders_lead_to_the_command_that_takes_them(draft: Path, tmp_path: Path) -> None:
    assert f"renp ledger {draft}" in run("check", str(draft)).stderr
    file = draft / "b_wrong.toml"
    assert f"renp check {file}" in run("ledger", str(file)).stderr
    page = tmp_path / "one.html"
    assert "--format markdown or latex" in run("ledger", str(draft), "--html", str(page)).stderr
    assert run("ledger", "--id", "GP22-q2", "--html", str(page)).exit_code == 0
    assert page.read_text().count("<article") == 1


def test_a_plot_of_what_is_no_spectrum_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "threshold.toml"
    file.write_text('formula = "E_eg/2"\nquantity = "threshold"\n')
    monkeypatch.setattr("renp.verification.formula_files.check", lambda *_, **__: pytest.fail("checked before"))
    result = run("check", str(file), "--plot", str(tmp_path / "a.png"))
    assert result.exit_code == 2
    assert result.stderr.startswith("renp: error: --plot shows spectra: quantity is to be bracket or summand")


def test_the_size_of_an_error_is_that_of_the_nature_in_which_it_shows() -> None:
    result = run("check", "--formula", "|a_ij|^2 I_D - m_i m_j Re(a_ij^2)")
    assert "size of the error on the Yb benchmark, Dirac neutrinos: -" in result.stdout
    assert "e-1" not in result.stdout


def test_a_plot_shows_printed_and_derived_however_close() -> None:
    verdict = renp.check("1.0001*(|a_ij|^2 I_D - delta_M m_i m_j Re(a_ij^2))")
    figure = error_figure(verdict.judgement.formula, verdict.setting, points=20)
    above = figure.axes[0]
    assert len(above.lines) == 2
    assert [text.get_text() for text in above.get_legend().get_texts()] == ["derived", "printed"]


def test_an_option_of_one_value_is_given_once_in_every_command() -> None:
    for arguments in (
        ("spectrum", "--lightest", "0.1", "--lightest-mass", "0.2"),
        ("ledger", "--id", "A", "--id", "B"),
        ("cite", "--model", "vector", "--model", "scalar"),
    ):
        result = run(*arguments)
        assert result.exit_code == (0 if "--model" in arguments else 2)
        assert ("found it 2 times, allowed once" in result.stderr) == ("--model" not in arguments)


def test_sources_and_verdicts_of_the_ledger_add_up() -> None:
    several = ("--source", "YST15", "--source", "VE89")
    both = run("ledger", *several, "--verdict", "convention", "--verdict", "confirmed", "--json")
    alone = [
        entry["id"]
        for source in ("YST15", "VE89")
        for verdict in ("convention", "confirmed")
        for entry in json.loads(run("ledger", "--source", source, "--verdict", verdict, "--json").stdout)
    ]
    assert len(alone) > 2
    assert {entry["id"] for entry in json.loads(both.stdout)} == set(alone)
