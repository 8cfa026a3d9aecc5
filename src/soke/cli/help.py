"""``soke help``: the groups and their first commands on one screen; ``help GROUP`` every command with its line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from textwrap import wrap

from soke.cli.commands import GROUPS, Group, bare, function_of, named
from soke.cli.output import tell
from soke.errors import SokeError

WIDTH = 79
FIRST = 5  # commands of a group on the first screen
HELP = ("-h", "--help")


def helped(arguments: Sequence[str]) -> list[str] | None:
    """Print the help on all or on a group, where the arguments ask for that: None. Else the arguments to go on with,
    which ask the command itself for its help. SokeError for help on what there is not."""
    asking = arguments[:1] == ["help"] or any(word in HELP for word in arguments)
    words = [word for word in arguments[arguments[:1] == ["help"] :] if word not in HELP]
    if not words and (asking or not arguments):
        lines = screen()
    elif len(words) == 1 and words[0] in GROUPS and (asking or len(arguments) == 1):
        lines = of_group(words[0], GROUPS[words[0]])
    elif arguments[:1] != ["help"]:
        return list(arguments)
    elif words[0] in bare() or (words[0] in named() and words[1] in named()[words[0]].commands):
        return [*words, "--help"]
    else:
        fix = f"Ask for one of {', '.join((*GROUPS, *bare()))}."
        raise SokeError(f"There is no help on {' '.join(words)[:60]!r}.", fix, code="unknown-name")
    for line in lines:
        tell(line)
    return None


def screen() -> Iterator[str]:
    """The first screen, 80 wide and 23 lines high: each group with what it is for and its first commands."""
    yield "Soke: devolution as code for England."
    for name, group in GROUPS.items():
        lead = "soke" if group.flat else f"soke {name}"
        commands = list(group.commands)
        few = len(commands) <= FIRST + 1
        if not group.joined:
            yield group.words
        yield f"    {lead} {' | '.join(commands if few else commands[:FIRST])}" + (
            "" if few else f", and {len(commands) - FIRST} more"
        )
    yield "soke help register lists all of a group; soke place -h says how one is used."


def of_group(name: str, group: Group) -> Iterator[str]:
    """Every command of a group with the first sentences of its help."""
    yield group.words
    yield ""
    lead = "soke" if group.flat else f"soke {name}"
    for command, where in group.commands.items():
        summary = (inspect.getdoc(function_of(where)) or "").split("\n\n")[0]
        first, *rest = wrap(" ".join(summary.split()), WIDTH - 26) or [""]
        yield f"{f'{lead} {command}':<25} {first}"
        yield from (f"{'':26}{line}" for line in rest)
    yield ""
    yield f"{lead} {next(iter(group.commands))} --help (or -h) says how that one is used, with examples."
