"""Writing ``.pb`` files: what is written reads back as the same election."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from soke.community.budgets.election import Election, Project
from soke.community.budgets.manifest import canonical, rule_as_json
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb import LEAST_KEY, MARK, SECTIONS
from soke.community.budgets.registry import RULES
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import Tally
from soke.errors import SokeError

RULE_KEY, BALLOTS_KEY = "soke_rule", "soke_ballots"
CUSTOM = "-custom"  # ends the name of a rule that decides by more than its name says
LEFT_OUT = "Voters are numbered anew, in the order of the ballots, and what else the ballots said of them is left out."


def write_election(election: Election) -> bytes:
    """The bytes of a ``.pb`` file, UTF-8 with plain line ends. Line ends inside a name become plain ones too.

    SokeError where an id could not be read back: empty, with a comma, or with blanks around it.
    """
    _check_ids((project.id for project in election.projects), "project", commas=True)
    _check_ids(election.ballots.voters, "voter", commas=False)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    text.write("META\n")
    writer.writerows([("key", "value"), *_meta(election).items()])
    text.write("PROJECTS\n")
    writer.writerows(_projects(election.projects))
    text.write("VOTES\n")
    writer.writerows(_votes(election))
    try:
        return text.getvalue().encode()
    except UnicodeEncodeError:
        fix = "Look for letters that were cut in half, and write them again."
        raise SokeError("The election has text that is no Unicode.", fix) from None


def decided(outcome: Outcome, received: Tally) -> Election:
    """The election with ``selected``, votes and score as counted, and the rule in META: what ``outcome.pb`` holds.

    META says the rule by the name that the format has for it, and whole, as JSON, under :data:`RULE_KEY`. The file is
    there to be published: of the voters it says nothing but what they chose, and META says so.
    """
    election = outcome.election
    points = election.ballots.points is not None or election.kind == "ordinal"
    projects = tuple(
        replace(
            project, published=number in outcome.winners, votes=int(received.votes[number]),
            score=int(received.score[number]) if points else None,
            extra={key: value for key, value in project.extra.items() if key != MARK},
        )
        for number, project in enumerate(election.projects)
    )  # fmt: skip
    meta = {**election.meta, "rule": rule_name(outcome.parameters), LEAST_KEY: str(outcome.parameters.least_score)}
    if not outcome.parameters.least_score:
        del meta[LEAST_KEY]
    meta[RULE_KEY], meta[BALLOTS_KEY] = canonical(rule_as_json(outcome.parameters)).decode(), LEFT_OUT
    voters = tuple(map(str, range(1, len(election.ballots) + 1)))
    ballots = replace(election.ballots, voters=voters, columns={})
    return replace(election, projects=projects, ballots=ballots, meta=meta, sha256="")


def rule_name(parameters: Parameters) -> str:
    """The rule as META names it. What the name does not say and what bars projects or shares out the money otherwise
    makes it a custom rule: no reader shall take it for the plain one."""
    name = RULES[parameters.rule].called if parameters.rule in RULES else parameters.rule
    name += "" if parameters.completion == "none" else "/" + parameters.completion
    name += "-comparison" if parameters.comparison else ""
    return name + (CUSTOM if beyond_the_name(parameters) else "")


def beyond_the_name(parameters: Parameters) -> bool:
    """Whether more than the rule's name and ``min_project_score_threshold`` decide. Refinements for which the format
    has no words (ties, points, satisfaction, increments) are no contradiction to the name."""
    return bool(
        parameters.least_votes or parameters.least_share or parameters.conflicts or parameters.districts
        or parameters.withdrawn
        or parameters.part_funding is not None
    )  # fmt: skip


def money(hundredths: int) -> str:
    """``125000`` is ``1250``, ``125050`` is ``1250.50``."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _check_ids(ids: Iterable[str], what: str, *, commas: bool) -> None:
    for name in ids:
        if not name or name != name.strip() or (commas and "," in name):
            raise SokeError(f'The {what} id "{name[:60]}" cannot stand in a .pb file.',
                            "Give it an id without commas, and without blanks around it.")  # fmt: skip


def _meta(election: Election) -> dict[str, str]:
    meta = dict(election.meta)
    for key in meta:
        if not key or key != key.strip() or key.upper() in SECTIONS:
            raise SokeError(f'"{key[:60]}" cannot be a key of META.', "Choose another name.")
    meta["num_projects"], meta["num_votes"] = str(len(election.projects)), str(len(election.ballots))
    meta["budget"] = money(election.budget)
    if election.kind != "knapsack":
        meta["vote_type"] = election.kind
    elif meta.get("vote_type") != "knapsack":
        meta["vote_type"] = "approval"
        meta.setdefault("max_sum_cost", meta["budget"])
    return meta


def _projects(projects: Sequence[Project]) -> list[list[str]]:
    columns = {
        "votes": [_number(project.votes) for project in projects],
        "score": [_number(project.score) for project in projects],
        "name": [project.name for project in projects],
        "district": [project.district for project in projects],
        "selected": [
            "" if project.published is None else project.extra.get(MARK, str(int(project.published)))
            for project in projects
        ],
    }
    used = {name: cells for name, cells in columns.items() if any(cells)}
    others = [name for name in dict.fromkeys(key for project in projects for key in project.extra) if name != MARK]
    rows = [["project_id", "cost", *used, *others]]
    for number, project in enumerate(projects):
        cells = [column[number] for column in used.values()]
        rows.append([project.id, money(project.cost), *cells, *(project.extra.get(name, "") for name in others)])
    return rows


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _votes(election: Election) -> Iterable[Sequence[str]]:
    ballots = election.ballots
    names = [project.id for project in election.projects]
    chosen, points = ballots.chosen.tolist(), None if ballots.points is None else ballots.points.tolist()
    starts = ballots.starts.tolist()
    yield ["voter_id", "vote", *(["points"] if points is not None else []), *ballots.columns]
    others = list(zip(*ballots.columns.values(), strict=True)) or [()] * len(ballots)
    for number, voter in enumerate(ballots.voters):
        part = slice(starts[number], starts[number + 1])
        vote = ",".join(names[number] for number in chosen[part])
        given = [",".join(map(str, points[part]))] if points is not None else []
        yield [voter, vote, *given, *others[number]]
