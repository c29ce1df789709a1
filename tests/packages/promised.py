"""What docs/policy.md promises to keep, one line for each name: ``python -m tests.packages.promised`` writes the list anew.

The list grows with a release; a line that has to go is deprecated first.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isclass, isroutine, signature
from pathlib import Path
from types import ModuleType

LIST = Path(__file__).with_name("promised.txt")


def promised() -> Iterator[str]:
    """Yield the public names with the names of their arguments, and the options of every command."""
    import typer.main

    import renp
    import renp.testing
    import renp_generated
    from renp.cli.main import app

    for module in (renp, renp.testing, renp_generated):
        yield from _names(module)
    for name, command in sorted(typer.main.get_command(app).commands.items()):  # type: ignore[attr-defined]
        for parameter in command.params:
            yield from (f"renp {name} {word}" for word in sorted([*parameter.opts, *parameter.secondary_opts]))


def _names(module: ModuleType) -> Iterator[str]:
    for name in sorted(module.__all__):
        value = getattr(module, name)
        shown = f"{module.__name__}.{name}"
        yield shown
        if isclass(value):
            yield from (f"{shown}.{part}" for part in sorted(vars(value)) if not part.startswith("_"))
            yield from (
                f"{shown}.{part}" for part in sorted(getattr(value, "__dataclass_fields__", {})) if part[0] != "_"
            )
        elif isroutine(value):
            yield from (f"{shown}({argument})" for argument in signature(value).parameters)


if __name__ == "__main__":
    LIST.write_text("".join(f"{line}\n" for line in dict.fromkeys(promised())), encoding="utf-8")
