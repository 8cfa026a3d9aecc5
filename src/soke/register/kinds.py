"""The kinds of entry, one row each: who may record it and when, its sentence, its fields and what they name.

This table is the vocabulary of the register. A body has the fields of its kind and no others. Every body may also carry
a ``note`` and, for what is known from elsewhere, a ``source`` and its ``grade``. Whether a person may take a step *now*
depends on all that went before: :mod:`soke.register.state`. A row writes each field in words:

    pence="pence"                           it must be there, and is of this type (soke.register.field_types)
    due="[day]"                             it may be missing
    legs="worked-out legs"                  the software fills it in, where nobody wrote it
    power="id of power"                     it names a power: the entry is tagged with it, and told with its title
    scope="untagged ids of fund or pool"    it names things, each of one of these kinds, and no tag comes of it
    decision="new id of decision"           it names a joint decision for the first time
    title="title of decision"               text: what that decision is called from then on

Tags follow from the body for good: a kind of which entries are on record gains no tag and loses none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from soke.errors import SokeError
from soke.register.field_types import TYPES

REGISTRAR = "registrar"  # the role of who keeps the register
REGISTER = "register"  # what entries about the register itself name as their deal
ANYWHERE = {"note": "text", "source": "text", "grade": "grade"}
THINGS = (  # what an entry can be found by
    "fund", "power", "condition", "indicator", "decision", "dispute", "round", "answer", "transfer", "contribution",
    "pool", "matter", "commitment", "panel", "asset", "delivery",
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


def _kind(
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


_FUND: dict[str, Any] = {"fund": "id of fund", "year": "year", "use": "use", "pence": "pence"}
_MONEY: dict[str, Any] = {**_FUND, "legs": "worked-out legs"}
_PLACE, _GIVER, _PAYER, _PAYEE = "the place", "the government", "the fund's payer", "who receives the fund"
_APPOINTS, _REPORTS = "the registrar, or who acts for the party", "who reports or checks it"
_PARTNERS, _WITNESS = "those who decide and pay", "a community, an assurer or an adjudicator"
_LADDER = "who the ladder of the deal says"
_KINDS = (
    _kind("register.opened", "the registrar", AT_ANY_TIME, "{person} opened the register {name}.", name="text",
          registrars="persons", rehearsal="[yes]",
          more={"registrars": "Registrars: {registrars}",
                "rehearsal": "It is a rehearsal: it shows what could be, and its users say what time it is"}),
    _kind("deal.proposed", "the registrar", BEFORE_THE_END,
          "Version {version} of the deal was laid open for signature.", version="count", deal="terms",
          framework="terms", more={"deal": "It is the deal {deal}"}),
    _kind("deal.signed", "each party itself", BEFORE_THE_END, "{party} signed version {version} of the deal.",
          version="count"),
    _kind("deal.suspended", "both sides", NOT_ENDED, "{party} agreed to suspend the deal: {reason}", reason="text",
          asks="suspend the deal"),
    _kind("deal.resumed", "both sides", NOT_ENDED, "{party} agreed to resume the deal: {reason}", reason="text",
          asks="resume the deal"),
    _kind("deal.ended", "both sides", NOT_ENDED, "{party} agreed to end the deal: {reason}", reason="text",
          asks="end the deal"),
    _kind("person.appointed", _APPOINTS, AT_ANY_TIME, "{name} may now act for {for_party}.", name="person",
          for_party="untagged id of party"),
    _kind("person.removed", _APPOINTS, AT_ANY_TIME, "{name} no longer acts for {for_party}.", name="person",
          for_party="untagged id of party"),
    _kind("power.conferred", _GIVER, IN_FORCE, "{party} conferred {powers}.", powers="ids of power"),
    _kind("power.exercised", "who holds the power", IN_FORCE, '{party} exercised {power}: "{decision}"',
          power="id of power", decision="text"),
    _kind("power.returned", "who holds the power", IN_FORCE, "{party} gave {power} back: {reason}",
          power="id of power", reason="text"),
    _kind("fund.allotted", _PAYER, IN_FORCE, "{party} allotted {pence} of {use} for {year} to {fund}.",
          pay_by="[day]", more={"pay_by": "It is to be paid by {pay_by}"}, **_MONEY),
    _kind("fund.paid", _PAYER, EVER_SINCE, "{party} paid {pence} of {use} for {year} into {fund}.", **_MONEY),
    _kind("fund.committed", _PAYEE, IN_FORCE, "{party} committed {pence} of {fund} ({use}, {year}) to {purpose}",
          commitment="new id of commitment", purpose="title of commitment", **_MONEY),
    _kind("fund.released", _PAYEE, EVER_SINCE,
          "{party} released {pence} of the commitment {commitment}: {reason}", commitment="id of commitment",
          reason="text", **_MONEY),
    _kind("fund.spent", _PAYEE, EVER_SINCE, "{party} spent {pence} of {fund} ({use}, {year}) on {purpose}",
          purpose="text", commitment="[id of commitment]", **_MONEY),
    _kind("fund.carry-over-allowed", _PAYER, IN_FORCE,
          "{party} allowed {pence} more of {fund} ({use}) to be carried over from {year}.", **_FUND),
    _kind("fund.carried-over", _PAYEE, IN_FORCE,
          "{party} carried {pence} of {fund} ({use}) over from {year} to the next year.", **_MONEY),
    _kind("fund.moved", _PAYEE, IN_FORCE, "{party} moved {pence} ({use}, {year}) from {fund} to {to_fund}.",
          to_fund="id of fund", **_MONEY),
    _kind("contribution.promised", "a partner or the councils, each for itself", IN_FORCE,
          "{party} promised {pence} to {pool} by {due}.",
          contribution="new id of contribution", pool="id of pool", pence="pence", due="day"),
    _kind("contribution.confirmed", "who holds the pool", EVER_SINCE,
          "{party} confirmed that {pence} of the contribution {contribution} came on {paid_on}.",
          contribution="id of contribution", pence="pence", paid_on="day"),
    _kind("indicator.reported", _REPORTS, EVER_SINCE,
          "{party} reported {indicator}: {value} for the period to {period_end}.",
          indicator="id of indicator", period_end="day", value="amount"),
    _kind("indicator.revised", _REPORTS, EVER_SINCE,
          "{party} revised {indicator} to {value} for the period to {period_end}.",
          indicator="id of indicator", period_end="day", value="amount"),
    _kind("indicator.confirmed", "who checks it", EVER_SINCE,
          "{party} confirmed {indicator} for the period to {period_end}.", indicator="id of indicator",
          period_end="day"),
    _kind("notice.published", "who reports or checks the condition", NOT_ENDED,
          "{party} recorded a public notice that bears on {condition}: {title}", condition="id of condition",
          title="text", published="day"),
    _kind("excuse.accepted", "who checks the condition", NOT_ENDED,
          "{party} accepted an excuse for {condition} in the period to {period_end}: {ground}",
          condition="id of condition", period_end="day", ground="text"),
    _kind("condition.evaluated", "who reports or checks it, or the registrar", EVER_SINCE,
          "{condition} was found {status} for the period to {period_end}. {why}", condition="id of condition",
          period_end="day", status="worked-out status", why="worked-out text", value="[amount]",
          excused="[worked-out yes]", more={"excused": "It was excused"}),
    _kind("decision.asked", _PARTNERS, NOT_ENDED, "{party} asked {partners} for a joint decision by {due}: {title}",
          decision="new id of decision", title="title of decision", partners="untagged ids of party", due="day"),
    _kind("decision.confirmed", "each partner itself", EVER_SINCE,
          "{party} confirmed the joint decision {decision}.", decision="id of decision"),
    _kind("decision.disputed", "each partner itself", EVER_SINCE,
          "{party} disputed the joint decision {decision}: {reason}", decision="id of decision", reason="text"),
    _kind("dispute.raised", _PARTNERS, NOT_ENDED, "{party} raised a dispute, to be settled by {due}: {about}",
          dispute="new id of dispute", about="title of dispute", due="day"),
    _kind("dispute.settled", "who raised it", EVER_SINCE,
          "{party} said that the dispute {dispute} is settled: {how}", dispute="id of dispute", how="text"),
    _kind("round.opened", "the place or a community", NOT_ENDED,
          "{party} opened the round {round} of {community}: {pence} to decide, to be adopted by {due}.",
          round="new id of round", community="untagged id of community", pence="pence", due="day"),
    _kind("round.decided", _WITNESS, EVER_SINCE,
          "{party} recorded what residents decided in the round {round}: {pence}. {result}", round="id of round",
          pence="sum", result="text", ballots="[tally]", eligible="[number]", manifest="[hash]",
          more={"ballots": "Ballots: {ballots} of {eligible} who could vote"}),
    _kind("round.adopted", _PLACE, EVER_SINCE, "{party} adopted {pence} of the round {round}.", round="id of round",
          pence="sum"),
    _kind("answer.asked", "a community", NOT_ENDED, "{party} asked for an answer by {due}: {question}",
          answer="new id of answer", question="title of answer", due="day", community="[untagged id of community]",
          panel="[id of panel]"),
    _kind("answer.given", _PLACE, EVER_SINCE, "{party} answered {answer}: {said}", answer="id of answer", said="text",
          adopted="yes", by="[day]",
          more={"adopted, by": "The recommendation is adopted, to be done by {by}",
                "adopted, not by": "The recommendation is adopted",
                "not adopted": "The recommendation is not adopted"}),
    _kind("answer.done", _WITNESS, EVER_SINCE, "{party} confirmed that what was promised on {answer} is done.",
          answer="id of answer"),
    _kind("panel.drawn", "the place or a community", NOT_ENDED,
          "{party} drew by lot the {people} of the panel {panel} out of {pool}, for {community}.",
          panel="new id of panel", community="untagged id of community", people="number", pool="number", draw="hash"),
    _kind("transfer.promised", _PLACE, IN_FORCE, "{party} promised {asset} to {to}, by {due}.",
          transfer="new id of transfer", asset="title of transfer", to="text", due="day"),
    _kind("transfer.completed", _WITNESS, EVER_SINCE, "{party} confirmed that the transfer {transfer} is complete.",
          transfer="id of transfer"),
    _kind("asset.step", "the place, its councils, a community or who checks", EVER_SINCE,
          "{party} recorded of the asset {asset}, {regime}: {step} on {on}.", asset="id of asset", regime="id",
          step="id", on="day", title="[text]", said="[text]", body_kind="[id]", members="[number]",
          more={"said": "{said}"}),
    _kind("asset.step-withdrawn", "who recorded the step", EVER_SINCE,
          "{party} withdrew the last step of the asset {asset}, {step}: {reason}", asset="id of asset", step="id",
          reason="text"),
    _kind("delivery.agreed", "the place or its councils", NOT_ENDED,
          "{party} agreed with {group} that it delivers {service} from {first} to {last}, for {pence} in all.",
          delivery="new id of delivery", community="untagged id of community", fund="id of fund", group="text",
          service="title of delivery", pence="pence", first="day", last="day", break_days="count"),
    _kind("delivery.received", _WITNESS, EVER_SINCE,
          "{party} confirmed that the group received {pence} for {delivery} on {paid_on}.",
          delivery="id of delivery", payment="id", pence="pence", paid_on="day"),
    _kind("delivery.outcome", _WITNESS, EVER_SINCE,
          "{party} said of the outcomes of {delivery} to {period_end}: {said}", delivery="id of delivery",
          period_end="day", met="yes", said="text",
          more={"met": "The outcomes are met", "not met": "The outcomes are not met"}),
    _kind("delivery.ended", "the place, its councils or a community", EVER_SINCE,
          "{party} gave notice that {delivery} ends on {ends}: {reason}", delivery="id of delivery", ends="day",
          reason="text"),
    _kind("matter.report", "who reports or checks the condition", EVER_SINCE,
          "{party} opened the matter {matter}: {condition}, period to {period_end}.", matter="new id of matter",
          condition="id of condition", period_end="day"),
    _kind("matter.suspend", _GIVER, EVER_SINCE, "{party} held back {scope} in an emergency: {reason}",
          matter="new id of matter", scope="untagged ids of fund, pool or power", reason="text",
          because="of the emergency"),
    _kind("matter.breach", _PLACE, EVER_SINCE, "{party} reported a breach by the government of {duty}: {reason}",
          matter="new id of matter", duty="text", reason="text", conditions="[untagged ids of condition]",
          because="of the report", more={"conditions": "The place's matching duty: {conditions}"}),
    _kind("matter.recall", _GIVER, EVER_SINCE, "{party} recalled {takes}. {reason}", matter="id of matter",
          takes="takes", loses="loses", reason="text", legs="worked-out legs",
          asks="recall what the condition can recall", because="of the recall",
          more={"residents": "Residents lose: {residents}", "services": "Services lose: {services}"}),
)  # fmt: skip


def _step(action: str, did: str, asks: str = "", *, because: str = "", urgency: Urgency = "must") -> Kind:
    """What else the ladder may ask for: it takes the matter on by one step, with reasons where the ladder says so."""
    return _kind(f"matter.{action}", _LADDER, EVER_SINCE, f"{{party}} {did} in the matter {{matter}}. {{reason}}",
                 matter="id of matter", reason="[text]", legs="[worked-out legs]", asks=asks, because=because,
                 urgency=urgency)  # fmt: skip


_STEPS = (
    _step("notice", "gave notice", "give notice", because="of the notice"),
    _step("response", "responded", "respond to the notice"),
    _step("no-response", "recorded that no response came", "record that no response came"),
    _step("cure", "began the time to put it right", "begin the time to put it right"),
    _step("hearing", "held the hearing", "hold the hearing"),
    _step("decision", "decided against the place", "decide", because="of the decision"),
    _step("dismiss", "dismissed the matter", "dismiss the matter"),
    _step("appeal", "appealed", "appeal", because="of the appeal", urgency="may"),
    _step("allow", "recorded that the appeal was allowed", "record that the appeal was allowed",
          because="of the court"),
    _step("refuse", "recorded that the appeal was refused", "record that the appeal was refused",
          because="of the court"),
    _step("restore", "restored what was recalled", "restore what was recalled"),
    _step("close", "closed the matter", urgency="any-day"),
    _step("lapse", "recorded that the control lapsed", "record that the control lapsed, and give back what it took"),
    _step("emergency-hearing", "held the emergency hearing", "hold the emergency hearing", urgency="may"),
    _step("keep", "kept the emergency control", "keep the emergency control", because="to keep it", urgency="may"),
    _step("lift", "lifted it", urgency="any-day"),
    _step("dispute", "disputed the breach", "dispute the breach", because="of the dispute"),
    _step("find", "found a breach by the government", "find a breach by the government", because="of the finding"),
    _step("suspend-duty", "suspended the matching duty of the place", "suspend the matching duty",
          because="to suspend the duty"),
    _step("make-good", "made the breach good", urgency="any-day"),
    _step("resume-duty", "took the matching duty up again", urgency="any-day"),
    _step("withdraw", "withdrew the complaint", urgency="any-day"),
)  # fmt: skip
STEPS = tuple(kind.name for kind in _STEPS)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*_KINDS, *_STEPS)}


def check_body(kind: str, body: Mapping[str, Any], *, whole: bool = True) -> Kind:
    """The kind, where the body has its fields in their types; unless ``whole``, but for those that are worked out.

    SokeError otherwise, with the field and its form.
    """
    row = KINDS.get(kind)
    if row is None:
        near = [name for name in KINDS if name.split(".")[0] == str(kind).split(".")[0]]
        raise SokeError(f'There is no kind of entry "{str(kind)[:60]}".', f"Kinds: {', '.join(near or KINDS)}.")
    types = row.types
    for name in row.needed:
        if name not in body and (whole or name not in row.worked_out):
            raise SokeError(f'An entry {kind} needs "{name}", {TYPES[types[name]].words}.', "Add it.")
    for name, value in body.items():
        if name not in types:
            raise SokeError(f'An entry {kind} has no field "{str(name)[:60]}".', f"Its fields: {', '.join(types)}.")
        if not TYPES[types[name]].test(value):
            fact = f'"{name}" of an entry {kind} is not {TYPES[types[name]].words}.'
            raise SokeError(fact, "Correct it; nothing was written.")
    return row
