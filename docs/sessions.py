"""Pages that can be typed along: a Markdown page is one session, and what it shows is what the session gives.

In: a page. Out: the page with its outputs and pictures filled in, and the same session as a script, ``examples/PAGE.py``.

The blocks of a page belong to one empty directory and one Python session, in their order:

- ``python`` is run; ``sh`` is run line by line;
- a block under the comment ``<!-- file: NAME -->`` is the text of that file;
- a ``text`` block, or a ``math`` one, that follows a block which is run is its output;
- a picture ``_static/PAGE-NAME.png`` is what the session saved as ``NAME.png``.

Further comments stand directly above a block: ``<!-- shown: WHY -->``, the block is not run; ``<!-- exit: 2 -->``, the last line
of shell ends with that code; ``<!-- raises: ValueError -->``, the Python ends with that error, and its message is the output;
``<!-- varies: WHY -->``, numbers of the output differ from run to run; ``<!-- output -->``, the block is an output, whatever its
language. Anywhere on a page, ``<!-- slow: WHY -->`` keeps it out of the quick tests.

Run from the project's directory: ``python docs/sessions.py --write [PAGE...]`` fills in, ``--check`` compares.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renp.output.files import write_files

if TYPE_CHECKING:
    from markdown_it.token import Token

ROOT: Final = Path(__file__).resolve().parents[1]
STATIC: Final = ROOT / "docs" / "_static"
EXAMPLES: Final = ROOT / "examples"

COMMENT: Final = re.compile(r"<!-- ([a-z]+)(?:: (.*\S))? -->")
WORDS: Final = {"file", "shown", "exit", "raises", "varies", "output", "slow"}
RUN: Final = ("python", "sh")
OUTPUT: Final = ("text", "math")
LINE: Final = 120
MARK: Final = "\x1e"
"""Printed between the blocks of a run: no page holds it."""

NUMBER: Final = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
ROUNDOFF: Final = 1e-9
"""Sums in another order, by another version of NumPy or of its linear algebra, leave this many digits alone."""


class PageError(Exception):
    """A page that is not what its session gives, or no session: ``page:line: what``."""


@dataclass(frozen=True)
class Output:
    """What a page shows for a block: its lines ``[start, end)``, counted from 0, the fences among them."""

    start: int
    end: int
    language: str
    text: str


@dataclass(frozen=True)
class Block:
    """One step of a session: ``start`` and ``end`` are the lines of its fences as in `Output`, ``words`` its comments."""

    kind: str
    text: str
    start: int
    end: int
    heading: str
    words: Mapping[str, str] = field(default_factory=dict)
    output: Output | None = None


@dataclass(frozen=True)
class Page:
    """A page: its text, the steps of its session, what is shown and not run, its title and the pictures that it shows."""

    path: Path
    text: str
    title: str
    blocks: tuple[Block, ...]
    shown: tuple[Block, ...]
    pictures: tuple[str, ...]
    slow: bool

    @property
    def name(self) -> str:
        """The name of its script and of its pictures."""
        return self.path.stem.lower()

    def at(self, line: int) -> str:
        """Say where a line, counted from 0, stands."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{line + 1}"


def pages() -> list[Page]:
    """Return every page with a session: the README and those of the book that are no notebooks."""
    written = (path for path in sorted((ROOT / "docs").rglob("*.md")) if not {"_build", "generated"} & set(path.parts))
    found = [read(path) for path in (ROOT / "README.md", *written) if not is_notebook(path.read_text(encoding="utf-8"))]
    sessions = [page for page in found if page.blocks]
    names = [page.name for page in sessions]
    for page in sessions:
        if names.count(page.name) > 1:
            raise PageError(
                f"{page.at(0)}: another page has the name {page.name}: scripts and pictures are named after it"
            )
    return sessions


def is_notebook(text: str) -> bool:
    """Say whether a page is run when the book is built, cell by cell."""
    return text.startswith("---\nfile_format: mystnb")


def read(path: Path) -> Page:
    """Read a page.

    Raises
    ------
    PageError : a comment above a block is not one of those that there are, or a block stands inside a list or a quotation.
    """
    from markdown_it import MarkdownIt

    text = path.read_text(encoding="utf-8")
    page = Page(path, text, "", (), (), (), False)
    blocks: list[Block] = []
    words: dict[str, str] = {}
    heading = title = ""
    slow = False
    tokens = MarkdownIt("commonmark").parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        start, end = token.map or (0, 0)
        if token.type == "heading_open" and following is not None:
            heading = re.sub(r"[`*]", "", following.content)
            title = title or heading
        if token.type == "html_block" and (comment := COMMENT.fullmatch(token.content.strip())):
            word, value = comment[1], comment[2] or ""
            if word not in WORDS:
                raise PageError(f"{page.at(start)}: found comment {word!r}, allowed {', '.join(sorted(WORDS))}")
            if word == "slow":
                slow = True
            elif following is None or following.type not in ("fence", "html_block"):
                raise PageError(f"{page.at(start)}: {word!r} stands above no block")
            else:
                words[word] = value
            continue
        if token.type == "fence":
            blocks += _block(page, token, words, heading, blocks)
        elif token.type not in ("html_block", "heading_open") and blocks and blocks[-1].kind != "prose":
            # Prose ends what can be the output of the block before.
            blocks.append(Block("prose", "", start, end, heading))
        words = {}
    pictures = tuple(re.findall(rf"\]\([./\w]*_static/{re.escape(page.name)}-([\w-]+)\.png\)", text))
    steps, shown = (tuple(block for block in blocks if block.kind in kinds) for kinds in (("file", *RUN), ("shown",)))
    return Page(path, text, title, steps, shown, pictures, slow)


def _block(page: Page, token: Token, words: dict[str, str], heading: str, before: list[Block]) -> Iterable[Block]:
    start, end = token.map or (0, 0)
    language = (token.info.split() or [""])[0]
    if "shown" in words or language.startswith("{"):
        return [Block("shown", token.content, start, end, heading, words)]
    if token.level:
        raise PageError(f"{page.at(start)}: a block inside a list or a quotation cannot be run")
    if "file" in words:
        return [Block("file", token.content, start, end, heading, words)]
    if language in RUN:
        return [Block(language, token.content, start, end, heading, words)]
    if (language in OUTPUT or "output" in words) and before and before[-1].kind in RUN and before[-1].output is None:
        last = before.pop()
        output = Output(start, end, language, token.content)
        return [Block(last.kind, last.text, last.start, last.end, last.heading, last.words, output)]
    raise PageError(
        f"{page.at(start)}: a {language or 'plain'} block is neither run nor an output nor a file; "
        "name the file (<!-- file: NAME -->) or say why it is shown (<!-- shown: WHY -->)"
    )


# The script.

HELPERS: Final = {
    "save": '''
def save(name: str, text: str) -> None:
    """Write a file of the page."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.removeprefix("\\n"), encoding="utf-8")
''',
    "sh": '''
def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")
''',
    "raises": '''
@contextmanager
def raises(error: type[Exception]) -> Iterator[None]:
    """Print the message of the error that comes."""
    try:
        yield
    except error as found:
        print(f"{error.__name__}: {found}")
    else:
        sys.exit(f"no {error.__name__} came")
''',
}
"""What a script needs beside its page, each where it is called."""

IMPORTS: Final = {
    "raises": ["import sys", "from collections.abc import Iterator", "from contextlib import contextmanager"],
    "save": ["from pathlib import Path"],
    "sh": ["import subprocess", "import sys"],
}


def script(page: Page, separator: str = "") -> str:
    """Return the session of a page as a script; ``separator`` is a statement that is put in front of every block."""
    steps = [_code(page, block) for block in page.blocks]
    used = [name for name in HELPERS if any(re.search(rf"^(?:with )?{name}\(", step, re.MULTILINE) for step in steps)]
    imports = {line for name in used for line in IMPORTS[name]}
    place = page.path.relative_to(ROOT).as_posix() if page.path.is_relative_to(ROOT) else page.path.name
    written = _imports_what_is_written(page.blocks)
    if written:
        imports.add("import sys")
    parts = [
        f'"""{page.title.rstrip(".")}: the session of {place}, as one script.\n\n'
        f"It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.\n"
        '"""',
        "\n".join(sorted(imports, key=lambda line: (line.startswith("from"), line))),
        *(HELPERS[name].strip() for name in used),
        '# What the session writes into the current directory can be imported.\nsys.path.insert(0, "")'
        if written
        else "",
    ]
    heading = page.title
    for block, step in zip(page.blocks, steps, strict=True):
        comment = f"# {block.heading}\n" if block.heading != heading else ""
        heading = block.heading
        parts.append("\n".join(filter(None, [separator, comment + step])))
    return _joined([part for part in parts if part]) + "\n"


def _imports_what_is_written(blocks: Sequence[Block]) -> bool:
    """Return whether Python imports a module of the page, or a package that a line of shell has written."""
    typed: set[str] = set()
    for block in blocks:
        if block.kind == "sh":
            typed |= {*re.findall(r"--out (\w+)", block.text)}
        elif block.kind == "file":
            typed.add(block.words["file"].removesuffix(".py"))
        elif block.kind == "python" and typed & {*re.findall(r"^(?:from|import) (\w+)", block.text, re.MULTILINE)}:
            return True
    return False


def _code(page: Page, block: Block) -> str:
    if block.kind == "file":
        return f'save(\n    "{block.words["file"]}",\n    {_quoted(block.text)},\n)'
    if block.kind == "python":
        code = block.text.rstrip("\n")
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise PageError(f"{page.at(block.start + (error.lineno or 1))}: {error.msg}") from None
        if "raises" not in block.words:
            return code
        if not isinstance(getattr(builtins, block.words["raises"], None), type):
            raise PageError(f"{page.at(block.start)}: found {block.words['raises']!r}, allowed an exception of Python")
        return f"with raises({block.words['raises']}):\n{textwrap.indent(code, '    ')}"
    commands = [line.strip() for line in re.split(r"(?<!\\)\n", block.text) if line.strip()]
    codes = [0] * (len(commands) - 1) + [int(block.words.get("exit", "0"))]
    return "\n".join(_call(command, code) for command, code in zip(commands, codes, strict=True))


def _call(command: str, code: int) -> str:
    """Return the call of a command, which may be continued on further lines, as a formatter writes it."""
    if command.startswith("#"):
        return command
    first, *others = re.split(r"\s*\\\n\s*", command)
    ending = [f"code={code}"] if code else []
    line = f"sh({', '.join([_string(' '.join([first, *others])), *ending])})"
    if len(line) <= LINE or not others:
        return line
    pieces = "\n".join(f"    {_string(piece)}" for piece in (first, *(f" {other}" for other in others)))
    return f"sh(\n{pieces}\n)" if not ending else f"sh(\n{pieces},\n    {ending[0]},\n)"


def _quoted(text: str) -> str:
    quotes = "'''" if '"""' in text else '"""'
    return f"{'r' * (chr(92) in text)}{quotes}\n{text}{quotes}"


def _string(line: str) -> str:
    """Return a literal as a formatter writes it: in double quotes, where that takes no more escapes."""
    plain = json.dumps(line, ensure_ascii=False)
    return repr(line) if plain.count("\\") > repr(line).count("\\") else plain


def _joined(parts: Sequence[str]) -> str:
    """Join pieces of code by one empty line, or by two around definitions."""
    text = parts[0]
    for before, after in pairwise(parts):
        edges = [*ast.parse(before).body[-1:], *ast.parse(after).body[:1]]
        defined = any(isinstance(edge, ast.FunctionDef | ast.ClassDef) for edge in edges)
        text += ("\n\n\n" if defined else "\n\n") + after
    return text


# Running it.


@dataclass(frozen=True)
class Run:
    """What a session gave: the output of each block, and its pictures by name."""

    outputs: tuple[str, ...]
    pictures: Mapping[str, bytes]


def run(page: Page) -> Run:
    """Run the session of a page in a new directory.

    Raises
    ------
    PageError : a block stops with an error, or a block that should does not.
    """
    with tempfile.TemporaryDirectory() as room:
        place = Path(room, "session")
        place.mkdir()
        session = Path(room, f"{page.name}.py")
        session.write_text(script(page, separator=f"print({MARK!r}, flush=True)"), encoding="utf-8")
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        # On a server some programs print more than on a desk.
        inherited = {name: value for name, value in os.environ.items() if name != "CI"}
        environment = {**inherited, "PATH": path, "MPLBACKEND": "agg"}
        done = subprocess.run(
            [sys.executable, "-u", str(session)], cwd=place, env=environment, check=False, text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        first, *outputs = done.stdout.split(f"{MARK}\n")
        if done.returncode or first:
            line = page.blocks[len(outputs) - 1].start if outputs else 0
            raise PageError(f"{page.at(line)}: the block stopped\n{(outputs or [first])[-1].strip()}")
        pictures = {path.stem: path.read_bytes() for path in sorted(place.glob("*.png"))}
    return Run(tuple(_tidy(output) for output in outputs), pictures)


def _tidy(output: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())


# Filling in and comparing.


def filled_in(page: Page, given: Run) -> str:
    """Return the text of the page with the outputs of a run, where they differ by more than roundoff."""
    lines = page.text.splitlines()
    for block, text in reversed(list(zip(page.blocks, given.outputs, strict=True))):
        if not _differs(block, text):
            continue
        if block.output is not None:
            fences = [lines[block.output.start], *text.splitlines(), lines[block.output.end - 1]] if text else []
            # Without an output the empty line in front of it goes as well.
            lines[block.output.start - (not text) : block.output.end] = fences
        else:
            lines[block.end : block.end] = ["", "```text", *text.splitlines(), "```"]
    return "\n".join(lines) + "\n"


def _differs(block: Block, text: str) -> str:
    return differs(block.output.text if block.output else "", text, numbers="varies" not in block.words)


def differences(page: Page, given: Run) -> list[str]:
    """Return what the page shows and a run does not give, one line each."""
    found = []
    for block, text in zip(page.blocks, given.outputs, strict=True):
        if reason := _differs(block, text):
            found.append(f"{page.at((block.output or block).start)}: {reason}")
    for name in sorted({*page.pictures} ^ {*given.pictures}):
        what = (
            "shows a picture that no block saves" if name in page.pictures else "saves a picture that it does not show"
        )
        found.append(f"{page.at(0)}: {what}: {name}.png")
    for name in page.pictures:
        path = picture_path(page, name)
        if not path.exists():
            found.append(f"{page.at(0)}: {path.name} is missing")
        elif name in given.pictures and kept_stamp(path) != stamp(page, name):
            found.append(f"{page.at(0)}: {path.name} was drawn by other code than the page shows")
    return found


def differs(shown: str, given: str, numbers: bool = True) -> str:
    """Return the first difference between two outputs, empty where there is none: words exactly, numbers up to roundoff.

    Spaces do not count, since columns are as wide as their numbers. Of a number with three digits or more the last one may be
    rounded otherwise; integers are equal.

    Example
    -------
    >>> differs("mass  0.0123 eV", "mass 0.0124 eV"), differs("3 checks", "4 checks")
    ('', "shows '3 checks', the session gives '4 checks'")
    """
    first, second = shown.splitlines(), given.splitlines()
    for old, new in zip(first, second, strict=False):
        words = [" ".join(NUMBER.sub("#", line).split()) for line in (old, new)]
        pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=False)
        if words[0] != words[1] or (numbers and not all(_close(*pair) for pair in pairs)):
            return f"shows {old.strip()!r}, the session gives {new.strip()!r}"
    if len(first) != len(second):
        return f"shows {len(first)} lines of output, the session gives {len(second)}"
    return ""


def _close(shown: str, given: str) -> bool:
    a, b = Decimal(shown), Decimal(given)
    if a == b:
        return True
    if shown.lstrip("+-").isdigit() and given.lstrip("+-").isdigit():
        return False
    _, digits, exponent = a.as_tuple()
    unit = Decimal(10) ** exponent if len(digits) > 2 and isinstance(exponent, int) else Decimal(0)
    return abs(a - b) <= max(unit, abs(a) * Decimal(ROUNDOFF))


def picture_path(page: Page, name: str) -> Path:
    """Return where a picture of a page is kept."""
    return STATIC / f"{page.name}-{name}.png"


def stamp(page: Page, name: str) -> str:
    """Return a fingerprint of the code that draws a picture. Its pixels say less: they differ among versions of Matplotlib."""
    code = "".join(block.text for block in page.blocks if re.search(rf"(?<![\w-]){re.escape(name)}\.png", block.text))
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def kept_stamp(path: Path) -> str:
    """Return the fingerprint that a picture carries."""
    from PIL import Image

    with Image.open(path) as image:
        return str(image.info.get("Code", ""))


def picture_files(page: Page, given: Run) -> dict[Path, bytes]:
    """Return the pictures that are new or look otherwise than those that are kept, stamped."""
    from PIL import Image, ImageChops
    from PIL.PngImagePlugin import PngInfo

    changed = {}
    for name in page.pictures:
        path, code = picture_path(page, name), stamp(page, name)
        image = Image.open(io.BytesIO(given.pictures[name])).convert("RGB")
        if path.exists() and kept_stamp(path) == code:
            kept = Image.open(path).convert("RGB")
            if kept.size == image.size and ImageChops.difference(kept, image).getbbox() is None:
                continue
        info, data = PngInfo(), io.BytesIO()
        info.add_text("Code", code)
        image.save(data, "png", optimize=True, pnginfo=info)
        changed[path] = data.getvalue()
    return changed


def write(page: Page) -> list[Path]:
    """Run a page, fill in its outputs, keep its pictures and its script; return what has changed."""
    given = run(page)
    if missing := {*page.pictures} ^ {*given.pictures}:
        raise PageError(f"{page.at(0)}: saved and not shown, or shown and not saved: {', '.join(sorted(missing))}")
    texts = {page.path: filled_in(page, given), **scripts(page)}
    if page.path.read_text(encoding="utf-8") != page.text:
        raise PageError(f"{page.at(0)}: the page was changed while its session ran; nothing is written")
    contents = {path: text.encode() for path, text in texts.items()} | picture_files(page, given)
    changed = [path for path, data in contents.items() if not path.exists() or path.read_bytes() != data]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_files({path: contents[path] for path in changed})
    return changed


def check(page: Page) -> list[str]:
    """Run a page and return what is not as the page or its script says, one line each."""
    return [*stale_scripts(page), *differences(page, run(page))]


def scripts(page: Page) -> dict[Path, str]:
    """Return what is kept of a page: its script, modules that the script imports, and folders that are there to be copied."""
    files = {block.words["file"]: block.text for block in page.blocks if block.kind == "file"}
    kept = {name: text for name, text in files.items() if name.endswith(".py") or "/" in name}
    return {EXAMPLES / name: text for name, text in {f"{page.name}.py": script(page), **kept}.items()}


def stale_scripts(page: Page) -> list[str]:
    """Return a line for each file of ``examples`` that is not as the text of the page says."""
    stale = [
        path for path, text in scripts(page).items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    remake = f"python docs/sessions.py --write {page.name} makes it anew"
    return [f"{page.at(0)}: {path.relative_to(EXAMPLES)} is stale; {remake}" for path in stale]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check pages; return the exit code: 1 where a page is stale, 2 where one cannot be run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    todo = parser.add_mutually_exclusive_group(required=True)
    todo.add_argument("--write", action="store_true", help="fill in outputs and pictures, write the scripts")
    todo.add_argument("--check", action="store_true", help="compare with what the pages show")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="file or name of a page; all without one")
    options = parser.parse_args(arguments)
    try:
        known = pages()
        chosen = [_find(known, name) for name in options.pages] or known
        (ROOT / "examples").mkdir(exist_ok=True)
        with ThreadPoolExecutor(2) as pool:
            results: list[Sequence[object]] = list(pool.map(write if options.write else check, chosen))
    except PageError as error:
        print(error, file=sys.stderr)
        return 2
    for line in (line for result in results for line in result):
        print(f"wrote {line.relative_to(ROOT)}" if isinstance(line, Path) else line)
    return int(options.check and any(results))


def _find(known: Sequence[Page], name: str) -> Page:
    for page in known:
        if page.name == name or page.path == Path(name).resolve():
            return page
    raise PageError(f"found no page {name!r}, allowed {', '.join(page.name for page in known)}")


if __name__ == "__main__":
    sys.exit(main())
