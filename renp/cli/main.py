"""The command ``renp``.

In: what a physicist types. Out: tables, files and an exit code: 0 good, 1 a check failed, 2 bad input (one line on
stderr says which argument, what was found and what is allowed). As from any Unix tool, 128 + n says that signal n ended
the command: 130 Ctrl-C, 141 the reader of a pipe had enough (``renp list | head``), 129 and 143 hang-up and termination.

Commands load what they need when they run, so ``renp --help`` is quick.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from renp.cli.check import check_command
from renp.cli.cite import cite_command
from renp.cli.derive import derive_command
from renp.cli.events import events_command
from renp.cli.exit_codes import BAD_INPUT, INTERRUPTED, READER_GONE
from renp.cli.figure import figure_command
from renp.cli.fit import fit_command
from renp.cli.generate import generate_command
from renp.cli.identify import identify_command
from renp.cli.import_ import import_command
from renp.cli.info import info_command, installed_version
from renp.cli.ledger import ledger_command
from renp.cli.list import list_command
from renp.cli.probe import probe_command
from renp.cli.scan import scan_command
from renp.cli.sensitivity import sensitivity_command
from renp.cli.settings import CommandWithSettings
from renp.cli.spectrum import spectrum_command
from renp.cli.verify import verify_command

__all__ = ["COMMANDS", "app", "main"]

_NO_ROOM: Final = (errno.ENOSPC, errno.EFBIG, errno.EIO)

# Typer carries its own copy of click or uses the installed one, depending on its version; either way this is the base.
_UsageProblem: Final[type[BaseException]] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


class _OneLineErrors(TyperGroup):
    """A command group that reports a user's mistake in one line and exits with code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; see the class."""
        if not kwargs.pop("standalone_mode", True):
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        words = kwargs.get("args") or (args[0] if args else None) or sys.argv[1:]
        if sys.stderr is None:
            # Without a stream, print() would write its messages to stdout.
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        if sys.stdout is None:
            sys.exit(_complain("standard output is closed: redirect it to /dev/null if it is not wanted"))
        try:
            with _signals_as_exceptions():
                code = super().main(*args, **{**kwargs, "standalone_mode": False})
                sys.stdout.flush()
        except (BrokenPipeError, SystemExit) as stop:
            # Typer and Rich turn a broken pipe into code 1, which here says that a check failed.
            if isinstance(stop, SystemExit) and not isinstance(stop.__context__, BrokenPipeError):
                raise
            code = READER_GONE
        except _Signal as ended:
            code = 128 + ended.number
        except typer.Abort:
            code = INTERRUPTED
        except _UsageProblem as problem:
            code = _complain(_usage(problem))
        except (ValueError, TypeError, OSError, ImportError) as problem:
            if "--debug" in words:
                raise
            code = _complain(_sentence(problem))
        if code in (INTERRUPTED, *(128 + number for number in _ENDING)):
            _say("renp: interrupted" + ("; the same command goes on" if "scan" in words[:1] else ""))
        _drop_output()
        sys.exit(code if isinstance(code, int) else 0)


class _Signal(BaseException):
    """A signal that asks the command to end, on its way through the usual clean-up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


_ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Let termination and hang-up end a command as Ctrl-C does; a second one kills it. ``nohup`` stays in force."""

    def end(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise _Signal(number)

    taken = []
    # Only the main thread may; tests and notebooks may run commands elsewhere.
    with suppress(ValueError):
        for number in _ENDING:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _drop_output() -> None:
    """Drop what cannot be written: Python would complain about it at exit once more."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(problem: Any) -> str:
    """Return what is wrong with a command line, and where it is said how to call the command."""
    message = str(problem.format_message()).rstrip(".")
    context = getattr(problem, "ctx", None)
    if context is None:
        return message
    models = any("--model" in parameter.opts for parameter in context.command.params)
    if models and "extra argument" in message and ".toml" in message:
        message += "; an interaction file goes behind --model"
    return message if message.endswith("?") else f"{message}; see {context.command_path} --help"


def _sentence(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror and (problem.filename or problem.errno in _NO_ROOM):
        # Files carry their name (renp.output.files.naming); what is left without one is what was printed.
        return f"{problem.filename or 'standard output'}: {problem.strerror}"
    return str(problem) or type(problem).__name__


def _complain(message: str) -> int:
    _say(f"renp: error: {' '.join(message.split())}")
    return BAD_INPUT


def _say(line: str) -> None:
    # The terminal or the reader of stderr may be gone.
    with suppress(OSError):
        print(line, file=sys.stderr)


app: typer.Typer = typer.Typer(
    name="renp",
    cls=_OneLineErrors,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Radiative emission of neutrino pairs: derive the formulas, generate and verify the evaluators, use them.",
    epilog="Exit codes: 0 good, 1 a check failed, 2 bad input, 128 + n ended by signal n (130 Ctrl-C, 141 broken pipe).",
)


@app.callback()
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    if version:
        print(installed_version("renp"))
    elif context.invoked_subcommand is None:
        print(context.get_help())


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "spectrum": spectrum_command,
    "generate": generate_command,
    "derive": derive_command,
    "verify": verify_command,
    "ledger": ledger_command,
    "check": check_command,
    "cite": cite_command,
    "list": list_command,
    "import": import_command,
    "info": info_command,
    "events": events_command,
    "sensitivity": sensitivity_command,
    "identify": identify_command,
    "fit": fit_command,
    "probe": probe_command,
    "figure": figure_command,
    "scan": scan_command,
}
"""Every command, in the order of the help; each stands in the module of its name (``import_`` for a word of Python)."""

for _name, _command in COMMANDS.items():
    app.command(_name, cls=CommandWithSettings)(_command)


def main() -> None:
    """Run the command line; the console script ``renp``."""
    app(prog_name="renp")
