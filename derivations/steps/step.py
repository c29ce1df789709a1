"""Named derivation steps: what was derived, why, and where it is printed.

Every stage of the pipeline appends a :class:`Step` to a :class:`Derivation`; the same object prints as
readable text, as a LaTeX document and as a MyST page of the docs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One named step of a derivation.

    Parameters
    ----------
    name : short identifier, unique within a derivation, for example ``"gram-V-V"``.
    statement : one or two plain sentences saying what holds after this step.
    latex : the result as LaTeX (without delimiters); several lines are given as a tuple.
    text : the same result as readable plain text.
    reason : why the step is allowed (identity used, approximation made and its size).
    reference : source and equation number, or an empty string where the result is ours.

    Example
    -------
    >>> Step("threshold", "The pair opens at s = (m_i+m_j)^2.", (r"s \\ge (m_i+m_j)^2",), ("s >= (m_i+m_j)^2",),
    ...      "energy conservation", "D13").name
    'threshold'
    """

    name: str
    statement: str
    latex: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Derivation:
    """An ordered, immutable list of named steps.

    Example
    -------
    >>> d = Derivation("demo", "A demonstration").then(Step("a", "First."))
    >>> [step.name for step in d]
    ['a']
    """

    name: str
    title: str
    steps: tuple[Step, ...] = field(default=())

    def then(self, *steps: Step) -> Derivation:
        """Return a new derivation with ``steps`` appended; raise ``ValueError`` on a repeated name."""
        names = [step.name for step in (*self.steps, *steps)]
        repeated = {name for name in names if names.count(name) > 1}
        if repeated:
            raise ValueError(f"repeated step names in derivation {self.name!r}: {sorted(repeated)}")
        return Derivation(self.name, self.title, self.steps + steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def as_text(self) -> str:
        """Return the derivation as readable plain text."""
        lines = [self.title, "=" * len(self.title), ""]
        for number, step in enumerate(self.steps, 1):
            lines.append(f"{number}. [{step.name}] {step.statement}")
            lines.extend(f"       {line}" for line in step.text)
            if step.reason:
                lines.append(f"   because: {step.reason}")
            if step.reference:
                lines.append(f"   see: {step.reference}")
            lines.append("")
        return "\n".join(lines)

    def as_latex(self) -> str:
        """Return a complete LaTeX document (compiles with ``pdflatex``, ``amsmath`` and ``geometry``)."""
        body = []
        for step in self.steps:
            body.append(rf"\section*{{{_escape(step.name)}}}")
            body.append(_escape(step.statement))
            if step.latex:
                rows = "\\\\\n".join(f"&{row}" for row in step.latex)
                body.append("\\begin{align*}\n" + rows + "\n\\end{align*}")
            if step.reason:
                body.append(rf"\emph{{Because:}} {_escape(step.reason)}.")
            if step.reference:
                body.append(rf"\emph{{See:}} {_escape(step.reference)}.")
        return "\n".join(
            [
                r"\documentclass{article}",
                r"\usepackage[utf8]{inputenc}",
                r"\usepackage[margin=2cm]{geometry}",
                r"\usepackage{amsmath,amssymb}",
                r"\allowdisplaybreaks",
                r"\emergencystretch=3em",
                r"\begin{document}",
                rf"\title{{{_escape(self.title)}}}\date{{}}\maketitle",
                *body,
                r"\end{document}",
                "",
            ]
        )

    def as_myst(self) -> str:
        """Return the derivation as a MyST Markdown page."""
        lines = [f"# {markdown_text(self.title)}", ""]
        for step in self.steps:
            lines += [f"## {markdown_text(step.name)}", "", markdown_text(step.statement), ""]
            if step.latex:
                lines += ["```{math}", *_aligned(step.latex), "```", ""]
            if step.reason:
                lines += [f"*Because:* {markdown_text(step.reason)}.", ""]
            if step.reference:
                lines += [f"*See:* {markdown_text(step.reference)}.", ""]
        return "\n".join(lines)


def _aligned(rows: tuple[str, ...]) -> list[str]:
    if len(rows) == 1:
        return [rows[0]]
    *first, last = rows
    return [r"\begin{aligned}", *(f"&{row} \\\\" for row in first), f"&{last}", r"\end{aligned}"]


_MARKDOWN = frozenset("\\`*_<>[]$#~|{}")
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


def markdown_text(text: str) -> str:
    """Return plain text with everything escaped that Markdown would read as markup.

    Example
    -------
    >>> markdown_text("|g_A|")
    '\\\\|g\\\\_A\\\\|'
    """
    return "".join(f"\\{character}" if character in _MARKDOWN else character for character in text)


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
