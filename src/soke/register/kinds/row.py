"""A row of the vocabulary: what a kind of entry is, and how a row is written in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

REGISTRAR = "registrar"  # the role of who keeps the register
REGISTER = "register"  # what entries about the register itself name as their deal
# ``again``: it says what was said within a day before, and is meant a second time.
ANYWHERE = {"note": "text", "source": "text", "grade": "grade", "again": "yes"}
RULES_NOW = 2  # of registers that are opened now: soke.register.acts.act.since
OF_REGISTER = ("register", "key", "witness", "clock")  # kinds that begin so are about the register itself
THINGS = (  # what an entry can be found by
    "fund", "power", "condition", "indicator", "decision", "dispute", "round", "answer", "transfer", "contribution",
    "pool", "matter", "commitment", "panel", "asset", "delivery", "promise",
)  # fmt: skip

DealStatus = Literal["none", "proposed", "in-force", "suspended", "ended"]
Statuses = frozenset[DealStatus]
IN_FORCE: Statuses = frozenset({"in-force"})
NOT_ENDED: Statuses = IN_FORCE | {"suspended"}
EVER_SINCE: Statuses = NOT_ENDED | {"ended"}  # from the day on which the deal came into force, also after its end
BEFORE_THE_END: Statuses = NOT_ENDED | {"none", "proposed"}
AT_ANY_TIME: Statuses = BEFORE_THE_END | EVER_SINCE

# Of a step that is due: overdue after its last day; or that day may pass, since nobody must take it or the control
# lapses instead; or open on any day, so that it is said nowhere.
Urgency = Literal["must", "may", "any-day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``says`` is the sentence of the history: {party}, {person} and the fields of the body fill it.

    ``more`` are further sentences, each by the fields that must be there, and not false, for it to be told.
    ``asks`` says what others wait for, ``because`` of what the reason is (of the notice): for who reads a scorecard.
    """

    name: str
    who: str
    when: Statuses  # of the deal; what a deal begins with its own act judges
    says: str
    more: Mapping[str, str]
    needed: Mapping[str, str]  # field -> type
    optional: Mapping[str, str]
    types: Mapping[str, str]  # of every field that its body may have
    worked_out: frozenset[str]  # fields that nobody has to write
    names: Mapping[str, tuple[str, ...]]  # field -> the kinds of thing that its id may name
    tags: Mapping[str, str]  # field -> the kind of thing with whose ids the entry is tagged
    new: frozenset[str]  # things that it names for the first time
    titles: Mapping[str, str]  # such a thing -> the field that says what it is called
    asks: str
    because: str
    urgency: Urgency


def kind(
    name: str, who: str, when: Statuses, says: str, /, *, more: Mapping[str, str] | None = None, asks: str = "",
    because: str = "", urgency: Urgency = "must", **fields: str,
) -> Kind:  # fmt: skip
    needed: dict[str, str] = {}
    optional: dict[str, str] = {}
    tags: dict[str, str] = {}
    names, titles, new, worked_out = {}, {}, set(), set()
    for field, written in fields.items():
        described, _, things = written.strip("[]").partition(" of ")
        *marks, type_ = described.split()
        if type_ == "title":
            type_, titles[things] = "text", field
        elif things:
            names[field] = tuple(re.split(", | or ", things))
            tags |= {} if "untagged" in marks else {field: things}
        new |= {things} if "new" in marks else set()
        worked_out |= {field} if "worked-out" in marks else set()
        (optional if written.startswith("[") else needed)[field] = type_
    return Kind(
        name=name, who=who, when=when, says=says, more=more or {}, needed=needed, optional=optional,
        types={**ANYWHERE, **optional, **needed}, worked_out=frozenset(worked_out), names=names, tags=tags,
        new=frozenset(new), titles=titles, asks=asks, because=because, urgency=urgency,
    )  # fmt: skip


FUND: dict[str, Any] = {"fund": "id of fund", "year": "year", "use": "use", "pence": "pence"}
MONEY: dict[str, Any] = {**FUND, "legs": "worked-out legs"}
PLACE, GIVER, PAYER, PAYEE = "the place", "the government", "the fund's payer", "who receives the fund"
APPOINTS, REPORTS = "the registrar, or who acts for the party", "who reports or checks it"
PARTNERS, WITNESS = "those who decide and pay", "a community, an assurer or an adjudicator"
LADDER = "who the ladder of the deal says"
