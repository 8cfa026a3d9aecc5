"""The command line. Every message is a sentence; no command ends in a traceback.

Exit status: 0 fine (warnings included), 1 errors found or a failed verification, 2 bad input, 130 interrupted,
143 told to stop.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

# The same bytes on every run need one thread in the linear algebra; it must be said before numpy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import typer

from soke import __version__
from soke.cli.output import say
from soke.errors import SokeError
from soke.text import clean

# Command -> module and function. Only the module of the command that is asked for is imported: each draws in much.
COMMANDS = {
    "place": ("accounts", "place"),
    "places": ("accounts", "list_places"),
    "settle": ("settle", "settlement_command"),
    "verify": ("verify", "verify"),
    "new": ("deals", "new"),
    "check": ("deals", "check"),
    "cases": ("cases", "cases"),
    "explain": ("deals", "explain"),
    "diff": ("deals", "diff"),
    "sheet": ("deals", "sheet"),
    "run": ("runs", "run"),
    "compare": ("compare", "compare"),
}
# Group -> what its help says, and its commands.
GROUPS: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "data": (
        "The tables of published figures that Soke ships.",
        {"build": ("build", "build"), "import": ("imports", "import_workbooks")},
    ),
    "round": (
        "A vote of residents: codes, ballots, receipts, and a roll that anybody can check.",
        {
            "open": ("round.open", "open_round"),
            "codes": ("round.open", "codes"),
            "status": ("round.open", "status"),
            "cast": ("round.cast", "cast"),
            "spoil": ("round.cast", "spoil"),
            "close": ("round.close", "close"),
            "verify": ("round.verify", "verify"),
            "find": ("round.close", "find"),
            "publish": ("round.publish", "publish_command"),
        },
    ),
    "asset": (
        "Assets of community value: each step on its day, what is due, by whom and when.",
        {
            "check": ("asset.check", "check"),
            "status": ("asset.check", "status"),
            "due": ("asset.due", "due"),
            "list": ("asset.due", "list_assets"),
            "rules": ("asset.rules", "rules"),
        },
    ),
    "delivery": (
        "Services that community groups deliver: money, outcomes, reports, the break clause.",
        {"check": ("delivery", "check"), "due": ("delivery", "due"), "status": ("delivery", "status")},
    ),
    "register": (
        "The register: what was done under a deal, for anyone to check.",
        {
            "init": ("register.init", "init"),
            "record": ("register.record", "record"),
            "status": ("register.status", "status"),
            "history": ("register.history", "history"),
            "verify": ("register.verify", "verify"),
            "publish": ("register.publish", "publish"),
            "prove": ("register.publish", "prove"),
            "export": ("register.export", "export"),
            "backup": ("register.export", "backup"),
            "replay": ("register.replay", "replay"),
        },
    ),
    "assembly": (
        "Assemblies and service-user panels: drawn by lot, for anyone to check.",
        {
            "check": ("assembly.check", "check"),
            "draw": ("assembly.draw", "draw"),
            "verify": ("assembly.verify", "verify"),
            "replace": ("assembly.replace", "replace"),
            "ask": ("assembly.ask", "ask"),
            "answers": ("assembly.answers", "answers"),
        },
    ),
    "budget": (
        "Neighbourhood budgets: a fund shared out, ballots counted, outcomes explained.",
        {
            "count": ("budget.count", "count"),
            "audit": ("budget.count", "audit"),
            "why": ("budget.why", "why"),
            "split": ("budget.split", "split_fund"),
            "screen": ("budget.screen", "screen_command"),
        },
    ),
}


VERSION = "--version"


def app(asked: str | None, within: str | None = None) -> typer.Typer:
    """The commands, or only the one asked for where there is one of that name; of a group only the one within."""
    every = asked not in (*COMMANDS, *GROUPS, VERSION)
    made = typer.Typer(
        name="soke",
        help="Devolution as code for England: what places raise and spend, what a deal says, what would follow.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    made.callback(invoke_without_command=True)(_root)
    for group, (words, commands) in GROUPS.items():
        if every or asked == group:
            part = typer.Typer(help=words, no_args_is_help=True)
            for name, where in commands.items():
                if (asked == group and within == name) or within not in commands:
                    part.command(name)(_command(*where))
            made.add_typer(part, name=group)
    for name, where in COMMANDS.items():
        if every or asked == name:
            made.command(name)(_command(*where))
    return made


def _command(module: str, function: str) -> Callable[..., None]:
    found: Callable[..., None] = getattr(importlib.import_module(f"soke.cli.{module}"), function)
    return found


def _root(version: bool = typer.Option(False, VERSION, help="Print the version and stop.")) -> None:
    if version:
        typer.echo(f"soke {__version__}")
        raise typer.Exit


def _asked(arguments: Sequence[str]) -> tuple[str | None, str | None]:
    """The command that the arguments name, or the option that needs none of them; and the command within it."""
    if list(arguments) == [VERSION]:
        return VERSION, None
    named = [one for one in arguments if not one.startswith("-")]
    return next(iter(named), None), next(iter(named[1:]), None)


def main() -> None:
    """Entry point: runs the app and turns every declared error into a sentence and an exit status."""
    _streams()
    with contextlib.suppress(ValueError):  # not in the main thread, which is told to stop
        signal.signal(signal.SIGTERM, _stop)
    try:
        _check_text(sys.argv[1:])
        status = app(*_asked(sys.argv[1:]))(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except SokeError as error:
        say(f"soke: {error}")
        sys.exit(2)
    except KeyboardInterrupt as stopped:
        say("soke: stopped. Nothing was left half-written.")
        sys.exit(143 if isinstance(stopped, _Terminated) else 130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        what = f"{error.filename}: " if error.filename else "The output cannot be written: "
        say(f"soke: {what}{error.strerror or error}. Make room, or choose another place.")
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    except typer.TyperException as error:
        say(f"soke: {error.format_message()} Run `soke --help`.")
        sys.exit(2)


class _Terminated(KeyboardInterrupt):
    """Somebody asked the process to end: what it was about to make is taken back on the way out."""


def _stop(*_: object) -> None:
    raise _Terminated


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
