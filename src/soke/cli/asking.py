"""Questions at a terminal, or from a pipe that answers them a line each."""

from __future__ import annotations

import sys

import typer

from soke.cli.output import say
from soke.cli.waiting import stop_waiting
from soke.errors import SokeError
from soke.text import clean

LONGEST_ANSWER = 1_000


def answer(question: str, default: str) -> str:
    """One line of standard input; the question goes to standard error. SokeError where there is no line."""
    stop_waiting()
    typer.echo(clean(f"{question} [{default}] " if default else f"{question} "), err=True, nl=not _at_a_terminal())
    try:
        line = sys.stdin.readline(LONGEST_ANSWER) if sys.stdin else ""
    except UnicodeDecodeError:
        raise SokeError("The answer is not UTF-8 text.", "Type it again.") from None
    if not line:
        say("")
        raise SokeError("The answers end before the questions do.", "Nothing was written. Answer all, a line each.")
    if len(line) == LONGEST_ANSWER:
        raise SokeError("The answer is too long.", f"Give at most {LONGEST_ANSWER - 1} characters.")
    return clean(line.strip())


def again(error: SokeError) -> None:
    """At a terminal say what is wrong, and the question comes again; in a pipe the next line answers another."""
    if not _at_a_terminal():
        raise error
    say(str(error))


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
