"""Pages of the book that are written by code: one per derivation, listed by subject, the gallery of figures, the laws of physics.

In: the derivations. Out: MyST pages under ``docs/generated``, rewritten only where they changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derivations import catalogue
from derivations.steps.step import markdown_text
from renp.output.files import write_files

if TYPE_CHECKING:
    from renp.verification.ledger import Account

GROUPS = (
    ("spectral", "Spectral functions, M1 pair step", lambda name: name in _spectral() and not name.endswith("-E1")),
    ("spectral-e1", "Spectral functions, E1 pair step", lambda name: name.endswith("-E1")),
    ("foundations", "Currents, electrons, atoms, rate", lambda name: name not in _spectral()),
)


def write_generated(target: Path) -> None:
    """Write all generated pages and remove those that no longer belong."""
    pages = {f"derivations/{name}": text for name, text in derivation_pages()}
    pages["figures.md"] = figures_page()
    pages["laws.md"] = laws_page()
    (target / "derivations").mkdir(parents=True, exist_ok=True)
    for stale in target.rglob("*.md"):
        if stale.relative_to(target).as_posix() not in pages:
            stale.unlink()
    for name, text in pages.items():
        path = target / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_files({path: text.encode()})


LEDGER_FILE = "verdicts.html"
"""The ledger with filters in the built book, beside its page ``ledger.html``."""


def write_ledger(target: Path) -> None:
    """Write the ledger as one HTML file."""
    from renp.verification.ledger_pages import as_html

    target.mkdir(parents=True, exist_ok=True)
    write_files({target / LEDGER_FILE: as_html().encode()})


def link_ledger(app: object, name: str, source: list[str]) -> None:
    """Lead from the page of the ledger to the one with filters, which only the built book has beside it."""
    if name == "ledger":
        words = "all of them as one page with filters"
        source[0] = source[0].replace(words, f'<a href="{LEDGER_FILE}">{words}</a>', 1)


def figures_page() -> str:
    """Return the gallery: every figure drawn when the page is built, with what it shows and how it compares."""
    from renp.studies.figures.registry import FIGURES

    lines = [
        "---", "file_format: mystnb", "kernelspec:", "  name: python3", "---", "",
        "# Figures", "",
        "The figures of the papers, drawn from the generated evaluators when this page was built: with the set-up of the papers, with the",
        "derived one ([what it changes](../physics/real_atom.md)), with the exact chain, with the full propagator.",
        "Each is `renp figure NAME`. Colours are told apart with any common colour blindness, and every curve has a dash pattern of",
        "its own.", "",
        "```{code-cell} python", ":tags: [remove-cell]", "from book import show_figure", "```", "",
    ]  # fmt: skip
    for name, figure in FIGURES.items():
        lines += [
            f"## {markdown_text(name)}", "",
            f"*{markdown_text(figure.source)}.* {markdown_text(_sentence(figure.shows))}", "",
            "```{code-cell} python", ":tags: [hide-input]", f'show_figure("{name}")', "```", "",
            markdown_text(_sentence(figure.compared)), "",
        ]  # fmt: skip
    return "\n".join(lines)


def bibliography_page() -> str:
    """Return the bibliography, by what the texts are for, with the sources of the numbers that are shipped."""
    import renp
    from derivations.references import Reference, references
    from renp.inputs.bounds import BOUNDS

    def shown(one: Reference) -> str:
        parts = (
            markdown_text(one.authors),
            f"*{markdown_text(one.title)}*" if one.title else "",
            markdown_text(one.place),
        )
        text = ", ".join(part for part in parts if part)
        text = f"[{text}]({one.link})" if one.link else text
        return f"{text}. {markdown_text(one.fields.get('annotation', ''))}".strip()

    lines = [
        "# Bibliography", "",
        "The short names are used throughout the book, in the code and by the commands: `renp cite GP22` prints an entry as BibTeX,",
        "`renp cite vector` the papers of an interaction, `renp cite renp` this software.", "",
    ]  # fmt: skip
    groups = dict.fromkeys(one.fields["keywords"] for one in references().values() if one.key != "renp")
    for group in groups:
        lines += [f"## {_sentence(group)[:-1]}", ""]
        for one in references().values():
            if one.fields["keywords"] == group:
                lines += [f"**{one.key}**: {shown(one)}", ""]
    oscillation = {f"{s.title}: {s.reference}" for s in renp.OSCILLATION_SETS.values()}
    atoms = {f"{atom.symbol}, {q.name}: {q.source}" for atom in renp.ATOMS.values() for q in atom.quantities}
    lines += [
        "## Sources of the numbers",
        "",
        "Every number that renp ships has its source beside it; `renp list` prints them.",
        "",
    ]
    for heading, texts in (
        ("Oscillation parameters", oscillation),
        ("Atoms", atoms),
        ("Published bounds drawn in the figures", {bound.reference for bound in BOUNDS}),
    ):
        lines += [f"### {heading}", "", *(f"- {_outside_code(text)}" for text in sorted(texts)), ""]
    return "\n".join([*lines, "Constants of nature are CODATA values, taken from `scipy.constants`.", ""])


def _outside_code(text: str) -> str:
    parts = text.split("`")
    return "`".join(part if number % 2 else markdown_text(part) for number, part in enumerate(parts))


def laws_page() -> str:
    """Return the list of strategies and assertions of ``renp.testing``, each with what it says of itself in one sentence."""
    from renp.testing import assertions, strategies

    drawn = {name: getattr(strategies, name) for name in strategies.__all__}
    lines = [
        "# Strategies and assertions", "",
        "What [`renp.testing`](../api.md#tests-of-anybody-s-code) offers for tests of anybody's code. Energies and masses are in eV.", "",
        "## Strategies", "", "They shrink towards simple physics.", "", "| Name | What it draws |", "|---|---|",
        *(f"| `{name}` | {markdown_text(_first_sentence(what))} |" for name, what in drawn.items()), "",
        "## Assertions", "",
        "Each takes any callable that is called like `renp.spectral_function`; what needs more than that takes is skipped.", "",
        "| Name | The physics | Needs |", "|---|---|---|",
        *(
            f"| `{name}` | {markdown_text(law.sentence)} | {', '.join(f'`{word}`' for word in law.needs)} |"
            for name, law in assertions.ASSERTIONS.items()
        ), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _first_sentence(what: object) -> str:
    import inspect

    text = (inspect.getdoc(what) or "").partition("\n")[0]
    return _sentence(text.removeprefix("Return a strategy for ").removeprefix("Return ").replace("``", ""))


def show_figure(name: str) -> object:
    """Return a figure as a picture that a notebook cell shows."""
    import tempfile

    from IPython.display import Image

    from renp.studies.figures.registry import draw

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.png"
        draw(name, path)
        return Image(data=path.read_bytes(), width=760, alt=name)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


def derivation_pages() -> Iterable[tuple[str, str]]:
    """Yield ``(file name, text)`` of every derivation page and of the lists that hold them."""
    names = catalogue.names()
    for name in names:
        yield f"{name}.md", _with_command(name, catalogue.derive(name).as_myst())
    for key, title, belongs in GROUPS:
        chosen = [name for name in names if belongs(name)]
        lines = [f"# {title}", "", "```{toctree}", ":maxdepth: 1", "", *chosen, "```", ""]
        yield f"index-{key}.md", "\n".join(lines)


def _with_command(name: str, page: str) -> str:
    heading, _, rest = page.partition("\n")
    note = f"Printed by `renp derive {name}`; as a LaTeX document by `renp derive {name} --latex`."
    return "\n".join([heading, "", note, rest])


@cache
def _spectral() -> frozenset[str]:
    from derivations.interactions.reader import shipped_interactions

    shipped = [interaction.name for interaction in shipped_interactions()]
    return frozenset({"everything", *shipped, *(f"{name}-E1" for name in shipped)})


_SECTIONS = frozenset({"Parameters", "Attributes", "Raises", "Returns"})
_ENTRY = re.compile(r"(\S.*?) : (.*)")


def restyle_docstring(app: object, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Turn the one-line entries ``name : meaning`` of the docstrings into what Sphinx's napoleon reads; escape bars.

    Napoleon would take the meaning for a type. Entries inside an entry (the keys of a mapping) become a list.
    """
    result: list[str] = []
    section, in_list = "", False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if following and set(following) == {"-"}:
            section, in_list = line, False
        if section not in _SECTIONS or not line.strip() or set(line) == {"-"} or line == section:
            result.append(_bars(line))
            in_list = in_list and bool(line.strip())
            continue
        entry, nested = _ENTRY.fullmatch(line.strip()), line.startswith("    ")
        if entry and not nested and section != "Returns":
            result += [_bars(entry[1]), f"    {_bars(entry[2])}"]
            in_list = False
        elif entry and nested:
            result += [*([] if in_list else [""]), f"    - *{_bars(entry[1])}*: {_bars(entry[2])}"]
            in_list = True
        else:
            indent = ("      " if in_list else "    ") if nested else ""
            result.append(indent + _bars(line.strip()))
    lines[:] = result


def plain_signature(
    app: object, what: str, name: str, obj: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write the aliases of types, such as ``ArrayLike``, by name alone."""
    alias = re.compile(r"TypeAliasForwardRef\('([^']*)'\)")
    return tuple(None if text is None else alias.sub(r"\1", text) for text in (signature, returns))  # type: ignore[return-value]


def _bars(text: str) -> str:
    """Escape what reStructuredText takes for a substitution, outside literals."""
    pieces = text.split("``")
    return "``".join(piece if number % 2 else piece.replace("|", "\\|") for number, piece in enumerate(pieces))


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> object:
    """Return a table that a notebook cell shows as Markdown."""
    from IPython.display import Markdown

    cells = [[str(cell) for cell in row] for row in rows]
    head = list(headings)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in cells)]
    return Markdown("\n".join(lines))


def say(text: str) -> object:
    """Return a sentence with computed numbers that a notebook cell shows as Markdown."""
    from IPython.display import Markdown

    return Markdown(text)


def ledger_links(entries: Iterable[Account]) -> object:
    """Return the verdicts of entries, each with a link to its place in the ledger, as a notebook cell shows them."""
    links = "; ".join(f"[{markdown_text(one.id)}](ledger.md#{one.anchor}), {one.verdict}" for one in entries)
    return say(f"In the ledger: {links}.")


def number(value: float, digits: int = 2) -> str:
    """Return a number as LaTeX inside dollars: plain between 0.001 and 10000, with a power of ten otherwise.

    Example
    -------
    >>> number(0.25), number(3.2e-7)
    ('$0.25$', '$3.2\\\\times 10^{-7}$')
    """
    if value == 0:
        return "$0$"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -3 <= power < 4:
        return f"${value:.{max(digits - 1 - power, 0)}f}$"
    return rf"${mantissa}\times 10^{{{power}}}$"


MOMENT = "electromagnetic.mu[1,1]"
"""The coupling whose rate and limit the table of set-ups shows beside the weak current."""

MOMENT_SIZE = 3e-11
"""Its size in the table [mu_B]; the factors of its rate do not depend on it."""

CHOICES = {
    "chain": "prepared atoms",
    "intermediate": "all intermediate states",
    "m1": "$L + 2S$",
    "normalisation": r"derived $\Gamma_0$",
    "C_ev": r"derived $C_{ev}$",
    "coherence_factor": r"coherence $\lvert\rho_{eg}\rvert = 1/2$",
    "setup": "**all of them**",
}
"""What each choice of the derived set-up is called; all of them together at the end."""


def setup_choices() -> dict[str, dict[str, Any]]:
    """Return the settings of each single choice of the derived set-up, and of all of them."""
    from renp.inputs.setups import SETUPS

    return {name: {name: value} for name, value in {**SETUPS["derived"], "setup": "derived"}.items()}


def setup_command(atom: str, settings: Mapping[str, Any]) -> str:
    """Return the command that counts the events of an atom with these settings."""
    from renp.cli.settings import option_name

    chosen = "".join(f" {option_name(name)} {value}" for name, value in settings.items())
    return f"renp events --atom {atom}{chosen} --set '{MOMENT}={MOMENT_SIZE:g}'"


def limit_command(command: str) -> str:
    """Return the command that gives the limit for the settings of one that counts events."""
    return command.partition(" --set ")[0].replace("renp events", f"renp sensitivity '{MOMENT}'")


def setup_numbers(atom: str, settings: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return the events of the weak current, those that the magnetic moment adds, and the limit on it [mu_B]."""
    import renp

    moment = {"mu": [[MOMENT_SIZE, 0, 0], [0, 0, 0], [0, 0, 0]]}
    found = renp.events(atom=atom, **settings, electromagnetic=moment)
    limit = renp.sensitivity(MOMENT, atom=atom, **settings)
    return float(found.weak_counts.sum()), float(found.excess.sum()), float(limit.magnitude)


def setup_rows(atom: str) -> list[tuple[str, str, str, str, str, str, str]]:
    """Return what each choice changes in one atom: atom, choice, weak events, three factors, the command."""
    papers = setup_numbers(atom, {})
    rows = [(atom, "papers' set-up", number(papers[0], 3), "1", "1", "1", f"`{setup_command(atom, {})}`")]
    for name, settings in setup_choices().items():
        found = setup_numbers(atom, settings)
        factors = [number(new / old, 3) for new, old in zip(found, papers, strict=True)]
        rows.append(
            (atom, CHOICES[name], number(found[0], 3), *factors, f"`{setup_command(atom, settings)}`")  # type: ignore[arg-type]
        )
    return rows
