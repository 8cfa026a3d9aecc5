"""The powers of a framework, as a table: who would hold each, how it is exercised, and on what law it rests."""

from __future__ import annotations

from soke.deal.types import Framework
from soke.table import Column, Table


def offered_powers(framework: Framework) -> Table:
    """One row a power that the framework opens; ``tiers`` is "all" where every tier has it."""
    titles = {source.id: source.title for source in framework.sources}
    return Table.of(
        "offered_powers",
        f"Powers of {framework.title}",
        (
            Column("id", "Id"),
            Column("title", "Power"),
            Column("tiers", "Tiers that it is open to"),
            Column("function", "Function"),
            Column("holder", "Who holds it"),
            Column("giver", "Who gives it"),
            Column("exercise", "How it is exercised"),
            Column("holding", "How it is held"),
            Column("statutory_basis", "Law that it rests on"),
            Column("needs_order", "Whether an order must give it"),
            Column("recallable", "Whether it can be recalled by letter"),
            Column("in_force_day", "In force from"),
            Column("excludes", "What it leaves out"),
            Column("grade", "Grade", "grade"),
            Column("source", "Source"),
            Column("note", "Note"),
        ),
        [
            (p.id, p.title, ", ".join(p.tiers) or "all", p.function, p.holder, p.giver, p.exercise, p.holding,
             p.statutory_basis, _yes(p.needs_order), _yes(p.recallable),
             p.in_force.isoformat() if p.in_force else None, "; ".join(p.excludes), p.grade,
             "; ".join(titles.get(id_, id_) for id_ in p.source), p.note)
            for p in framework.powers
        ],
    )  # fmt: skip


def _yes(so: bool) -> str:
    return "yes" if so else "no"
