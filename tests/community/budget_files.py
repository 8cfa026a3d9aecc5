"""Small elections for tests, as the text of a .pb file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from soke.community.budgets.election import Election
from soke.community.budgets.pb import parse_election


def pb_text(
    projects: Iterable[str] = ("a;100;Swings", "b;50;Trees", "c;70;Bench"), votes: Iterable[str] = ("1;a,b", "2;b"),
    *, meta: Mapping[str, str | None] | None = None, columns: str = "project_id;cost;name",
    header: str = "voter_id;vote",
) -> str:  # fmt: skip
    """The text; ``meta`` adds to the META section or, with None, takes away."""
    projects, votes = list(projects), list(votes)
    said: dict[str, str | None] = {
        "description": "Elm Road", "num_projects": str(len(projects)), "num_votes": str(len(votes)), "budget": "150",
        "vote_type": "approval", "rule": "greedy", "currency": "GBP", **(meta or {}),
    }  # fmt: skip
    lines = [f"{key};{value}" for key, value in said.items() if value is not None]
    return "\n".join(["META", "key;value", *lines, "PROJECTS", columns, *projects, "VOTES", header, *votes]) + "\n"


def election(*args: Iterable[str], **more: object) -> Election:
    return parse_election(pb_text(*args, **more).encode(), "elm.pb")  # type: ignore[arg-type]
