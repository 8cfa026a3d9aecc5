"""The command line. Every message is a sentence; no command ends in a traceback.

Exit status: 0 fine (warnings included), 1 errors found or a failed verification, 2 bad input, 130 interrupted,
143 told to stop.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

# The same bytes on every run need one thread in the linear algebra; it must be said before numpy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import typer

from soke import meant
from soke.cli.commands import bare, function_of, named
from soke.cli.help import HELP, helped
from soke.cli.once import Once
from soke.cli.output import asked_command, say, say_error
from soke.cli.waiting import waiting
from soke.errors import SokeError
from soke.text import clean
from soke.version import __version__

VERSION = "--version"
ALONE = (VERSION, "--install-completion", "--show-completion")  # options that need no command
ONCE = ("assembly",)  # groups where an option that takes one value is refused a second time
INTERRUPTED, TERMINATED = 130, 143
AT_WORK = "solver"  # the name of a thread that nothing stops
_told_to_stop = threading.Event()
SETTINGS = {"help_option_names": list(HELP)}


def app(asked: str | None, within: str | None = None) -> typer.Typer:
    """The commands, or only the one asked for where there is one of that name; of a group only the one within."""
    commands, groups = bare(), named()
    every = asked not in (*commands, *groups, *ALONE)
    made = typer.Typer(
        name="soke", help="Devolution as code for England.", no_args_is_help=True, rich_markup_mode=None,
        pretty_exceptions_enable=False, context_settings=SETTINGS,
    )  # fmt: skip
    made.callback(invoke_without_command=True)(_root)
    for name, group in groups.items():
        if every or asked == name:
            part = typer.Typer(help=group.words, no_args_is_help=True, context_settings=SETTINGS)
            for command, where in group.commands.items():
                if (asked == name and within == command) or within not in group.commands:
                    part.command(command, cls=Once if name in ONCE else None)(function_of(where))
            made.add_typer(part, name=name)
    for command, where in commands.items():
        if every or asked == command:
            made.command(command)(function_of(where))
    return made


def _root(version: bool = typer.Option(False, VERSION, help="Print the version and stop.")) -> None:
    if version:
        typer.echo(f"soke {__version__}")
        raise typer.Exit


def _asked(arguments: Sequence[str]) -> tuple[str | None, str | None]:
    """The command that the arguments name, or the option that needs none of them; and the command within it."""
    if arguments and arguments[0] in ALONE:
        return arguments[0], None
    words = [argument for argument in arguments if not argument.startswith("-")]
    return next(iter(words), None), next(iter(words[1:]), None)


def _number_meant(message: str, arguments: Sequence[str]) -> str:
    """What to write for a number that was typed with commas or signs, where the message is about a number."""
    typed = [argument.rsplit("=", 1)[-1] for argument in arguments] if "valid" in message else []
    odd = [text for text in typed if not text.lstrip("-").replace(".", "", 1).isdigit()]
    numbers = [number for number in map(meant.number, odd) if number is not None]
    return f"Write {numbers[0]:f}. " if numbers else ""


def main() -> None:
    """Entry point: runs the app and turns every declared error into a sentence and an exit status."""
    _streams()
    with contextlib.suppress(ValueError):  # not in the main thread, which is told to stop
        signal.signal(signal.SIGTERM, _stop)
    try:
        _check_text(sys.argv[1:])
        status = _run(sys.argv[1:])
        sys.stdout.flush()
        if status == INTERRUPTED:
            _stopped()
        sys.exit(status if isinstance(status, int) else 0)
    except SokeError as error:
        say_error(error)
        sys.exit(2)
    except KeyboardInterrupt:
        _stopped()
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        what = f"{error.filename}: " if error.filename else "The output cannot be written: "
        say(f"soke: {what}{error.strerror or error}. Make room, or choose another place.")
        sys.exit(2)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        path = getattr(getattr(error, "ctx", None), "command_path", "") or "soke"
        meant_number = _number_meant(error.format_message(), sys.argv[1:])
        say(f"soke: {error.format_message()} {meant_number}Run `{path} --help`.")
        sys.exit(2)


def _run(arguments: list[str]) -> object:
    """The exit status of what is asked for; the shell asks for the names that complete a line in its own way."""
    completing = "_SOKE_COMPLETE" in os.environ
    words = os.environ.get("COMP_WORDS", "").split()[1:] if completing else arguments
    if not completing:
        left = helped(arguments)
        if left is None:
            return 0
        arguments = words = left
    asked, within = _asked(words)
    asked_command.set(f"{asked} {within}" if asked in named() else asked or "")
    program = "soke" if completing or asked in ALONE else os.environ.get("SOKE_TYPED") or "soke"
    with waiting("" if completing else "Working:"):
        return app(asked, within)(arguments, prog_name=program, standalone_mode=False)


def _stop(*_: object) -> None:
    """Somebody asked the process to end: what it was about to make is taken back on the way out."""
    _told_to_stop.set()
    raise KeyboardInterrupt


def _stopped() -> None:
    """Say so, and end: at once where a solver is still at work, since Python would fall over it on its way out."""
    say("soke: stopped. Nothing was left half-written.")
    status = TERMINATED if _told_to_stop.is_set() else INTERRUPTED
    if any(thread.name == AT_WORK for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _check_text(arguments: Sequence[str]) -> None:
    """SokeError for bytes that are no text: a register has no way to hold them."""
    for argument in arguments if arguments[:1] == ["register"] else ():
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise SokeError("What was typed here is not UTF-8 text.", "Type it again.", clean(argument[:60])) from None


def _drop_output() -> None:
    """What is still waiting to be printed goes nowhere, so that the end of the process does not fail on it too."""
    with contextlib.suppress(OSError, ValueError):  # a stand-in for standard output has no file beneath
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _streams() -> None:
    """Let standard output and error take any text: nowhere if they are closed, else with letters they lack named."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        if isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
