"""Ballot papers for the tests: made up."""

from __future__ import annotations

from soke.community.voting.paper import Paper, read_paper

META = "META\nkey;value\ndescription;made up\nbudget;1000\nvote_type;{kind}\nnum_projects;8\nnum_votes;0\n"
PROJECTS = "PROJECTS\nproject_id;cost;name\n" + "".join(f"p{one};{one}00;Project {one}\n" for one in range(1, 9))


def paper_text(kind: str = "approval", limits: str = "max_length;4\n", columns: str = "voter_id;vote") -> str:
    return META.format(kind=kind) + limits + PROJECTS + f"VOTES\n{columns}\n"


def paper(kind: str = "approval", limits: str = "max_length;4\n", columns: str = "voter_id;vote") -> Paper:
    return read_paper(paper_text(kind, limits, columns).encode(), "paper.pb")
