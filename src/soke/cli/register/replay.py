"""``soke register replay``: what the recall ladder would have said of things that happened."""

from __future__ import annotations

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, show
from soke.register.replay_case import case_names, find_case
from soke.report.replay import GRADED, SUPPOSED, Told, tell_case
from soke.report.tables import replay as tables


def replay(
    name: str = typer.Argument("", help="A case, or a file of your own; none for all in short."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """What the recall ladder would have said of what happened in real life: when, and at what cost to whom.

    Three best value notices to combined authorities and the gateway reviews of the investment funds, as graded facts
    from public pages, tried under the standing offer. Exit status 0, or 2 where a case cannot be read.

    Example: soke register replay

    Example: soke register replay west-of-england

    Example: soke register replay --csv
    """
    told = [tell_case(find_case(case)) for case in ([name] if name else case_names())]
    if as_json or as_csv:
        show(tables.answer(told), as_json=as_json, as_csv=as_csv)
    elif name:
        _print_whole(told[0])
    else:
        _print_in_short(told)


def _print_whole(told: Told) -> None:
    print_table(tables.facts([told], told.case.title))
    _print("")
    print_table(tables.answers([told]))
    _print("")
    _print(GRADED)


def _print_in_short(told: list[Told]) -> None:
    print_table(tables.cases([one for one in told if one.replay]))
    _print("")
    for one in told:
        if one.gates:
            print_table(tables.answers([one], one.case.title))
    _print("")
    _print(SUPPOSED)


def _print(text: str) -> None:
    console().print(text, markup=False, highlight=False)
