"""``renp cite``: the literature as BibTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from renp.cli.info import installed_version
from renp.cli.models import ModelOption
from renp.output.terminal import print_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["cite_command"]


_SOFTWARE: Final = "% and this software: renp cite renp"


def cite_command(
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY]...",
            help="Short names as they stand in the ledger and the docs, names of shipped interactions, or renp for this software.",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Print BibTeX of what to cite, or without a KEY the list of all keys.

    Example:  renp cite GP22 D13

    Example:  renp cite renp

    Example:  renp cite vector

    Example:  renp cite --model dark_higgs.toml
    """
    from derivations.references import references

    if not keys and not model:
        print_table(("key", "title or place"), [(key, one.title or one.line) for key, one in references().items()])
        print(_SOFTWARE)
        return
    wanted, unknown = _of_models(model or []) if model else ([], [])
    chosen = [*_keys(keys or []), *wanted]
    for text in unknown:
        print(f"% not in the bibliography of renp: {text}\n")
    if chosen:
        print("\n\n".join(_entry(key) for key in dict.fromkeys(chosen)))
    if "renp" not in chosen:
        print(f"{'' if not chosen else chr(10)}{_SOFTWARE}")


def _entry(key: str) -> str:
    """Return the BibTeX of one key; that of this software with the version that is installed."""
    from derivations.references import reference

    text = reference(key).bibtex
    return f"{text[:-1]}  version = {{{installed_version('renp')}}},\n}}" if key == "renp" else text


def _keys(words: Iterable[str]) -> list[str]:
    """Return the keys of words that are keys or shipped interactions."""
    from derivations.references import references

    found: list[str] = []
    by_case = {key.lower(): key for key in references()}
    for word in words:
        key = by_case.get(word.lower())
        papers = None if key else _papers(word.lower())
        if papers == ():
            raise ValueError(
                f"the interaction {word!r} is this project's own and names no paper: renp cite lists all keys"
            )
        if not key and not papers:
            raise ValueError(_unknown(word, by_case))
        found += papers or [by_case[word.lower()]]
    return found


def _unknown(word: str, keys: Mapping[str, str]) -> str:
    """Return what is wrong with a word, with keys and interactions near it."""
    from difflib import get_close_matches

    from derivations.interactions.reader import shipped_interactions

    known = {**keys, **{one.name.lower(): one.name for one in shipped_interactions()}}
    near = [key for key in keys if word.lower().startswith(f"{key}-")]
    near = near or get_close_matches(word.lower(), known, n=3, cutoff=0.65)
    hint = f"near it are {', '.join(known[one] for one in near)}; " if near else ""
    return f"unknown reference {word!r}: {hint}renp cite lists all"


def _papers(name: str) -> tuple[str, ...] | None:
    """Return the keys that a shipped interaction names; ``None`` for another word."""
    from derivations.interactions.reader import shipped_interactions
    from derivations.references import keys_in

    return next((keys_in("; ".join(one.references)) for one in shipped_interactions() if one.name == name), None)


def _of_models(models: list[str]) -> tuple[list[str], list[str]]:
    """Return the keys that the files of a model name as their references, and what they name besides."""
    from derivations.references import keys_in
    from renp.cli.models import chosen_model

    texts = dict.fromkeys(text for group in chosen_model(models).interactions for text in group.references)
    return [key for text in texts for key in keys_in(text)], [text for text in texts if not keys_in(text)]
