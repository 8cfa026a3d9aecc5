"""The history: sentences with names, and no entry, however odd, that cannot be told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rehearsal import Rehearsal, deal_text, missed, offer, recalled

from soke.register.history import told
from soke.register.kinds import ANYWHERE, KINDS

GM = "greater-manchester"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**15, "", " ", "...", "a:", "2026-02-30", [], {}, [[]], [None], [{}], ["a", {}], {"x": {}},
    [{"power": []}], [{"fund": {}, "pence": "x"}], {"residents": [], "services": None},
)  # fmt: skip


def sentence(play: Rehearsal, number: int = -1) -> str:
    return [one.sentence for one in told(play.entries)][number]


@pytest.mark.parametrize("others", ["x", 5, None])
def test_every_entry_can_be_told(others: Any) -> None:
    """Also one that was written past the rules: reading the history must show it, not fail on it."""
    for kind in (*KINDS, "made.up"):
        found = KINDS.get(kind)
        fields = [*ANYWHERE, *found.needed, *found.optional] if found else ["x"]
        for field in fields:
            for value in ODD:
                check_told(kind, {**({} if others is None else dict.fromkeys(fields, others)), field: value})


def check_told(kind: str, body: dict[str, Any]) -> None:
    entry = {"seq": 1, "deal": GM, "kind": kind, "at": "2026-04-01T09:30:00Z", "by": {"role": "r", "person": "P"},
             "tags": [], "body": body}  # fmt: skip
    (one,) = told([entry])
    assert one.sentence and one.sentence == one.sentence.strip() and one.sentence[-1] in '.!?"', one.sentence


def test_names_come_from_the_entries_before() -> None:
    play = missed()
    play("decision.asked", "nhs", "2026-12-01", decision="d1", title="Join up discharge.", partners=["councils"],
         due="2027-01-01")  # fmt: skip
    assert sentence(play) == (
        "The integrated care board asked the ten constituent councils for a joint decision by 1 January 2027: "
        "Join up discharge."
    )
    play("decision.confirmed", "councils", "2026-12-02", decision="d1")
    assert sentence(play) == 'The ten constituent councils confirmed the joint decision "Join up discharge".'
    (last,) = list(told(play.entries[-1:]))
    assert last.sentence == 'councils confirmed the joint decision "d1".'.capitalize()  # nothing is known of it


def test_a_figure_has_its_unit_and_a_finding_its_words() -> None:
    play = missed()
    play("indicator.reported", "authority", "2027-06-01", indicator="bus-journeys", period_end="2027-03-31",
         value="158500000.5")  # fmt: skip
    assert sentence(play).endswith(
        'reported "Bus passenger journeys starting in Greater Manchester": 158,500,000.5 journeys for the period to '
        "31 March 2027."
    )
    play("condition.evaluated", "board", "2027-06-02", condition="buses-carry-more", period_end="2027-03-31",
         source="Bus statistics", grade="official")  # fmt: skip
    assert sentence(play) == (
        '"Buses carry more people" was found a near miss for the period to 31 March 2027. "Bus passenger journeys '
        'starting in Greater Manchester" is 158,500,000.5 journeys; the condition asks for at least 162,000,000. '
        "Source: Bus statistics (official)."
    )


def test_what_is_about_a_condition_brings_its_matters_and_nothing_of_other_deals() -> None:
    play = recalled()
    kinds = [one.kind for one in told(play.entries, GM, ["condition:communities-decide"])]
    assert kinds[0] == "matter.report" and kinds[-1] == "matter.recall" and len(kinds) == 7
    assert not list(told(play.entries, "cornwall", ["condition:communities-decide"]))
    assert [one.kind for one in told(play.entries, "cornwall")] == ["register.opened"]


def test_a_breach_names_the_duty_that_it_suspends() -> None:
    play = missed()
    play("matter.breach", "authority", "2027-04-02", matter="b1", duty="Pay by June", reason="Nothing came",
         conditions=["communities-decide"])  # fmt: skip
    assert sentence(play).endswith('Nothing came. The place\'s matching duty: "Communities decide a real share".')


def test_an_answer_says_whether_it_was_adopted() -> None:
    play = Rehearsal().signed()
    play("answer.asked", "residents", "2026-05-01", answer="a1", question="Cap fares?", due="2026-09-01")
    play("answer.given", "authority", "2026-05-02", answer="a1", said="Not this year", adopted=False)
    assert sentence(play) == (
        'Greater Manchester Combined Authority answered "Cap fares?": Not this year. The recommendation is not adopted.'
    )


def test_a_version_names_things_only_from_its_last_signature_on() -> None:
    """An amendment that is laid open, and not signed, renames nobody; what it brings in has its name."""
    play = missed()
    party = "The integrated care board"
    fund = 'title = "Local growth, formerly the UK Shared Prosperity Fund"'
    text = deal_text(GM)
    assert fund in text
    renamed = text.replace(fund, 'title = "Growth of tomorrow"')
    framework = offer().replace(f'name = "{party}"', 'name = "The board of tomorrow"')
    assert framework != offer()

    def pay(day: str) -> str:
        play("fund.allotted", "mhclg", day, fund="growth-and-place", year="2027-28", use="revenue", pence=100)
        return sentence(play)

    play("deal.proposed", "registrar", "2027-07-01", version=2, deal=renamed, framework=framework)
    play("decision.asked", "nhs", "2027-07-02", decision="d1", title="One", partners=["councils"], due="2027-09-01")
    assert sentence(play).startswith(party) and "Local growth" in pay("2027-07-02")
    for signer in ("authority", "councils"):
        play("deal.signed", signer, "2027-07-03", version=2)
    assert "Local growth" in pay("2027-07-04")
    play("deal.signed", "mhclg", "2027-07-05", version=2)
    play("decision.asked", "nhs", "2027-07-06", decision="d2", title="Two", partners=["councils"], due="2027-09-01")
    assert sentence(play).startswith("The board of tomorrow") and "Growth of tomorrow" in pay("2027-07-06")
    earlier = [one for one in told(play.entries) if one.role == "nhs" and one.at.date() < dt.date(2027, 7, 5)]
    assert {one.party for one in earlier} == {party}
