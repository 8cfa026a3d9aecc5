"""What each kind of entry does, and what it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rehearsal import KEEPER, LOSES, TAKES, Rehearsal, deal_text, missed, offer, person_of, recalled

from soke.errors import SokeError
from soke.register.acts.act import FILLINGS, RULES
from soke.register.field_types import TYPES
from soke.register.kinds import KINDS, REGISTRAR, THINGS, check_body
from soke.register.ledger import Ledger, Leg, amount
from soke.register.meaning import apply, state_of, tags_of
from soke.register.state import DealState

GM = "greater-manchester"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_kind_has_a_rule_and_a_sentence_that_its_fields_fill() -> None:
    assert RULES.keys() == KINDS.keys()
    assert FILLINGS.keys() <= KINDS.keys()
    for kind in KINDS.values():
        fields = dict.fromkeys([*kind.needed, *kind.optional, "party", "person"], "x")
        assert kind.says.format(**fields)
        for given, sentence in kind.more.items():
            assert sentence.format(**fields, residents="x", services="x")
            named = {field.removeprefix("not ") for field in given.split(", ")}
            assert named <= {*fields, "residents", "services"}


def test_every_row_speaks_of_fields_types_and_things_that_there_are() -> None:
    named = {thing for kind in KINDS.values() for things in kind.names.values() for thing in things}
    assert set(THINGS) < named and named - set(THINGS) == {"party", "community"}
    for kind in KINDS.values():
        assert {*kind.needed.values(), *kind.optional.values()} <= TYPES.keys()
        assert kind.new <= named and kind.titles.keys() <= kind.new and set(kind.tags.values()) <= set(THINGS)
        assert not kind.worked_out or kind.name in FILLINGS
        assert "in-force" in kind.when


def test_what_an_entry_works_out_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    play, asked = missed(), []
    work_out = FILLINGS["fund.paid"]
    monkeypatch.setitem(FILLINGS, "fund.paid", lambda state, act: asked.append(act.kind) or work_out(state, act))
    play.money("fund.paid", "mhclg", "2027-03-02", "growth-and-place", 100)
    assert asked == ["fund.paid"]
    state_of(GM, play.entries)
    assert asked == ["fund.paid"] * 3  # a reader works it out for each such entry


@pytest.mark.parametrize("name", [GM, "cornwall", "norfolk-and-suffolk"])
def test_each_shipped_deal_can_be_signed(name: str) -> None:
    state = Rehearsal(name).signed(powers=False).state
    assert state.status == "in-force"
    assert set(state.powers.values()) == {"offered"} and list(state.powers) == [power.id for power in state.deal.powers]
    assert state_of(name, []) == DealState(name)


class TestAgreement:
    def test_in_force_only_once_each_side_has_signed_itself(self) -> None:
        play = Rehearsal()
        play("register.opened", REGISTRAR, "2026-03-01", name="soke.example/test", registrars=[KEEPER])
        assert "no deal" in play.refused("power.conferred", "mhclg", "2026-03-02", powers=["retrofit"])
        terms = {"deal": deal_text(GM), "framework": offer()}
        assert "next version of the deal is 1" in play.refused("deal.proposed", REGISTRAR, "2026-03-02", version=2,
                                                                **terms)  # fmt: skip
        play("deal.proposed", REGISTRAR, "2026-03-02", version=1, **terms)
        for party in ("mhclg", "authority", "councils", "nhs"):
            play("person.appointed", REGISTRAR, "2026-03-03", name=person_of(party), for_party=party)
        play("deal.signed", "mhclg", "2026-03-04", version=1)
        play("deal.signed", "authority", "2026-03-04", version=1)
        assert "already" in play.refused("deal.signed", "authority", "2026-03-04", version=1)
        assert 'not for "nhs"' in play.refused("deal.signed", "nhs", "2026-03-04", version=1)
        said = play.refused("power.conferred", "mhclg", "2026-03-05", powers=["retrofit"])
        assert "not in force yet. Still to sign: councils." in said
        play("deal.signed", "councils", "2026-03-06", version=1)
        assert play.state.status == "in-force"

    def test_terms_that_cannot_be_read_or_are_of_another_deal_are_refused(self) -> None:
        play = Rehearsal()
        play("register.opened", REGISTRAR, "2026-03-01", name="soke.example/test", registrars=[KEEPER])
        other = {"version": 1, "deal": deal_text("cornwall"), "framework": offer()}
        assert 'are of the deal "cornwall"' in play.refused("deal.proposed", REGISTRAR, "2026-03-02", **other)
        broken = {"version": 1, "deal": "schema = ", "framework": offer()}
        assert "terms cannot be read" in play.refused("deal.proposed", REGISTRAR, "2026-03-02", **broken)
        taken = deal_text(GM) + '[[party]]\nid = "registrar"\nname = "Mine"\nrole = "partner"\n'
        taken = {"version": 1, "deal": taken, "framework": offer()}
        assert "keeps for itself" in play.refused("deal.proposed", REGISTRAR, "2026-03-02", **taken)

    def test_an_amendment_is_signed_by_the_same_and_cannot_drop_what_is_under_way(self) -> None:
        play = missed()
        longer = deal_text(GM).replace('ends = "2029-30"', 'ends = "2030-31"')
        play("deal.proposed", REGISTRAR, "2026-12-01", version=2, deal=longer, framework=offer())
        for party in ("mhclg", "authority"):
            play("deal.signed", party, "2026-12-02", version=2)
        assert play.state.deal.ends == 2029
        play("deal.signed", "councils", "2026-12-02", version=2)
        assert (play.state.deal.ends, play.state.powers["settlement-flexibility"]) == (2030, "held")
        start = longer.index('[[fund]]\nid = "growth-and-place"')
        without = longer[:start] + longer[longer.index("[[fund]]", start + 1) :]
        said = play.refused("deal.proposed", REGISTRAR, "2026-12-03", version=3, deal=without, framework=offer())
        assert '"growth-and-place" holds money' in said

    def test_no_side_suspends_or_ends_the_deal_alone(self) -> None:
        play = Rehearsal().signed()
        assert 'not for "nhs"' in play.refused("deal.suspended", "nhs", "2026-05-01", reason="x")
        play("deal.suspended", "mhclg", "2026-05-01", reason="Election")
        play("power.exercised", "authority", "2026-05-02", power="settlement-flexibility", decision="Still ours")
        play("deal.suspended", "authority", "2026-05-03", reason="Election")
        assert play.state.status == "suspended"
        exercised = {"power": "settlement-flexibility", "decision": "x"}
        assert "suspended" in play.refused("power.exercised", "authority", "2026-05-04", **exercised)
        for party in ("authority", "hmt"):
            play("deal.resumed", party, "2026-06-01", reason="Done")
        play("power.exercised", "authority", "2026-06-02", **exercised)
        for party in ("authority", "hmt"):
            play("deal.ended", party, "2026-07-01", reason="A new deal")
        assert "ended" in play.refused("power.exercised", "authority", "2026-07-02", **exercised)
        assert "ended" in play.refused("deal.signed", "councils", "2026-07-02", version=1)

    def test_only_who_was_appointed_acts_and_only_in_that_role(self) -> None:
        play = Rehearsal().signed()
        ask = {"decision": "d1", "title": "x", "partners": ["authority"], "due": "2026-09-01"}
        play("person.removed", REGISTRAR, "2026-04-02", name=person_of("nhs"), for_party="nhs")
        assert "does not act for" in play.refused("decision.asked", "nhs", "2026-04-03", **ask)
        play("person.appointed", REGISTRAR, "2026-04-04", name=person_of("nhs"), for_party="nhs")
        play("person.appointed", "nhs", "2026-04-04", name="Second Person", for_party="nhs")
        said = play.refused("person.appointed", "nhs", "2026-04-04", name="X", for_party="police")
        assert "for the registrar, or who acts for the party" in said
        assert "no party" in play.refused("person.appointed", REGISTRAR, "2026-04-04", name="X", for_party="moon")
        for name in ("Second Person", KEEPER):
            said = play.refused("person.appointed", REGISTRAR, "2026-04-04", name=name, for_party="panel")
            assert "nobody acts for two sides" in said
        said = play.refused("person.removed", REGISTRAR, "2026-04-05", name=KEEPER, for_party=REGISTRAR)
        assert "at least one registrar" in said


class TestPowers:
    def test_conferred_once_exercised_by_the_holder_given_back_if_not_by_law(self) -> None:
        play = Rehearsal().signed()
        assert "already" in play.refused("power.conferred", "mhclg", "2026-04-02", powers=["settlement-flexibility"])
        assert 'not for "dft"' in play.refused("power.conferred", "dft", "2026-04-02", powers=["retrofit"])
        assert "no power of the deal" in play.refused("power.conferred", "mhclg", "2026-04-02", powers=["moon"])
        twice = play.refused("power.conferred", "desnz", "2026-04-02", powers=["retrofit", "retrofit"])
        assert "twice" in twice
        play("power.conferred", "mhclg", "2026-04-02", powers=["bus-franchising"])
        assert 'not for "authority"' in play.refused("power.exercised", "authority", "2026-04-03",
                                                      power="bus-franchising", decision="x")  # fmt: skip
        play("power.exercised", "mayor", "2026-04-03", power="bus-franchising", decision="Franchise the north")
        assert "given by law" in play.refused("power.returned", "mayor", "2026-04-04", power="bus-franchising",
                                               reason="x")  # fmt: skip
        play("power.returned", "authority", "2026-04-04", power="settlement-flexibility", reason="Not needed")
        assert "returned" in play.refused("power.exercised", "authority", "2026-04-05", power="settlement-flexibility",
                                           decision="x")  # fmt: skip


class TestFunds:
    def test_money_goes_from_promised_to_spent_and_every_pot_sums_to_zero(self) -> None:
        play = missed()
        ledger = play.state.ledger
        pot = ("growth-and-place", 2026, "revenue")
        assert [ledger.balance(*pot, name) for name in ("promised", "allotted", "held", "committed")] == [
            -3_000_000_000, 1_500_000_000, 1_000_000_000, 500_000_000,
        ]  # fmt: skip
        play.money("fund.spent", "authority", "2026-12-01", "growth-and-place", 200_000_000, commitment="works",
                   purpose="First stage")  # fmt: skip
        play.money("fund.released", "authority", "2026-12-02", "growth-and-place", 100_000_000, commitment="works",
                   reason="Cheaper")  # fmt: skip
        play.money("fund.spent", "authority", "2026-12-02", "growth-and-place", 50_000_000, purpose="Grants")
        assert [ledger.balance(*pot, name) for name in ("held", "committed", "spent")] == [
            1_050_000_000, 200_000_000, 250_000_000,
        ]  # fmt: skip
        assert list(ledger.faults()) == []
        for entry in play.entries:
            assert sum(leg["pence"] for leg in entry["body"].get("legs", ())) == 0

    @pytest.mark.parametrize(
        ("kind", "role", "body", "said"),
        [
            ("fund.paid", "mhclg", {"pence": 1_500_000_001}, "£0.01 less than this would take"),
            ("fund.paid", "authority", {}, 'not for "authority"'),
            ("fund.allotted", "hmt", {}, 'not for "hmt"'),
            ("fund.allotted", "mhclg", {"fund": "moon"}, "no fund of the deal"),
            ("fund.allotted", "mhclg", {"year": "2031-32"}, "The deal covers 2026-27 to 2029-30"),
            ("fund.allotted", "mhclg", {"pence": 0}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pence": -5}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pence": 1.5}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pence": float("nan")}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pence": 10**15}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pence": True}, "not whole pence above zero"),
            ("fund.allotted", "mhclg", {"pay_by": "2026-04-03"}, "here or past"),
            ("fund.allotted", "mhclg", {"use": "both"}, "revenue or capital"),
            ("fund.allotted", "mhclg", {"year": "2026-28"}, "financial year"),
            ("fund.spent", "authority", {"purpose": "x", "pence": 1_000_000_001}, "less than this would take"),
            ("fund.spent", "authority", {"purpose": "x", "commitment": "none"}, 'no commitment "none"'),
            ("fund.spent", "authority", {"purpose": "x", "commitment": "works", "pence": 500_000_001}, "is left"),
            ("fund.spent", "authority", {"purpose": "x", "commitment": "works", "use": "capital"}, "Name the same"),
            ("fund.committed", "authority", {"purpose": "x", "commitment": "works"}, "already"),
            ("fund.carried-over", "authority", {}, '"mhclg" allows it first'),
            ("fund.carried-over", "mhclg", {}, 'not for "mhclg"'),
            ("fund.moved", "authority", {"to_fund": "connection-and-work"}, "not in one pool"),
            ("fund.moved", "authority", {"to_fund": "growth-and-place"}, "stay where it is"),
            ("fund.moved", "authority", {"to_fund": "bus-and-rail", "pence": 300_000_001}, "lets £3,000,000 be moved"),
            ("fund.paid", "mhclg", {"legs": [{"fund": "growth-and-place", "year": "2026-27", "use": "revenue",
                                               "account": "held", "pence": 1}]}, "do not balance: £0.01 is left"),
            ("fund.paid", "mhclg", {"legs": []}, "not what the records give"),
            ("fund.paid", "mhclg", {"extra": 1}, 'no field "extra"'),
        ],
    )  # fmt: skip
    def test_refused(self, kind: str, role: str, body: dict[str, Any], said: str) -> None:
        base = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 100}
        assert said in missed().refused(kind, role, "2026-12-01", **(base | body))

    def test_moving_between_themes_stops_at_the_deals_share_and_needs_the_flexibility(self) -> None:
        play = missed()
        play.money("fund.moved", "authority", "2026-12-01", "growth-and-place", 200_000_000, to_fund="bus-and-rail")
        assert play.state.ledger.balance("bus-and-rail", 2026, "revenue", "held") == 200_000_000
        play.money("fund.moved", "authority", "2026-12-02", "growth-and-place", 100_000_000, to_fund="bus-and-rail")
        move = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 1, "to_fund": "bus-and-rail"}
        assert "this would make it £3,000,000.01" in play.refused("fund.moved", "authority", "2026-12-03", **move)
        play("power.returned", "authority", "2026-12-04", power="settlement-flexibility", reason="x")
        move["to_fund"] = "investment-zones"  # within a theme there is no share, but still the power
        assert "settlement-flexibility is returned" in play.refused("fund.moved", "authority", "2026-12-05", **move)
        assert list(play.state.ledger.faults()) == []

    def test_the_payer_may_let_money_be_carried_over_and_the_place_does_it(self) -> None:
        play = missed()
        play.money("fund.carry-over-allowed", "mhclg", "2027-03-01", "growth-and-place", 400_000_000)
        assert play.state.ledger.total("carried") == 0
        play.money("fund.carried-over", "authority", "2027-03-31", "growth-and-place", 400_000_000)
        assert play.state.ledger.balance("growth-and-place", 2027, "revenue", "held") == 400_000_000
        assert list(play.state.ledger.faults()) == []
        assert play.state.ledger.total("carried") == 0


class TestEvidence:
    def test_what_the_register_counts_nobody_reports(self) -> None:
        play = missed()
        report = {"indicator": "joint-decisions", "period_end": "2027-03-31", "value": "0.9"}
        assert "counted from the register" in play.refused("indicator.reported", "authority", "2027-04-05", **report)

    def test_reported_once_then_revised_for_a_period_that_is_over(self) -> None:
        play = missed()
        report = {"indicator": "bus-journeys", "period_end": "2027-03-31", "value": "150000000"}
        assert "lies ahead" in play.refused("indicator.reported", "authority", "2027-03-30", **report)
        assert "yet" in play.refused("indicator.revised", "authority", "2027-05-01", **report)
        assert 'not for "nhs"' in play.refused("indicator.reported", "nhs", "2027-05-01", **report)
        odd = report | {"period_end": "2027-03-30"}
        assert "No period" in play.refused("indicator.reported", "authority", "2027-05-01", **odd)
        for value in ("NaN", "1e9", "Infinity", "12,000", "", 12):
            assert "a number written as text" in play.refused("indicator.reported", "authority", "2027-05-01",
                                                               **(report | {"value": value}))  # fmt: skip
        play("indicator.reported", "authority", "2027-05-01", **report)
        assert "already" in play.refused("indicator.reported", "authority", "2027-05-02", **report)
        assert play.state.evaluation("buses-carry-more", day("2027-03-31"), day("2027-05-02")).status == "missed"
        play("indicator.revised", "board", "2027-06-01", **(report | {"value": "163000000"}))
        assert play.state.evaluation("buses-carry-more", day("2027-03-31"), day("2027-06-02")).status == "met"

    def test_a_revision_after_the_first_step_does_not_undo_it(self) -> None:
        play = missed()
        report = {"indicator": "bus-journeys", "period_end": "2027-03-31", "value": "150000000"}
        play("indicator.reported", "authority", "2027-05-01", **report)
        play("matter.report", "board", "2028-01-10", matter="b1", condition="buses-carry-more",
             period_end="2027-03-31")  # fmt: skip
        play("indicator.revised", "board", "2028-02-01", **(report | {"value": "163000000"}))
        found = play.state.evaluation("buses-carry-more", day("2027-03-31"), day("2028-02-02"))
        assert (found.status, found.appeal_ground) == ("missed", True)

    def test_what_is_evaluated_is_worked_out_and_cannot_be_claimed(self) -> None:
        play = missed()
        asked = {"condition": "communities-decide", "period_end": "2027-03-31"}
        assert 'not for "nhs"' in play.refused("condition.evaluated", "nhs", "2027-04-10", **asked)
        assert "not what the records give" in play.refused("condition.evaluated", "panel", "2027-04-10", status="met",
                                                            **asked)  # fmt: skip
        entry = play("condition.evaluated", "panel", "2027-04-10", **asked)
        assert (entry["body"]["status"], entry["body"]["value"]) == ("missed", "0.0021")
        assert "£63,000 of £30,000,000" in entry["body"]["why"]

    def test_an_excuse_is_one_that_the_condition_names_accepted_by_its_checker(self) -> None:
        play = missed()
        play("indicator.reported", "authority", "2027-05-01", indicator="bus-journeys", period_end="2027-03-31",
             value="150000000")  # fmt: skip
        excuse = {"condition": "buses-carry-more", "period_end": "2027-03-31", "ground": "pandemic"}
        assert 'not for "authority"' in play.refused("excuse.accepted", "authority", "2027-06-01", **excuse)
        assert "no excuse" in play.refused("excuse.accepted", "board", "2027-06-01", **(excuse | {"ground": "rain"}))
        play("excuse.accepted", "board", "2027-06-01", **excuse)
        opened = {"matter": "b1", "condition": "buses-carry-more", "period_end": "2027-03-31"}
        assert "was excused" in play.refused("matter.report", "board", "2027-06-02", **opened)

    def test_a_public_notice_counts_for_as_long_as_the_deal_says(self) -> None:
        play = Rehearsal().signed()
        notice = {"condition": "good-standing", "title": "Best value notice", "published": "2026-06-01"}
        assert "lies ahead" in play.refused("notice.published", "mhclg", "2026-05-30", **notice)
        assert "not about public notices" in play.refused("notice.published", "mhclg", "2026-06-01",
                                                           **(notice | {"condition": "partners-decide"}))  # fmt: skip
        play("notice.published", "mhclg", "2026-06-02", **notice)
        assert play.state.evaluation("good-standing", day("2027-11-30"), day("2027-11-30")).status == "missed"
        assert play.state.evaluation("good-standing", day("2027-12-01"), day("2027-12-01")).status == "met"


class TestPartners:
    def test_each_partner_confirms_or_disputes_for_itself(self) -> None:
        play = Rehearsal().signed()
        ask = {"decision": "d1", "title": "One skills plan", "partners": ["authority", "councils"], "due": "2026-09-01"}
        assert "here or past" in play.refused("decision.asked", "nhs", "2026-09-01", **ask)
        assert "not by itself" in play.refused("decision.asked", "authority", "2026-06-01", **ask)
        assert "no partner" in play.refused("decision.asked", "nhs", "2026-06-01", **(ask | {"partners": ["panel"]}))
        assert 'not for "panel"' in play.refused("decision.asked", "panel", "2026-06-01", **ask)
        play("decision.asked", "nhs", "2026-06-01", **ask)
        assert "already" in play.refused("decision.asked", "nhs", "2026-06-01", **ask)
        play("decision.confirmed", "authority", "2026-07-01", decision="d1")
        assert "already" in play.refused("decision.confirmed", "authority", "2026-07-02", decision="d1")
        assert 'not for "nhs"' in play.refused("decision.confirmed", "nhs", "2026-07-02", decision="d1")
        play("decision.disputed", "councils", "2026-08-01", decision="d1", reason="No money is named")
        end = day("2027-03-31")
        assert play.state.evaluation("partners-decide", end, day("2027-04-02")).status == "missed"
        play("decision.confirmed", "councils", "2026-08-31", decision="d1")
        assert play.state.evaluation("partners-decide", end, day("2027-04-02")).status == "met"

    def test_a_contribution_counts_when_the_holder_of_the_pool_says_that_it_came(self) -> None:
        play = Rehearsal().signed()
        promise = {"contribution": "c1", "pool": "integrated-settlement", "pence": 1_000_00, "due": "2026-10-01"}
        assert "no pool" in play.refused("contribution.promised", "nhs", "2026-05-01", **(promise | {"pool": "x"}))
        play("contribution.promised", "nhs", "2026-05-01", **promise)
        paid = {"contribution": "c1", "pence": 400_00, "paid_on": "2026-09-01"}
        assert 'not for "nhs"' in play.refused("contribution.confirmed", "nhs", "2026-09-02", **paid)
        assert "lies ahead" in play.refused("contribution.confirmed", "authority", "2026-08-31", **paid)
        play("contribution.confirmed", "authority", "2026-09-02", **paid)
        more = paid | {"pence": 600_01}
        assert "£600 is still to come" in play.refused("contribution.confirmed", "authority", "2026-09-03", **more)
        found = play.state.evaluation("pools-are-paid", day("2027-03-31"), day("2027-04-02"))
        assert (found.status, found.why.startswith('"pooled-contributions" is £400 of £1,000')) == ("missed", True)

    def test_who_raised_a_dispute_says_when_it_is_settled(self) -> None:
        play = Rehearsal().signed()
        play("dispute.raised", "police", "2026-05-01", dispute="x1", about="Custody suites", due="2026-08-01")
        assert 'not for "authority"' in play.refused(
            "dispute.settled", "authority", "2026-06-01", dispute="x1", how="x"
        )
        play("dispute.settled", "police", "2026-06-01", dispute="x1", how="Two shared")
        assert "already" in play.refused("dispute.settled", "police", "2026-06-01", dispute="x1", how="x")


class TestCommunities:
    def test_a_round_counts_when_adopted_as_residents_decided(self) -> None:
        play = Rehearsal().signed()
        round_ = {"round": "r1", "community": "neighbourhood-budgets", "pence": 500_00, "due": "2026-12-01"}
        assert "no undertaking" in play.refused("round.opened", "authority", "2026-05-01",
                                                 **(round_ | {"community": "x"}))  # fmt: skip
        play("round.opened", "authority", "2026-05-01", **round_)
        assert "Nothing was decided" in play.refused("round.adopted", "authority", "2026-06-01", round="r1", pence=1)
        decided = {"round": "r1", "pence": 450_00, "result": "Nine projects"}
        assert 'not for "authority"' in play.refused("round.decided", "authority", "2026-06-01", **decided)
        assert "£500 to decide" in play.refused("round.decided", "residents", "2026-06-01",
                                                 **(decided | {"pence": 500_01}))  # fmt: skip
        play("round.decided", "residents", "2026-06-01", **decided)
        said = play.refused("round.adopted", "authority", "2026-07-01", round="r1", pence=400_00)
        assert "Residents decided £450, and this would adopt £400" in said
        play("round.adopted", "authority", "2026-07-01", round="r1", pence=450_00)

    def test_answers_and_transfers_have_a_day_and_are_confirmed_by_those_who_wait_for_them(self) -> None:
        play = Rehearsal().signed()
        play("answer.asked", "residents", "2026-05-01", answer="a1", question="Night buses?", due="2026-08-01")
        play("answer.given", "mayor", "2026-09-01", answer="a1", said="From May", adopted=True)
        assert play.state.evaluation("answers-are-given", day("2027-03-31"), day("2027-04-02")).status == "missed"
        play("transfer.promised", "authority", "2026-09-02", transfer="t1", asset="The library", to="Friends",
             due="2027-01-01")  # fmt: skip
        assert 'not for "authority"' in play.refused("transfer.completed", "authority", "2026-10-01", transfer="t1")
        play("transfer.completed", "residents", "2026-10-01", transfer="t1")
        assert "already" in play.refused("transfer.completed", "residents", "2026-10-02", transfer="t1")


class TestMatters:
    def test_recall_takes_its_share_and_restoration_gives_it_back(self) -> None:
        play = recalled()
        state = play.state
        assert state.power_status("settlement-flexibility", day("2028-03-03")) == "recalled"
        pot = ("growth-and-place", 2026, "revenue")
        assert state.ledger.balance(*pot, "recalled") == 1_500_000_000
        assert state.ledger.balance(*pot, "committed") == 500_000_000  # what was promised to others is honoured
        exercised = {"power": "settlement-flexibility", "decision": "x"}
        assert "recalled (matter m1)" in play.refused("power.exercised", "authority", "2028-03-04", **exercised)
        move = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 1, "to_fund": "bus-and-rail"}
        assert "settlement-flexibility is recalled" in play.refused("fund.moved", "authority", "2028-03-04", **move)
        play("matter.restore", "panel", "2028-06-01", matter="m1", reason="Two periods met")
        assert state.power_status("settlement-flexibility", day("2028-06-01")) == "held"
        assert (state.ledger.balance(*pot, "recalled"), state.ledger.balance(*pot, "allotted")) == (0, 1_500_000_000)
        play("power.exercised", "authority", "2028-06-02", **exercised)
        assert list(state.ledger.faults()) == []

    def test_a_recall_lapses_by_itself(self) -> None:
        play = recalled()
        last = day("2028-03-03") + dt.timedelta(365)
        assert play.state.power_status("settlement-flexibility", last) == "recalled"
        assert play.state.power_status("settlement-flexibility", last + dt.timedelta(1)) == "held"
        play("matter.lapse", "authority", f"{last + dt.timedelta(1)}", matter="m1")
        assert play.state.ledger.total("recalled") == 0

    @pytest.mark.parametrize(
        ("takes", "said"),
        [
            ([{"power": "bus-franchising"}], "given by law and cannot be recalled"),
            ([{"power": "retrofit"}], "no power that the condition can recall"),
            ([{"power": "settlement-flexibility"}] * 2, "or named twice"),
            ([TAKES[1] | {"pence": 1_500_000_001}], "lets £15,000,000 of"),
            ([TAKES[1] | {"pence": 800_000_000}] * 2, "this would take £16,000,000"),
            ([TAKES[1] | {"fund": "bus-and-rail"}], "no fund that the condition can recall"),
            ([TAKES[1] | {"fund": "moon"}], "no fund of the deal"),
            ([TAKES[1] | {"year": "2027-28"}], "lets £0 of"),
            ([TAKES[1] | {"use": "capital"}], "£0 is not yet promised to others"),
            ([], "a list of what is taken"),
            ([{"power": "settlement-flexibility", "pence": 3}], "a list of what is taken"),
        ],
    )
    def test_what_a_recall_cannot_take(self, takes: list[dict[str, Any]], said: str) -> None:
        with pytest.raises(SokeError) as error:
            recalled(takes=takes or [{}])
        assert said in str(error.value)

    def test_no_recall_without_saying_who_would_lose_what(self) -> None:
        for loses in ({}, {"residents": "x"}, {"residents": "x", "services": " "}, "nobody"):
            body = {"matter": "m1", "takes": TAKES, "loses": loses, "reason": "x", "legs": []}
            with pytest.raises(SokeError, match="which residents and which services would lose"):
                check_body("matter.recall", body)
        assert recalled().state.matters["m1"].residents == LOSES["residents"]

    def test_steps_keep_order_day_and_role_and_a_period_has_one_matter(self) -> None:
        play = missed()
        opened = {"matter": "m1", "condition": "communities-decide", "period_end": "2027-03-31"}
        assert "neither reports nor checks" in play.refused("matter.report", "nhs", "2027-06-01", **opened)
        play("matter.report", "panel", "2027-06-01", **opened)
        assert "in that period already" in play.refused("matter.report", "panel", "2027-06-02",
                                                         **(opened | {"matter": "m2"}))  # fmt: skip
        assert "no matter" in play.refused("matter.notice", "mhclg", "2027-06-02", matter="m9", reason="x")
        assert 'not for "authority"' in play.refused(
            "matter.notice", "authority", "2027-06-02", matter="m1", reason="x"
        )
        assert "needs reasons" in play.refused("matter.notice", "mhclg", "2027-06-02", matter="m1")
        play("matter.notice", "mhclg", "2027-06-02", matter="m1", reason="x")
        assert "already" in play.refused("matter.notice", "mhclg", "2027-06-03", matter="m1", reason="x")
        assert "cannot be taken" in play.refused("matter.cure", "mhclg", "2027-06-03", matter="m1")
        assert "moves no money" in play.refused("matter.close", "mhclg", "2027-06-03", matter="m1", reason="x", legs=[
            {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "account": "held", "pence": 1},
            {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "account": "allotted", "pence": -1},
        ])  # fmt: skip

    def test_the_registrar_records_what_a_court_ruled(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="x")
        play("matter.no-response", "panel", "2027-08-06", matter="m1")
        play("matter.cure", "panel", "2027-08-06", matter="m1")
        play("matter.hearing", "panel", "2028-03-01", matter="m1")
        play("matter.decision", "panel", "2028-03-02", matter="m1", reason="x")
        play("matter.appeal", "authority", "2028-03-20", matter="m1", reason="The round was adopted late")
        assert 'not for "mhclg"' in play.refused("matter.refuse", "mhclg", "2028-04-01", matter="m1", reason="x")
        assert "needs reasons" in play.refused("matter.allow", REGISTRAR, "2028-04-01", matter="m1")
        play("matter.allow", REGISTRAR, "2028-04-01", matter="m1", reason="[2028] EWHC 1 (Admin)")
        assert play.state.matters["m1"].matter.state == "closed"

    def test_an_emergency_holds_back_at_once_and_lapses(self) -> None:
        play = missed()
        scope = {"matter": "e1", "scope": ["growth-and-place", "settlement-flexibility"], "reason": "Fraud"}
        assert "given by law" in play.refused("matter.suspend", "mhclg", "2026-12-01",
                                               **(scope | {"scope": ["bus-franchising"]}))  # fmt: skip
        assert 'not for "panel"' in play.refused("matter.suspend", "panel", "2026-12-01", **scope)
        play("matter.suspend", "mhclg", "2026-12-01", **scope)
        spend = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 100, "purpose": "x"}
        assert "suspended in an emergency" in play.refused("fund.spent", "authority", "2026-12-02", **spend)
        play("fund.spent", "authority", "2026-12-02", **(spend | {"commitment": "works"}))
        assert play.state.power_status("settlement-flexibility", day("2026-12-29")) == "suspended"
        assert play.state.power_status("settlement-flexibility", day("2026-12-30")) == "held"
        play("fund.spent", "authority", "2026-12-30", **spend)
        assert "cannot be taken" in play.refused("matter.recall", "mhclg", "2026-12-30", matter="e1", takes=TAKES,
                                                  loses=LOSES, reason="x")  # fmt: skip

    def test_a_breach_by_the_government_suspends_the_matching_duty(self) -> None:
        play = missed()
        breach = {"matter": "g1", "duty": "Pay growth-and-place by 1 July", "reason": "60 days late",
                  "conditions": ["communities-decide"]}  # fmt: skip
        assert 'not for "nhs"' in play.refused("matter.breach", "nhs", "2026-12-01", **breach)
        play("matter.breach", "authority", "2026-12-01", **breach)
        early = play.refused("matter.suspend-duty", "authority", "2027-01-26", matter="g1", reason="Not answered")
        assert "too early" in early
        play("matter.suspend-duty", "authority", "2027-01-27", matter="g1", reason="Not answered")
        opened = {"matter": "m1", "condition": "communities-decide", "period_end": "2027-03-31"}
        assert "the government is in breach" in play.refused("matter.report", "panel", "2027-06-01", **opened)
        play("matter.make-good", "mhclg", "2027-06-02", matter="g1")
        play("matter.report", "panel", "2027-06-03", **opened)


class TestReplay:
    def test_the_same_entries_give_the_same_state_and_any_prefix_what_it_was(self) -> None:
        play = recalled()
        assert state_of(GM, play.entries) == play.state
        shorter = missed()
        assert state_of(GM, play.entries[: len(shorter.entries)]) == shorter.state

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"tags": ["deal:greater-manchester"]}, "tags are not those"),
            ({"at": "2026-01-01T00:00:00Z"}, "never runs backwards"),
            ({"seq": 3}, "comes after entry"),
            ({"by": {"role": "hmt", "person": "Hmt Person"}}, "cannot be taken|not for"),
            ({"by": {"role": "mhclg", "person": "Someone Else"}}, "does not act for"),
        ],
    )
    def test_an_entry_that_breaks_a_rule_is_named(self, change: dict[str, Any], said: str) -> None:
        play = missed()
        play("power.exercised", "authority", "2026-12-01", power="settlement-flexibility", decision="x")
        play.entries[-1] = play.entries[-1] | change
        with pytest.raises(SokeError, match=said) as error:
            state_of(GM, play.entries)
        assert "breaks a rule" in str(error.value)

    def test_an_entry_of_another_deal_is_passed_over_but_never_applied(self) -> None:
        play = missed()
        stranger = play.entries[-1] | {"deal": "cornwall", "seq": len(play.entries)}
        assert state_of(GM, [*play.entries, stranger]) == play.state
        with pytest.raises(SokeError, match="where it does not belong"):
            apply(play.state, stranger)

    def test_tags_name_what_the_entry_is_about(self) -> None:
        assert tags_of(GM, "fund.moved", {"fund": "a", "to_fund": "b"}) == {f"deal:{GM}", "fund:a", "fund:b"}
        assert tags_of(GM, "power.conferred", {"powers": ["x", "y"]}) == {f"deal:{GM}", "power:x", "power:y"}
        assert tags_of(GM, "matter.recall", {"matter": "m", "takes": TAKES}) == {
            f"deal:{GM}", "matter:m", "power:settlement-flexibility", "fund:growth-and-place",
        }  # fmt: skip


class TestLedger:
    def test_faults_say_what_must_never_be(self) -> None:
        ledger = Ledger({("f", 2026, "revenue", "held"): -5, ("f", 2026, "revenue", "carried"): 3})
        assert list(ledger.faults()) == [
            'The account held of "f", 2026-27, revenue, is at -£0.05.',
            'The accounts of "f", 2026-27, revenue, do not sum to zero: -£0.02.',
            "£0.03 is on the bridge carried: it left one fund or year and entered no other.",
        ]

    def test_a_refused_posting_changes_nothing(self) -> None:
        ledger = Ledger()
        ledger.post([Leg("f", 2026, "revenue", "promised", -5), Leg("f", 2026, "revenue", "allotted", 5)])
        before = dict(ledger.balances)
        for legs in ([Leg("f", 2026, "revenue", "held", 5)],
                     [Leg("f", 2026, "revenue", "allotted", -6), Leg("f", 2026, "revenue", "held", 6)]):  # fmt: skip
            with pytest.raises(SokeError):
                ledger.post(legs)
            assert ledger.balances == before
        assert [amount(pence) for pence in (0, 5, 100, -123_456_78)] == ["£0", "£0.05", "£1", "-£123,456.78"]


@pytest.mark.parametrize("value", ["x" * 4001, "a\x00b", "a\u202eb", "  ", 3, None, ["x"]])
def test_hostile_text_is_refused(value: Any) -> None:
    with pytest.raises(SokeError, match="text of up to 4,000 plain characters"):
        check_body("power.returned", {"power": "x", "reason": value})


@pytest.mark.parametrize("value", ["", "A", "a b", "../x", "a" * 81, "-a", 3, None, "é"])
def test_hostile_ids_are_refused(value: Any) -> None:
    with pytest.raises(SokeError, match="an id"):
        check_body("power.returned", {"power": value, "reason": "x"})


def sum_of(pence: int, **more: Any) -> dict[str, Any]:
    return {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": pence} | more


class TestWhatAHostileReaderTried:
    """Each of these went through once."""

    def test_a_registrar_who_acts_for_a_party_makes_no_deal_unreadable(self) -> None:
        play = Rehearsal().signed()
        play("person.appointed", REGISTRAR, "2026-04-02", name=person_of("nhs"), for_party=REGISTRAR)
        state_of(GM, play.entries)

    def test_giving_back_moves_what_was_taken_and_no_other_legs(self) -> None:
        leg = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue"}
        legs = [leg | {"account": "held", "pence": -(10**9)}, leg | {"account": "promised", "pence": 10**9}]
        play = recalled(takes=[{"power": "settlement-flexibility"}])
        assert "moves no money" in play.refused("matter.restore", "mhclg", "2028-03-04", matter="m1", reason="x",
                                                 legs=legs)  # fmt: skip
        play = recalled()
        assert "not what the records give" in play.refused("matter.restore", "mhclg", "2028-03-04", matter="m1",
                                                            reason="x", legs=legs)  # fmt: skip

    def test_a_deal_whose_ladder_skips_steps_cannot_be_proposed(self) -> None:
        play = Rehearsal()
        play("register.opened", REGISTRAR, "2026-03-01", name="soke.example/test", registrars=[KEEPER])
        hasty = deal_text(GM) + '[due_process]\nladder = ["report", "recall", "restore"]\n'
        body = {"version": 1, "deal": hasty, "framework": offer()}
        assert "reaches recall without" in play.refused("deal.proposed", REGISTRAR, "2026-03-02", **body)

    def test_one_emergency_after_the_other_holds_nothing_back_for_ever(self) -> None:
        play = missed()
        body = {"scope": ["growth-and-place"], "reason": "Fraud"}
        play("matter.suspend", "mhclg", "2026-12-01", matter="e0", **body)
        assert "already (matter e0)" in play.refused("matter.suspend", "mhclg", "2026-12-02", matter="e1", **body)
        play("matter.lapse", "authority", "2026-12-30", matter="e0")
        again = {"scope": ["integrated-settlement"], "reason": "Fraud"}  # the pool that the fund is in
        assert "wait until 2 December 2027" in play.refused(
            "matter.suspend", "mhclg", "2027-11-30", matter="e1", **again
        )
        play("matter.suspend", "mhclg", "2027-12-02", matter="e1", **again)

    def test_suspending_a_pool_suspends_its_funds(self) -> None:
        play = missed()
        play("matter.suspend", "mhclg", "2026-12-01", matter="e0", scope=["integrated-settlement"], reason="Fraud")
        spend = {"fund": "growth-and-place", "year": "2026-27", "use": "revenue", "pence": 100, "purpose": "x"}
        assert "suspended in an emergency" in play.refused("fund.spent", "authority", "2026-12-02", **spend)

    def test_money_allotted_after_the_period_does_not_turn_met_into_missed(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", "growth-and-place", 3_000_000_000)
        play("round.opened", "authority", "2026-05-04", round="r1", community="neighbourhood-budgets",
             pence=36_300_000, due="2026-12-01")  # fmt: skip
        play("round.decided", "residents", "2026-10-04", round="r1", pence=36_300_000, result="x")
        play("round.adopted", "authority", "2026-11-04", round="r1", pence=36_300_000)
        play.money("fund.allotted", "dfe", "2027-05-02", "adult-skills-fund", 10_200_000_000)
        assert play.state.evaluation("communities-decide", day("2027-03-31"), day("2027-05-03")).status == "met"

    @pytest.mark.parametrize(
        ("asker", "partners", "due", "said"),
        [
            ("hmt", ["dft"], "2027-06-01", "place or its councils with somebody else"),
            ("hmt", ["nhs"], "2027-06-01", "place or its councils with somebody else"),
            ("authority", ["mayor"], "2027-06-01", "place or its councils with somebody else"),
            ("hmt", ["authority"], "2027-03-30", "leaves 1 days. The deal gives 28 days to answer"),
        ],
    )  # fmt: skip
    def test_no_side_makes_the_counts_alone(self, asker: str, partners: list[str], due: str, said: str) -> None:
        play = Rehearsal().signed()
        ask = {"decision": "d1", "title": "x", "partners": partners, "due": due}
        assert said in play.refused("decision.asked", asker, "2027-03-29", **ask)

    def test_contributions_are_promised_by_partners_within_reason_and_paid_after(self) -> None:
        play = Rehearsal().signed()
        promise = {"contribution": "c1", "pool": "integrated-settlement", "pence": 1_000_00, "due": "2026-10-01"}
        for role in ("hmt", "mayor", "authority"):
            assert f'not for "{role}"' in play.refused("contribution.promised", role, "2026-05-01", **promise)
        much = promise | {"pence": 10**13}
        assert "more than the pool" in play.refused("contribution.promised", "nhs", "2026-05-01", **much)
        play("contribution.promised", "nhs", "2026-05-01", **promise)
        paid = {"contribution": "c1", "pence": 1_000_00, "paid_on": "1950-06-29"}
        assert "was paid before" in play.refused("contribution.confirmed", "authority", "2026-06-01", **paid)

    def test_a_recall_does_not_go_on_while_the_governments_breach_suspends_the_duty(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        play("matter.breach", "authority", "2027-06-02", matter="g1", duty="Pay", reason="Late",
             conditions=["communities-decide"])  # fmt: skip
        play("matter.suspend-duty", "authority", "2027-08-01", matter="g1", reason="No answer")
        assert "in breach" in play.refused("matter.notice", "mhclg", "2027-08-02", matter="m1", reason="x")
        play("matter.make-good", "mhclg", "2027-08-03", matter="g1")
        play("matter.notice", "mhclg", "2027-08-04", matter="m1", reason="x")

    def test_from_the_notice_on_money_is_not_moved_out_of_reach_and_from_the_decision_not_promised(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        move = sum_of(1_000_000_001, to_fund="investment-zones")
        promise = sum_of(1_000_000_000, commitment="ours", purpose="Our own reserves")
        play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="x")
        play.money("fund.paid", "mhclg", "2027-06-11", "growth-and-place", 1_500_000_000)
        said = play.refused("fund.moved", "authority", "2027-06-12", **move)
        assert "may recall £15,000,000" in said and "leave £14,999,999.99 that is free" in said
        play.money("fund.committed", "authority", "2027-06-12", "growth-and-place", 500_000_000, commitment="more",
                   purpose="Services go on")  # fmt: skip
        play("matter.no-response", "panel", "2027-08-06", matter="m1")
        play("matter.cure", "panel", "2027-08-06", matter="m1")
        play("matter.hearing", "panel", "2028-02-10", matter="m1")
        play("matter.decision", "panel", "2028-02-11", matter="m1", reason="x")
        assert "may recall" in play.refused("fund.committed", "authority", "2028-02-12", **promise)
        play.money("fund.spent", "authority", "2028-02-12", "growth-and-place", 500_000_000, commitment="more",
                   purpose="What was promised is honoured")  # fmt: skip

    def test_what_was_allotted_is_paid_and_what_was_asked_is_finished_after_the_end(self) -> None:
        play = recalled()
        for party in ("authority", "hmt"):
            play("deal.ended", party, "2028-04-01", reason="A new deal")
        play("matter.restore", "panel", "2028-06-01", matter="m1", reason="Put right")
        play.money("fund.paid", "mhclg", "2028-06-02", "growth-and-place", 1_500_000_000)
        allot = sum_of(1)
        assert "has ended" in play.refused("fund.allotted", "mhclg", "2028-06-03", **allot)

    def test_no_matter_is_about_a_time_before_the_deal(self) -> None:
        play = Rehearsal().signed()
        play("notice.published", "mhclg", "2026-05-01", condition="good-standing", title="x", published="2015-01-01")
        opened = {"matter": "m1", "condition": "good-standing"}
        assert "tested as it stands on the day" in play.refused("matter.report", "mhclg", "2026-05-01", **opened,
                                                                 period_end="2015-02-01")  # fmt: skip
        assert "is met" in play.refused("matter.report", "mhclg", "2026-05-01", **opened, period_end="2026-05-01")
        late = Rehearsal().signed("2028-06-01", powers=False)
        opened = {"matter": "m1", "condition": "buses-carry-more", "period_end": "2027-03-31"}
        assert "over before the deal was in force" in late.refused("matter.report", "board", "2028-06-02", **opened)
        condition = late.state.condition("buses-carry-more")
        assert min(late.state.periods(condition)) == day("2029-03-31")

    def test_what_one_side_agreed_to_lapses(self) -> None:
        play = Rehearsal().signed()
        play("deal.ended", "authority", "2026-05-01", reason="Only if we get more")
        play("deal.ended", "dft", "2027-05-01", reason="Now then")
        assert play.state.status == "in-force"
        play("deal.ended", "authority", "2027-05-02", reason="Agreed")
        assert play.state.status == "ended"

    def test_what_the_checker_stands_by_the_reporter_does_not_overrule(self) -> None:
        play = missed()
        figure = {"indicator": "bus-journeys", "period_end": "2027-03-31"}
        assert "reported first" in play.refused("indicator.confirmed", "board", "2027-05-01", **figure)
        play("indicator.reported", "authority", "2027-05-01", value="140000000", **figure)
        assert 'not for "authority"' in play.refused("indicator.confirmed", "authority", "2027-05-02", **figure)
        play("indicator.confirmed", "board", "2027-05-02", **figure)
        assert "has given or confirmed" in play.refused("indicator.revised", "authority", "2027-05-03",
                                                         value="170000000", **figure)  # fmt: skip
        play("indicator.revised", "board", "2027-05-03", value="150000000", **figure)

    @pytest.mark.parametrize(
        "name", ["Mhclg Person ", "Mhclg Person\u200b", "\u200b", "A\nB", "A  B", "e\u0301", "A\u00adB"]
    )
    def test_a_name_has_one_spelling_and_nothing_unseen(self, name: str) -> None:
        with pytest.raises(SokeError, match="the name of a person"):
            check_body("person.appointed", {"name": name, "for_party": "nhs"})

    def test_terms_with_endless_lines_are_not_even_read(self) -> None:
        with pytest.raises(SokeError, match="with lines of up to 4,000"):
            check_body("deal.proposed", {"version": 1, "deal": "a." * 90_000 + "a = 1", "framework": offer()})

    def test_words_of_a_decision_are_no_tag(self) -> None:
        body = {"power": "retrofit", "decision": "x" * 3_000}
        assert tags_of(GM, "power.exercised", body) == {f"deal:{GM}", "power:retrofit"}

    def test_restored_money_is_late_with_nobody(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", "growth-and-place", 3_000_000_000, pay_by="2026-06-01")
        play.money("fund.paid", "mhclg", "2026-05-01", "growth-and-place", 3_000_000_000)
        steps: list[tuple[str, str, str, dict[str, Any]]] = [
            ("matter.report", "panel", "2027-06-01", {"condition": "communities-decide", "period_end": "2027-03-31"}),
            ("matter.notice", "mhclg", "2027-06-10", {"reason": "x"}),
            ("matter.response", "authority", "2027-07-01", {}),
            ("matter.cure", "panel", "2027-07-09", {}), ("matter.hearing", "panel", "2028-01-10", {}),
            ("matter.decision", "panel", "2028-01-20", {"reason": "x"}),
            ("matter.recall", "mhclg", "2028-03-03", {"takes": TAKES, "loses": LOSES, "reason": "x"}),
            ("matter.restore", "panel", "2028-06-01", {"reason": "x"}),
        ]  # fmt: skip
        for kind, role, on, body in steps:
            play(kind, role, on, matter="m1", **body)
        assert play.state.pay_by == []
