"""The kinds of entry: what each says, which fields its body has, and who may record it.

This table is the vocabulary of the register. A body has the fields of its kind and no others; a field in brackets may
be missing. Every body may also carry a ``note`` and, for what is known from elsewhere, a ``source`` and its ``grade``.
Money is whole pence above zero; days are ``2026-04-01``; quantities with a fraction are strings. Whether a person may
take a step *now* depends on all that went before: :mod:`soke.register.state`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from soke.deal.states import STATES
from soke.errors import SokeError

REGISTRAR = "registrar"  # the role of who keeps the register
REGISTER = "register"  # what entries about the register itself name as their deal
USES = ("revenue", "capital")
LONGEST_TEXT, LONGEST_TERMS, LONGEST_LINE, MOST_PENCE = 4_000, 400_000, 4_000, 10**14
_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})  # controls, formats, private and half characters
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that print as nothing


def _id(value: Any) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _seen(text: str, but: str = "") -> bool:
    """Whether each character can be seen, or is a plain space; those of ``but`` may stand there too."""
    return not any(one in _BLANK or (one not in but and unicodedata.category(one) in _HIDDEN) for one in text)


def _words(longest: int) -> Callable[[Any], bool]:
    def is_text(value: Any) -> bool:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= longest and _seen(value, "\n\t")

    return is_text


def _terms(value: Any) -> bool:
    """Lines are short, since a key of many dots takes long to read."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TERMS:
        return False
    return "\0" not in value and max(map(len, value.split("\n"))) <= LONGEST_LINE


def is_name(value: Any) -> bool:
    """A name in one spelling: nothing unseen, no space at its ends or doubled, composed letters."""
    plain = isinstance(value, str) and 0 < len(value) <= 200 and _seen(value)
    return plain and value == unicodedata.normalize("NFC", " ".join(value.split()))


def is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_DAY.fullmatch(value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _year(value: Any) -> bool:
    found = _YEAR.fullmatch(value) if isinstance(value, str) else None
    return bool(found) and (int(value[:4]) + 1) % 100 == int(value[5:])


def _amount(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_AMOUNT.fullmatch(value)) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _pence(value: Any) -> bool:
    return type(value) is int and 0 < value <= MOST_PENCE


def _list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and 0 < len(value) <= 100 and all(map(test, value))


def _shape(fields: Mapping[str, str]) -> Callable[[Any], bool]:
    def has_shape(value: Any) -> bool:
        return isinstance(value, dict) and value.keys() == fields.keys() and all(
            TYPES[kind].test(value[name]) for name, kind in fields.items()
        )  # fmt: skip

    return has_shape


@dataclass(frozen=True, slots=True)
class Type:
    test: Callable[[Any], bool]
    words: str  # "... is not" + words


LEG = {"fund": "id", "year": "year", "use": "use", "account": "account", "pence": "change"}
ACCOUNTS = ("promised", "allotted", "held", "committed", "spent", "carried", "moved", "recalled")
TYPES: Mapping[str, Type] = {
    "id": Type(_id, "an id: small letters, digits, hyphens, up to 80"),
    "ids": Type(_list_of(_id), "a list of ids"),
    "text": Type(_words(LONGEST_TEXT), f"text of up to {LONGEST_TEXT:,} plain characters"),
    "terms": Type(_terms, f"a file of up to {LONGEST_TERMS:,} characters, with lines of up to {LONGEST_LINE:,}"),
    "person": Type(is_name, "the name of a person, in one line, with single spaces"),
    "persons": Type(_list_of(is_name), "a list of names"),
    "day": Type(is_day, "a day, written as 2026-04-01"),
    "year": Type(_year, "a financial year, written as 2026-27"),
    "amount": Type(_amount, 'a number written as text, such as "0.85"'),
    "pence": Type(_pence, "whole pence above zero"),
    "change": Type(lambda value: type(value) is int and 0 < abs(value) <= MOST_PENCE, "whole pence, not zero"),
    "count": Type(lambda value: type(value) is int and 0 < value < 10_000, "a number from 1"),
    "sum": Type(lambda value: (value == 0 and type(value) is int) or _pence(value), "whole pence, or 0"),
    "tally": Type(lambda value: type(value) is int and 0 <= value <= 10**9, "a whole number, or 0"),
    "number": Type(lambda value: type(value) is int and 0 < value <= 10**9, "a whole number from 1"),
    "hash": Type(lambda value: isinstance(value, str) and bool(_HASH.fullmatch(value)),
                 "a SHA-256: 64 of the digits and a to f"),
    "yes": Type(lambda value: type(value) is bool, "true or false"),
    "use": Type(lambda value: value in USES, "revenue or capital"),
    "account": Type(lambda value: value in ACCOUNTS, f"an account: {', '.join(ACCOUNTS)}"),
    "status": Type(lambda value: value in STATES, "a status"),
    "grade": Type(lambda value: value in ("official", "derived", "estimate", "unverified"), "a grade"),
    "legs": Type(lambda value: isinstance(value, list) and len(value) <= 200 and all(map(_shape(LEG), value)),
                 f"a list of legs, each with {', '.join(LEG)}"),
    "takes": Type(_list_of(lambda value: _shape({"power": "id"})(value)
                           or _shape({"fund": "id", "year": "year", "use": "use", "pence": "pence"})(value)),
                  "a list of what is taken: each a power, or a fund with year, use and pence"),
    "loses": Type(_shape({"residents": "text", "services": "text"}),
                  "a statement of which residents and which services would lose what"),
}  # fmt: skip
ANYWHERE = {"note": "text", "source": "text", "grade": "grade"}


@dataclass(frozen=True, slots=True)
class Kind:
    """``says`` is the sentence of the history: {party}, {person} and the fields of the body fill it."""

    name: str
    who: str
    says: str
    needed: Mapping[str, str]
    optional: Mapping[str, str]


def _kind(name: str, who: str, says: str, /, **fields: str) -> Kind:
    """Fields of a type in brackets may be missing."""
    needed = {key: kind for key, kind in fields.items() if not kind.startswith("[")}
    optional = {key: kind[1:-1] for key, kind in fields.items() if kind.startswith("[")}
    return Kind(name, who, says, needed, optional)


_MONEY = {"fund": "id", "year": "year", "use": "use", "pence": "pence", "legs": "legs"}
_PLACE, _GIVER, _PAYEE = "the place", "the government", "who receives the fund"
_LADDER = "who the ladder of the deal says"
_KINDS = (
    _kind("register.opened", "the registrar", "{person} opened the register {name}.", name="text",
          registrars="persons", rehearsal="[yes]"),
    _kind("deal.proposed", "the registrar", "Version {version} of the deal was laid open for signature.",
          version="count", deal="terms", framework="terms"),
    _kind("deal.signed", "each party itself", "{party} signed version {version} of the deal.", version="count"),
    _kind("deal.suspended", "both sides", "{party} agreed to suspend the deal: {reason}", reason="text"),
    _kind("deal.resumed", "both sides", "{party} agreed to resume the deal: {reason}", reason="text"),
    _kind("deal.ended", "both sides", "{party} agreed to end the deal: {reason}", reason="text"),
    _kind("person.appointed", "the registrar, or who acts for the party", "{name} may now act for {for_party}.",
          name="person", for_party="id"),
    _kind("person.removed", "the registrar, or who acts for the party", "{name} no longer acts for {for_party}.",
          name="person", for_party="id"),
    _kind("power.conferred", _GIVER, "{party} conferred {powers}.", powers="ids"),
    _kind("power.exercised", "who holds the power", "{party} exercised {power}: {decision}", power="id",
          decision="text"),
    _kind("power.returned", "who holds the power", "{party} gave {power} back: {reason}", power="id", reason="text"),
    _kind("fund.allotted", "the fund's payer", "{party} allotted {pence} of {use} for {year} to {fund}.",
          pay_by="[day]", **_MONEY),
    _kind("fund.paid", "the fund's payer", "{party} paid {pence} of {use} for {year} into {fund}.", **_MONEY),
    _kind("fund.committed", _PAYEE, "{party} committed {pence} of {fund} ({use}, {year}) to {purpose}",
          commitment="id", purpose="text", **_MONEY),
    _kind("fund.released", _PAYEE, "{party} released {pence} of the commitment {commitment}: {reason}",
          commitment="id", reason="text", **_MONEY),
    _kind("fund.spent", _PAYEE, "{party} spent {pence} of {fund} ({use}, {year}) on {purpose}",
          purpose="text", commitment="[id]", **_MONEY),
    _kind("fund.carry-over-allowed", "the fund's payer",
          "{party} allowed {pence} more of {fund} ({use}) to be carried over from {year}.", fund="id", year="year",
          use="use", pence="pence"),
    _kind("fund.carried-over", _PAYEE,
          "{party} carried {pence} of {fund} ({use}) over from {year} to the next year.", **_MONEY),
    _kind("fund.moved", _PAYEE, "{party} moved {pence} ({use}, {year}) from {fund} to {to_fund}.", to_fund="id",
          **_MONEY),
    _kind("contribution.promised", "a partner or the councils, each for itself",
          "{party} promised {pence} to {pool} by {due}.",
          contribution="id", pool="id", pence="pence", due="day"),
    _kind("contribution.confirmed", "who holds the pool",
          "{party} confirmed that {pence} of the contribution {contribution} came on {paid_on}.",
          contribution="id", pence="pence", paid_on="day"),
    _kind("indicator.reported", "who reports or checks it",
          "{party} reported {indicator}: {value} for the period to {period_end}.",
          indicator="id", period_end="day", value="amount"),
    _kind("indicator.revised", "who reports or checks it",
          "{party} revised {indicator} to {value} for the period to {period_end}.",
          indicator="id", period_end="day", value="amount"),
    _kind("indicator.confirmed", "who checks it", "{party} confirmed {indicator} for the period to {period_end}.",
          indicator="id", period_end="day"),
    _kind("notice.published", "who reports or checks the condition",
          "{party} recorded a public notice that bears on {condition}: {title}", condition="id", title="text",
          published="day"),
    _kind("excuse.accepted", "who checks the condition",
          "{party} accepted an excuse for {condition} in the period to {period_end}: {ground}",
          condition="id", period_end="day", ground="text"),
    _kind("condition.evaluated", "who reports or checks it, or the registrar",
          "{condition} was found {status} for the period to {period_end}. {why}",
          condition="id", period_end="day", status="status", why="text", value="[amount]", excused="[yes]"),
    _kind("decision.asked", "those who decide and pay",
          "{party} asked {partners} for a joint decision by {due}: {title}", decision="id", title="text",
          partners="ids", due="day"),
    _kind("decision.confirmed", "each partner itself", "{party} confirmed the joint decision {decision}.",
          decision="id"),
    _kind("decision.disputed", "each partner itself", "{party} disputed the joint decision {decision}: {reason}",
          decision="id", reason="text"),
    _kind("dispute.raised", "those who decide and pay", "{party} raised a dispute, to be settled by {due}: {about}",
          dispute="id", about="text", due="day"),
    _kind("dispute.settled", "who raised it", "{party} said that the dispute {dispute} is settled: {how}",
          dispute="id", how="text"),
    _kind("round.opened", "the place or a community",
          "{party} opened the round {round} of {community}: {pence} to decide, to be adopted by {due}.",
          round="id", community="id", pence="pence", due="day"),
    _kind("round.decided", "a community, an assurer or an adjudicator",
          "{party} recorded what residents decided in {round}: {pence}. {result}", round="id", pence="sum",
          result="text", ballots="[tally]", eligible="[number]", manifest="[hash]"),
    _kind("round.adopted", _PLACE, "{party} adopted {pence} of the round {round}.", round="id", pence="sum"),
    _kind("answer.asked", "a community", "{party} asked for an answer by {due}: {question}", answer="id",
          question="text", due="day", community="[id]", panel="[id]"),
    _kind("answer.given", _PLACE, "{party} answered {answer}: {said}", answer="id", said="text", adopted="yes",
          by="[day]"),
    _kind("answer.done", "a community, an assurer or an adjudicator",
          "{party} confirmed that what was promised on {answer} is done.", answer="id"),
    _kind("panel.drawn", "the place or a community",
          "{party} drew by lot the {people} of the panel {panel} out of {pool}, for {community}.", panel="id",
          community="id", people="number", pool="number", draw="hash"),
    _kind("transfer.promised", _PLACE, "{party} promised {asset} to {to}, by {due}.", transfer="id", asset="text",
          to="text", due="day"),
    _kind("transfer.completed", "a community, an assurer or an adjudicator",
          "{party} confirmed that the transfer {transfer} is complete.", transfer="id"),
    _kind("asset.step", "the place, its councils, a community or who checks",
          "{party} recorded of the asset {asset}, {regime}: {step} on {on}.", asset="id", regime="id", step="id",
          on="day", title="[text]", said="[text]",
          body_kind="[id]", members="[number]"),
    _kind("asset.step-withdrawn", "who recorded the step",
          "{party} withdrew the last step of the asset {asset}, {step}: {reason}", asset="id", step="id",
          reason="text"),
    _kind("delivery.agreed", "the place or its councils",
          "{party} agreed with {group} that it delivers {service} from {first} to {last}, for {pence} in all.",
          delivery="id", community="id", fund="id", group="text", service="text", pence="pence", first="day",
          last="day", break_days="count"),
    _kind("delivery.received", "a community, an assurer or an adjudicator",
          "{party} confirmed that the group received {pence} for {delivery} on {paid_on}.", delivery="id", payment="id",
          pence="pence", paid_on="day"),
    _kind("delivery.outcome", "a community, an assurer or an adjudicator",
          "{party} said of the outcomes of {delivery} to {period_end}: {said}", delivery="id", period_end="day",
          met="yes", said="text"),
    _kind("delivery.ended", "the place, its councils or a community",
          "{party} gave notice that {delivery} ends on {ends}: {reason}", delivery="id", ends="day", reason="text"),
    _kind("matter.report", "who reports or checks the condition",
          "{party} opened the matter {matter}: {condition}, period to {period_end}.", matter="id", condition="id",
          period_end="day"),
    _kind("matter.suspend", _GIVER, "{party} held back {scope} in an emergency: {reason}", matter="id", scope="ids",
          reason="text"),
    _kind("matter.breach", _PLACE, "{party} reported a breach by the government of {duty}: {reason}", matter="id",
          duty="text", reason="text", conditions="[ids]"),
    _kind("matter.recall", _GIVER, "{party} recalled {takes}. {reason}", matter="id", takes="takes", loses="loses",
          reason="text", legs="legs"),
)  # fmt: skip
# What else the ladder may ask for: each takes the matter on by one step, and needs reasons where the ladder says so.
STEPS: Mapping[str, str] = {
    "notice": "gave notice", "response": "responded", "no-response": "recorded that no response came",
    "cure": "began the time to put it right", "hearing": "held the hearing", "decision": "decided against the place",
    "dismiss": "dismissed the matter", "appeal": "appealed", "allow": "recorded that the appeal was allowed",
    "refuse": "recorded that the appeal was refused", "restore": "restored what was recalled",
    "close": "closed the matter", "lapse": "recorded that the control lapsed",
    "emergency-hearing": "held the emergency hearing", "keep": "kept the emergency control", "lift": "lifted it",
    "dispute": "disputed the breach", "find": "found a breach by the government",
    "suspend-duty": "suspended the matching duty of the place", "make-good": "made the breach good",
    "resume-duty": "took the matching duty up again", "withdraw": "withdrew the complaint",
}  # fmt: skip
KINDS: Mapping[str, Kind] = {
    one.name: one
    for one in (
        *_KINDS,
        *(
            _kind(f"matter.{action}", _LADDER, f"{{party}} {words} in {{matter}}. {{reason}}", matter="id",
                  reason="[text]", legs="[legs]")
            for action, words in STEPS.items()
        ),
    )
}  # fmt: skip


def check_body(kind: str, body: Mapping[str, Any], yet: Collection[str] = ()) -> Kind:
    """The kind, where the body has its fields in their types, but for those that are ``yet`` to be worked out.

    SokeError otherwise, with the field and its form.
    """
    found = KINDS.get(kind)
    if found is None:
        near = [name for name in KINDS if name.split(".")[0] == str(kind).split(".")[0]]
        raise SokeError(f'There is no kind of entry "{str(kind)[:60]}".', f"Kinds: {', '.join(near or KINDS)}.")
    fields = {**ANYWHERE, **found.optional, **found.needed}
    for name in found.needed:
        if name not in body and name not in yet:
            raise SokeError(f'An entry {kind} needs "{name}", {TYPES[fields[name]].words}.', "Add it.")
    for name, value in body.items():
        if name not in fields:
            raise SokeError(f'An entry {kind} has no field "{str(name)[:60]}".', f"Its fields: {', '.join(fields)}.")
        if not TYPES[fields[name]].test(value):
            fact = f'"{name}" of an entry {kind} is not {TYPES[fields[name]].words}.'
            raise SokeError(fact, "Correct it; nothing was written.")
    return found
