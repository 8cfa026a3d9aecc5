"""Cases followed through the rules: what is allowed, late, lapsed and due, and what must hold of any case."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.assets.case import Case, CaseFile, Checked, check_case, read_case
from soke.community.assets.clock import check_steps, walk
from soke.community.assets.due import Status, calendar_file, follow, within
from soke.community.assets.lists import COLUMNS, list_row
from soke.community.assets.rules import Regime, StepTaken, parse_regime, regime, shipped
from soke.errors import Location, SokeError

D = dt.date
BID = "community-right-to-bid"
EXAMPLES = Path(__file__).parents[2] / "examples" / "village-hall"
LISTED = (StepTaken("nominated", D(2026, 1, 5)), StepTaken("listed", D(2026, 2, 20)))
NOTICE = (*LISTED, StepTaken("notice", D(2026, 8, 31)))
BIDDER = (*NOTICE, StepTaken("bid-requested", D(2026, 10, 11)))


def case(steps: tuple[StepTaken, ...], rules: str | Regime = BID, **terms: str) -> Case:
    found = regime(rules) if isinstance(rules, str) else rules
    file = CaseFile(asset="a", title="A", regime=found.id, step=(), terms=terms, at=Location("a.toml"))
    return Case(file, found, steps)


def states(status: Status) -> dict[str, str]:
    return {one.id: one.state for one in status.due}


def add(*more: StepTaken) -> tuple[StepTaken, ...]:
    return (*BIDDER, *more)


def test_every_table_that_ships_is_whole() -> None:
    assert shipped() == ("asset-transfer", BID, "community-right-to-buy")
    for name in shipped():
        found = regime(name)
        for row in (*found.step, *found.clock, *found.body, *found.limit):
            assert row.law, row
            assert row.grade not in ("official", "derived") or row.source, f"{name}: {row} has no source"
    weeks = [int(one.time.split()[0]) for one in regime("asset-transfer").clock if "Stage" in one.note]
    assert weeks == [4, 3, 4, 4, 8, 6]  # Norwich, as published
    assert {one.grade for one in regime("community-right-to-buy").clock} <= {"unverified", "estimate"}


def test_the_clocks_that_councils_publish() -> None:
    clocks = {one.id: one.time for one in regime(BID).clock}
    published = {"decision": "8 weeks", "listing": "5 years", "review-request": "8 weeks", "review": "8 weeks",
                 "appeal": "28 days", "interim": "6 weeks", "full": "6 months", "protected": "18 months",
                 "claim": "13 weeks", "comments": "6 weeks"}  # fmt: skip
    assert published.items() <= clocks.items()


def test_the_moratorium_by_hand() -> None:
    status = follow(case(BIDDER), D(2026, 10, 11))
    found = {one.id: one.last for one in status.due}
    assert (found["interim"], found["full"], found["protected"]) == (D(2026, 10, 11), D(2027, 2, 28), D(2028, 2, 29))
    assert found["listing"] == D(2031, 2, 19)
    assert status.state.startswith("a community group has asked")
    assert "full" not in states(follow(case(NOTICE), D(2026, 10, 11)))
    assert "full" not in states(follow(case(BIDDER), D(2027, 3, 1)))
    free = follow(case(NOTICE), D(2026, 10, 12))
    assert "sold" in dict(free.may) and "bid-requested" not in dict(free.may)
    assert states(free)["bid-request"] == "lapsed"


@pytest.mark.parametrize(("steps", "said"), [
    (add(StepTaken("sold", D(2027, 2, 28))), "falls in the full moratorium, to 28 February 2027"),
    ((*NOTICE, StepTaken("sold", D(2026, 10, 11))), "falls in the interim moratorium, to 11 October 2026"),
    ((*NOTICE, StepTaken("bid-requested", D(2026, 10, 12))), "too late: the last day was 11 October 2026"),
    (add(StepTaken("sold", D(2028, 3, 1))), 'comes after "notice"'),
    ((*LISTED, StepTaken("notice", D(2031, 2, 20))), 'comes after "listed"'),
    ((LISTED[0], LISTED[0]), "taken already, on 5 January 2026"),
    ((LISTED[1],), 'comes after "nominated"'),
    ((*LISTED, StepTaken("notice", D(2026, 2, 19))), "stands after"),
    ((StepTaken("nominated", D(2012, 9, 20)),), "before the community right to bid began, on 21 September 2012"),
    ((StepTaken("sale", D(2026, 1, 1)),), 'There is no step "sale"'),
    ((StepTaken("nominated", D(2026, 1, 1), kind="unincorporated-body", members=20),), "20 members are too few"),
    ((StepTaken("nominated", D(2026, 1, 1), kind="unincorporated-body"),), "not said how many"),
    ((StepTaken("nominated", D(2026, 1, 1), kind="pub-company"),), "may not take the step"),
    ((*NOTICE, StepTaken("bid-requested", D(2026, 9, 1), kind="neighbourhood-forum")), "may not take the step"),
    ((*LISTED, StepTaken("exempt-disposal", D(2026, 3, 1), ground="whim")), "is no ground"),
])  # fmt: skip
def test_what_the_rules_forbid(steps: tuple[StepTaken, ...], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        check_steps(BID, steps)


@pytest.mark.parametrize("steps", [
    (*NOTICE, StepTaken("sold", D(2026, 10, 12))),
    (*NOTICE, StepTaken("sold-to-community", D(2026, 9, 12))),
    add(StepTaken("sold-to-community", D(2026, 12, 1))),
    add(StepTaken("sold", D(2027, 3, 1))),
    add(StepTaken("sold", D(2028, 2, 29))),
    (LISTED[0], StepTaken("refused", D(2026, 2, 1)), StepTaken("nominated", D(2026, 2, 2))),
    (*LISTED, StepTaken("nominated", D(2031, 2, 20), kind="charity")),
    (*LISTED, StepTaken("notice", D(2031, 2, 19))),
    (StepTaken("nominated", D(2012, 9, 21)),),
    (LISTED[0], StepTaken("listed", D(2026, 7, 1))),  # late, and counts
    (),
])  # fmt: skip
def test_what_the_rules_allow(steps: tuple[StepTaken, ...]) -> None:
    check_steps(BID, steps)


def test_an_unknown_regime_and_one_that_is_not_in_force() -> None:
    with pytest.raises(SokeError, match='no rules "right-to-roam"'):
        check_steps("right-to-roam", ())
    one = StepTaken("nominated", D(2027, 5, 1))
    with pytest.raises(SokeError, match="not in force"):
        check_steps("community-right-to-buy", (one,))
    check_steps("community-right-to-buy", (one,), commencement=D(2027, 4, 1))
    with pytest.raises(SokeError, match="before the community right to buy began"):
        check_steps("community-right-to-buy", (one,), commencement=D(2027, 6, 1))
    with pytest.raises(SokeError, match="have been in force since"):
        check_steps(BID, (one,), commencement=D(2027, 4, 1))


def test_a_late_decision_counts_and_is_said() -> None:
    steps = (LISTED[0], StepTaken("listed", D(2026, 3, 3)))
    found = walk(regime(BID), steps)
    assert [(one.step.step, one.last) for one in found.late] == [("listed", D(2026, 3, 2))]
    assert follow(case(steps), D(2026, 3, 3)).done[-1].late == D(2026, 3, 2)
    assert states(follow(case(steps[:1]), D(2026, 3, 3))) == {"decision": "overdue"}
    assert states(follow(case(steps[:1]), D(2026, 3, 2))) == {"decision": "due"}


def test_a_longer_review_is_kept_to_when_it_was_agreed_in_writing() -> None:
    asked = (*LISTED, StepTaken("review-requested", D(2026, 3, 2)))
    agreed = (*asked, StepTaken("review-time-agreed", D(2026, 4, 1), until=D(2026, 6, 30)))
    kept = StepTaken("review-kept", D(2026, 6, 30))
    assert [one.clock.id for one in walk(regime(BID), (*asked, kept)).late] == ["review"]
    assert not walk(regime(BID), (*agreed, kept)).late
    with pytest.raises(SokeError, match="no later than the last day as it is, 26 April 2026"):
        check_steps(BID, (*asked, StepTaken("review-time-agreed", D(2026, 4, 1), until=D(2026, 4, 26))))


def test_a_listing_ends_after_five_years_with_a_reminder_six_months_ahead() -> None:
    assert states(follow(case(LISTED), D(2030, 8, 18)))["listing"] == "ends"
    assert states(follow(case(LISTED), D(2030, 8, 19)))["listing"] == "reminder"
    assert follow(case(LISTED), D(2031, 2, 19)).state == "on the list of assets of community value"
    over = follow(case(NOTICE), D(2031, 2, 20))
    assert (over.state, over.since, over.due) == ("off the list: five years are over", D(2031, 2, 20), ())


def test_a_notice_withdrawn_stops_its_clocks_and_another_may_follow() -> None:
    steps = add(StepTaken("notice-withdrawn", D(2026, 11, 1)), StepTaken("notice", D(2027, 1, 4)))
    assert states(follow(case(steps), D(2026, 11, 2))).keys() == {"listing", "review-request"}
    again = {one.id: one.last for one in follow(case(steps), D(2027, 1, 4)).due}
    assert (again["interim"], again["protected"]) == (D(2027, 2, 14), D(2028, 7, 3))


def test_compensation_must_be_claimed_within_thirteen_weeks() -> None:
    lost = (*LISTED, StepTaken("loss-ended", D(2026, 3, 2)))
    check_steps(BID, (*lost, StepTaken("compensation-claimed", D(2026, 6, 1))))
    with pytest.raises(SokeError, match="too late: the last day was 1 June 2026"):
        check_steps(BID, (*lost, StepTaken("compensation-claimed", D(2026, 6, 2))))


def test_a_right_that_was_used_is_not_open_for_ever() -> None:
    lost = (*LISTED, StepTaken("loss-ended", D(2026, 3, 2)), StepTaken("compensation-claimed", D(2026, 4, 1)))
    check_steps(BID, (*lost, StepTaken("compensation-claimed", D(2026, 6, 1))))
    with pytest.raises(SokeError, match="too late: the last day was 1 June 2026"):
        check_steps(BID, (*lost, StepTaken("compensation-claimed", D(2026, 6, 2))))
    assert "compensation-claimed" not in dict(follow(case(lost), D(2026, 6, 2)).may)
    reviewed = (*LISTED, StepTaken("review-requested", D(2026, 3, 2)), StepTaken("review-kept", D(2026, 4, 1)))
    again = walk(regime(BID), (*reviewed, StepTaken("review-requested", D(2029, 3, 2))))
    assert [(one.step.on, one.last) for one in again.late] == [(D(2029, 3, 2), D(2026, 4, 16))]


def test_a_claim_in_time_for_one_loss_is_not_late_for_another() -> None:
    losses = (*LISTED, StepTaken("loss-ended", D(2026, 3, 2)), StepTaken("loss-ended", D(2027, 3, 1)))
    claimed = (*losses, StepTaken("compensation-claimed", D(2027, 4, 1)))
    assert not walk(regime(BID), claimed).late
    claims = [(one.state, one.last) for one in follow(case(claimed), D(2027, 4, 1)).due if one.id == "claim"]
    assert claims == [("lapsed", D(2026, 6, 1))]  # the right of the first loss is gone, and stays gone


def test_after_a_lapse_it_is_said_what_lapsed_and_when() -> None:
    with pytest.raises(SokeError) as stopped:
        check_steps(BID, (*NOTICE, StepTaken("sold", D(2028, 3, 1))))
    assert '"notice" while "listed" stands, and that of 31 August 2026 lapsed' in stopped.value.fact
    assert "last day was 29 February 2028 (Localism Act 2011, s. 95(6))" in stopped.value.fact
    assert 'take the step "notice" again' in stopped.value.fix
    with pytest.raises(SokeError, match='of 31 August 2026 ended with "notice-withdrawn" on 1 October 2026'):
        check_steps(BID, (*NOTICE, StepTaken("notice-withdrawn", D(2026, 10, 1)), StepTaken("sold", D(2026, 10, 2))))


@pytest.mark.parametrize("before", [
    (LISTED[0], StepTaken("refused", D(2026, 2, 20))),
    (*LISTED, StepTaken("removed", D(2026, 6, 1))),
    (*BIDDER, StepTaken("notice", D(2030, 12, 1))),  # whose moratorium the end of the listing ends
    LISTED[:1],
])  # fmt: skip
def test_land_that_is_not_on_the_list_is_sold_without_a_notice(before: tuple[StepTaken, ...]) -> None:
    sold = (*before, StepTaken("sold", D(2031, 2, 20)))
    check_steps(BID, sold)
    found = follow(case(sold), D(2031, 2, 20))
    assert found.state == "sold" and "off-the-list" not in states(found)
    later = (*LISTED, StepTaken("nominated", D(2030, 1, 7)), StepTaken("sold", D(2030, 1, 8)))
    with pytest.raises(SokeError, match='comes after "notice" while "listed" stands, and that does not stand'):
        check_steps(BID, later)


def test_listed_land_may_be_nominated_again_so_that_its_cover_does_not_break() -> None:
    again = (*LISTED, StepTaken("nominated", D(2030, 11, 4)))
    assert states(follow(case(again), D(2030, 11, 4)))["decision"] == "due"
    renewed = (*again, StepTaken("listed", D(2030, 12, 16)), StepTaken("notice", D(2031, 2, 20)))
    status = follow(case(renewed), D(2031, 2, 20))
    assert [one.last for one in status.due if one.id == "listing"] == [D(2035, 12, 15)]
    refused = case((*again, StepTaken("refused", D(2030, 12, 16))))
    assert follow(refused, D(2031, 2, 19)).state == "on the list of assets of community value"
    row = list_row(refused, D(2031, 2, 20), "x")
    assert row is not None and row["list"] == "unsuccessful-nominations"
    assert regime(BID).named("nominated").grade == "derived"


def test_a_sale_inside_the_moratorium_is_to_one_who_may_bid() -> None:
    def to(kind: str) -> None:
        check_steps(BID, add(StepTaken("sold-to-community", D(2026, 12, 1), kind=kind)))

    to("community-interest-company")
    for kind in ("developer", "neighbourhood-forum", "unincorporated-body"):
        with pytest.raises(SokeError, match='may not take the step "sold-to-community"'):
            to(kind)


def test_the_list_reveals_the_ends_of_all_three_periods_as_long_as_the_notice_stands() -> None:
    """Localism Act 2011, s. 97(2)(c): over or not, and whether or not a group asked."""
    for steps in (NOTICE, BIDDER):
        for day in (D(2026, 9, 1), D(2026, 12, 1), D(2027, 3, 1), D(2028, 2, 29)):
            row = list_row(case(steps), day, "x")
            ends = row and (row["notice_on"], row["interim_ends"], row["full_ends"], row["protected_ends"])
            assert ends == ("2026-08-31", "2026-10-11", "2027-02-28", "2028-02-29"), (steps, day)
    for steps, day in ((BIDDER, D(2028, 3, 1)), (add(StepTaken("notice-withdrawn", D(2026, 11, 1))), D(2026, 11, 2))):
        row = list_row(case(steps), day, "x")
        assert row and not any(row[name] for name in ("notice_on", "interim_ends", "full_ends", "protected_ends"))


def test_a_moratorium_that_is_over_is_said() -> None:
    assert follow(case(NOTICE), D(2026, 10, 11)).state == "the owner has given notice of disposal"
    free = follow(case(NOTICE), D(2026, 10, 12))
    assert free.state.startswith("no group asked in time") and free.since == D(2026, 10, 12)
    assert follow(case(BIDDER), D(2027, 2, 28)).state.startswith("a community group has asked")
    over = follow(case(BIDDER), D(2027, 3, 1))
    assert over.state.startswith("the moratorium is over") and over.since == D(2027, 3, 1)
    offered = follow(case(add(StepTaken("offer-made", D(2026, 12, 1)))), D(2027, 3, 1))
    assert offered.state == "the group has made an offer"


def test_a_sale_whose_price_nobody_told_the_council_is_recorded(tmp_path: Path) -> None:
    head = 'asset = "pub"\ntitle = "Pub"\nregime = "community-right-to-bid"\n'
    text = head + "".join(
        f'[[step]]\nstep = "{step}"\non = {day}\n{more}'
        for step, day, more in [
            ("nominated", "2023-03-01", 'kind = "charity"\n'), ("listed", "2023-04-20", ""),
            ("notice", "2024-06-03", ""), ("bid-requested", "2024-06-10", 'kind = "charity"\n'),
            ("offer-made", "2024-07-01", ""), ("sold", "2024-12-03", ""),
        ]
    )  # fmt: skip
    path = tmp_path / "pub.toml"
    path.write_text(text)
    titles = [one.title for one in follow(read_case(path), D(2024, 12, 4)).done]
    assert titles[-2:] == ["The group makes an offer (offer not known)",
                           "The land is sold to somebody else (price not known)"]  # fmt: skip
    path.write_text(text + "pounds = 250_000.00\n")
    assert follow(read_case(path), D(2024, 12, 4)).done[-1].title.endswith("(£250,000)")
    for step, more in (("loss-ended", ""), ("compensation-claimed", "")):
        text += f'[[step]]\nstep = "{step}"\non = 2024-12-05\n{more}'
    assert [code for _, code, _ in findings(tmp_path, text)] == ["AC104"]  # who claims says how much
    own = regime("asset-transfer")
    assert own.must_say_pounds(own.named("offered")) and not regime(BID).must_say_pounds(regime(BID).named("sold"))


def test_that_a_day_rolls_was_read_in_the_rules_of_another_tribunal() -> None:
    clock = next(one for one in regime(BID).clock if one.id == "appeal")
    assert clock.rolls and clock.grade == "derived"


def test_a_reverter_has_the_time_of_the_deed() -> None:
    steps = add(StepTaken("sold-to-community", D(2026, 12, 1)), StepTaken("removed", D(2026, 12, 8)),
                StepTaken("reverter-triggered", D(2030, 1, 31), ground="group-closed"))  # fmt: skip
    assert next(one.last for one in follow(case(steps), D(2030, 2, 1)).due) == D(2030, 4, 25)
    found = follow(case(steps, **{"return": "1 month"}), D(2030, 3, 1))
    assert [(one.state, one.last) for one in found.due] == [("overdue", D(2030, 2, 28))]
    back = follow(case((*steps, StepTaken("asset-returned", D(2030, 3, 1)))), D(2030, 3, 1))
    assert (back.state, back.due) == ("handed back under the reverter", ())


TRANSFER = tuple(
    StepTaken(step, D(2026, 1, 5) + dt.timedelta(weeks=weeks), pence=pence)
    for step, weeks, pence in [
        ("advertised", 0, None), ("interest-expressed", 3, None), ("advert-closed", 4, None), ("shortlisted", 7, None),
        ("business-case-sent", 11, None), ("agreed-in-principle", 15, None), ("valued", 16, 250_000_000),
        ("reported", 23, None), ("approved", 23, None), ("offered", 24, 1), ("accepted", 25, None),
    ]
)  # fmt: skip


def test_a_transfer_at_an_undervalue_needs_consent_above_two_million_pounds() -> None:
    def at(pence: int, *before: StepTaken) -> tuple[StepTaken, ...]:
        return (*TRANSFER, *before, StepTaken("transferred", D(2026, 7, 27), pence=pence))

    check_steps("asset-transfer", at(50_000_000))
    with pytest.raises(SokeError, match=r"£2,000,000.01 below the valuation, more than £2,000,000"):
        check_steps("asset-transfer", at(49_999_999))
    check_steps("asset-transfer", at(1, StepTaken("consent-given", D(2026, 7, 20))))
    assert not walk(regime("asset-transfer"), at(50_000_000)).late
    done = follow(case(at(50_000_000), "asset-transfer"), D(2026, 7, 27))
    assert states(done) == {"yearly-review": "reminder"}
    assert done.state == "held by the community group"


def test_a_valuation_of_an_earlier_round_is_none(tmp_path: Path) -> None:
    old = tuple(StepTaken(step, D(2010, 1, 4), pence=pence)
                for step, pence in (("advertised", None), ("valued", 900_000_000), ("declined", None)))  # fmt: skip
    rest = tuple(one for one in TRANSFER if one.step != "valued")
    found = walk(regime("asset-transfer"), (*old, *rest, StepTaken("transferred", D(2026, 7, 27), pence=1)))
    assert [one.step for one in found.unvalued] == ["transferred"]
    text = HEAD.replace("community-right-to-bid", "asset-transfer") + "".join(
        f'[[step]]\nstep = "{one.step}"\non = {one.on}\n'
        + ('kind = "charity"\n' if one.step == "interest-expressed" else "")
        + (f"pounds = {one.pence // 100 or 1}\n" if one.pence else "")
        for one in (*old, *rest, StepTaken("transferred", D(2026, 7, 27), pence=100))
    )  # fmt: skip
    assert "AC203" in [code for _, code, _ in findings(tmp_path, text)]


def test_the_right_to_buy_ends_in_a_transfer_at_the_valuers_price() -> None:
    days = iter(D(2027, 6, 1) + dt.timedelta(days=30 * number) for number in range(20))
    names = ("listed-sporting", "notice", "interest-shown", "buyer-chosen", "valuation-asked", "valued", "offer-made",
             "offer-accepted", "transferred")  # fmt: skip
    priced = ("valued", "offer-made", "transferred")
    steps = tuple(StepTaken(name, next(days), pence=20_000_000 if name in priced else None) for name in names)
    check_steps("community-right-to-buy", steps, commencement=D(2027, 4, 1))
    sale = (*steps[:4], StepTaken("sold", D(2028, 6, 29)))
    with pytest.raises(SokeError, match="full moratorium, to 30 June 2028"):
        check_steps("community-right-to-buy", sale, commencement=D(2027, 4, 1))


VERSIONED = """
id = "mine"
title = "our own rules"
law = "policy"
grade = "official"
source = "us"
in_force = 2020-01-01
roles = { council = "the council" }
[[step]]
id = "asked"
title = "Asked"
who = "council"
again = true
law = "policy"
grade = "official"
[[step]]
id = "answered"
title = "Answered"
who = "council"
needs = ["asked"]
law = "policy"
grade = "official"
[[clock]]
id = "answer"
kind = "deadline"
what = "Answer"
who = "council"
starts = ["asked"]
time = "20 working days"
done_by = ["answered"]
until = 2025-03-31
law = "policy of 2020"
grade = "official"
[[clock]]
id = "answer"
kind = "deadline"
what = "Answer"
who = "council"
starts = ["asked"]
time = "2 weeks"
done_by = ["answered"]
first = 2025-04-01
law = "policy of 2025"
grade = "official"
"""


def test_a_clock_keeps_the_version_that_was_in_force_when_it_started() -> None:
    found = parse_regime(VERSIONED.encode(), "mine.toml")
    last = [follow(case((StepTaken("asked", day),), found), day).due[0] for day in (D(2025, 3, 31), D(2025, 4, 1))]
    assert [(one.last, one.law) for one in last] == [
        (D(2025, 4, 30), "policy of 2020"),  # 20 working days over Good Friday and Easter Monday
        (D(2025, 4, 15), "policy of 2025"),
    ]


@pytest.mark.parametrize(("old", "new", "line", "said"), [
    ('needs = ["asked"]', 'needs = ["aksed"]', 20, "not there"),
    ("first = 2025-04-01", "first = 2025-03-31", 35, "hold on the same day"),
    ('time = "2 weeks"', 'time = "a fortnight"', 40, "no length of time"),
    ('kind = "deadline"', 'kind = "dealine"', 25, "deadline"),
    ('id = "answered"', 'id = "asked"', 17, "twice"),
    ('done_by = ["answered"]', "", 23, "has no effect"),
    ('done_by = ["answered"]', 'done_by = ["answered"]\nwhen = "asked"', 31, "no place in a deadline"),
    ('roles = { council', 'roles = { mayor', 12, "no role"),
    ("grade = \"official\"\n[[step]]", "[[step]]", 9, "no \"grade\""),
])  # fmt: skip
def test_a_table_of_rules_with_a_fault_is_refused_at_its_line(old: str, new: str, line: int, said: str) -> None:
    assert VERSIONED.count(old) >= 1
    with pytest.raises(SokeError, match=said) as stopped:
        parse_regime(VERSIONED.replace(old, new, 1).encode(), "mine.toml")
    assert isinstance(stopped.value.where, Location) and stopped.value.where.line == line


def test_rules_that_go_round_in_a_ring_are_refused() -> None:
    ring = (
        VERSIONED
        + """
[[clock]]
id = "ring"
kind = "lapse"
what = "Round"
who = "council"
starts = ["asked", "over"]
time = "1 day"
clears = ["asked"]
into = "over"
law = "policy"
grade = "official"
"""
    )
    found = parse_regime(ring.encode(), "mine.toml")
    with pytest.raises(SokeError, match="in a ring"):
        follow(case((StepTaken("asked", D(2020, 1, 1)),), found), D(2060, 1, 1))


def test_a_step_that_is_refused_changes_nothing() -> None:
    refused: list[SokeError] = []
    asked = (*LISTED, StepTaken("review-requested", D(2026, 3, 2)))
    bad = StepTaken("review-time-agreed", D(2026, 4, 1), until=D(2026, 4, 26))
    made, plain = walk(regime(BID), (*asked, bad), refused=refused), walk(regime(BID), asked)
    assert len(refused) == 1 and (made.stands, made.clocks, made.late) == (plain.stands, plain.clocks, plain.late)


def test_a_case_of_more_steps_than_a_life_has_is_refused() -> None:
    with pytest.raises(SokeError, match="501 steps is more than 500"):
        check_steps(BID, [LISTED[0]] * 501)


def test_the_story_is_followed_to_its_end() -> None:
    hall = read_case(EXAMPLES / "cases" / "village-hall.toml")
    done = follow(hall, D(2027, 4, 1))
    assert (len(done.done), done.due) == (12, ())
    row = list_row(hall, D(2026, 10, 12), "x")
    assert row is not None and tuple(row) == tuple(COLUMNS)
    assert (row["interim_ends"], row["full_ends"], row["protected_ends"]) == ("2026-10-11", "2027-02-28", "2028-02-29")
    assert (row["bid_requested_on"], row["bidder"]) == ("2026-10-09", "Anyplace Hall CIC")
    assert row["reason"].startswith("The hall serves") and "trustees" not in " ".join(row.values())
    assert list_row(hall, D(2026, 2, 19), "x") is None and list_row(hall, D(2027, 3, 8), "x") is None


def test_a_refused_nomination_is_on_the_other_list() -> None:
    row = list_row(case((LISTED[0], StepTaken("refused", D(2026, 2, 2)))), D(2026, 3, 1), "x")
    assert row is not None
    assert (row["list"], row["decided_on"], row["expires_on"]) == ("unsuccessful-nominations", "2026-02-02", "")


def test_a_calendar_file_is_folded_and_escaped() -> None:
    hall = read_case(EXAMPLES / "cases" / "village-hall.toml")
    text = calendar_file(within([follow(hall, D(2026, 10, 10))], None), D(2026, 10, 10))
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20270228" in whole and whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == 4
    assert len({line for line in whole.split("\r\n") if line.startswith("UID:")}) == 4
    assert "s. 95(6)" in whole and "owner's" in whole


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case made by taking, again and again, one of the steps that may be taken, some days later."""
    name = draw(st.sampled_from([BID, "asset-transfer"]))
    found = regime(name)
    steps: tuple[StepTaken, ...] = ()
    on = draw(st.dates(D(2013, 1, 1), D(2024, 12, 31)))
    for _ in range(draw(st.integers(1, 10))):
        may = [step for step, _ in follow(case(steps, name), on).may if not found.named(step).extends]
        taken = StepTaken(draw(st.sampled_from(may)), on)
        steps = (*steps, taken)
        on += dt.timedelta(days=draw(st.sampled_from([0, 1, 13, 42, 57, 200, 700])))
    return case(steps, name)


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(-100, 2500))
def test_what_holds_of_any_case(found: Case, ahead: int) -> None:
    check_steps(found.regime.id, found.steps)  # what may be taken is allowed
    on = max(found.steps[0].on + dt.timedelta(days=ahead), D(2012, 9, 21))
    status = follow(found, on)
    assert all(one.since <= on and one.since <= one.last for one in status.due)  # nothing before what starts it
    assert all(one.taken.on <= on for one in status.done)
    seen = case(tuple(one for one in found.steps if one.on <= on), found.regime.id)
    assert follow(seen, on).due == status.due  # what comes after the day is not seen
    assert all(one.last < on for one in status.due if one.state in ("overdue", "lapsed"))
    assert all(one.last >= on for one in status.due if one.state in ("due", "may", "runs", "ends"))
    assert set(within([status], None)) == {one for one in status.due if one.state != "lapsed"}
    assert set(within([status], 30)) <= set(within([status], 60))


HEAD = 'asset = "hall"\ntitle = "Hall"\nregime = "community-right-to-bid"\n'
STEP = '[[step]]\nstep = "nominated"\non = 2026-01-05\nkind = "parish-council"\n'


def findings(tmp_path: Path, text: str | bytes) -> list[tuple[int, str, str]]:
    path = tmp_path / "case.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = check_case(path)
    listed = found.findings if isinstance(found, Checked) else found
    return [(one.at.line, one.code, one.fact) for one in listed]


@pytest.mark.parametrize(("text", "line", "said"), [
    (HEAD + '[[step]]\nstep = "nominated"\non = 2026-01-05\n', 4, 'does not say its "kind"'),
    (HEAD + STEP.replace("2026-01-05", '"2026-01-05"'), 6, "should be a date"),
    (HEAD + STEP.replace("2026-01-05", "0200-01-05"), 6, "dated 200"),
    (HEAD + STEP + "members = 1e400\n", 8, "whole number"),
    (HEAD + STEP + "pounds = nan\n", 8, "out of range"),
    (HEAD + STEP + "pounds = -1\n", 8, "negative"),
    (HEAD + STEP + "pounds = 0.001\n", 8, "finer than a penny"),
    (HEAD + STEP + "members = 1000000000000000000000000000000\n", 8, "out of range"),
    (HEAD + STEP + "ownr = 1\n", 8, 'no key called "ownr"'),
    (HEAD.replace("Hall", "H\u202eall") + STEP, 2, "cannot be seen"),
    (HEAD.replace('"hall"', '"../hall"') + STEP, 1, "no plain form"),
    (HEAD.replace("bid", "bits") + STEP, 3, "no rules"),
    (HEAD + "commencement = 2027-01-01\n" + STEP, 3, "in force since"),
    (HEAD + 'rules = "../../etc/passwd"\n' + STEP, 4, "outside the folder"),
    (HEAD + 'terms = { listing = "9 years" }\n' + STEP, 4, "cannot agree the length"),
    (HEAD + 'who = { mayor = "x" }\n' + STEP, 4, "no role"),
    (HEAD + '[reverter]\nwhen = ["bored"]\nto = "x"\n' + STEP, 5, "no event of a reverter"),
    (HEAD, 1, 'no "step"'),
    ("", 1, 'has no "asset"'),
    ("asset = ", 1, "not TOML"),
    (b"asset = \"\xff\"", 1, "not UTF-8"),
])  # fmt: skip
def test_hostile_cases_are_found_at_their_line(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    found = findings(tmp_path, text)
    assert any(at == line and said in fact for at, _, fact in found), found


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert findings(tmp_path, b"\xef\xbb\xbf" + (HEAD + STEP).replace("\n", "\r\n").encode()) == []


def test_a_transfer_without_a_reverter_or_a_value_is_warned_of(tmp_path: Path) -> None:
    text = HEAD.replace("community-right-to-bid", "asset-transfer") + "".join(
        f'[[step]]\nstep = "{one.step}"\non = {one.on}\n'
        + ('kind = "charity"\n' if one.step == "interest-expressed" else "")
        + ("pounds = 1\n" if one.pence else "")
        for one in (*TRANSFER, StepTaken("transferred", D(2026, 7, 27), pence=100)) if one.step != "valued"
    )  # fmt: skip
    assert [code for _, code, _ in findings(tmp_path, text)] == ["AC202", "AC203"]


def test_rules_of_ones_own_stand_beside_the_case(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(VERSIONED)
    text = 'asset = "a"\ntitle = "A"\nregime = "mine"\nrules = "mine.toml"\n[[step]]\nstep = "asked"\non = 2025-05-01\n'
    assert findings(tmp_path, text) == []
    assert findings(tmp_path, text.replace('regime = "mine"', 'regime = "yours"'))[0][0] == 3


def test_rules_of_ones_own_are_never_taken_for_the_law(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(VERSIONED.replace('id = "mine"', f'id = "{BID}"'))
    text = (
        f'asset = "a"\ntitle = "A"\nregime = "{BID}"\nrules = "mine.toml"\n[[step]]\nstep = "asked"\non = 2025-05-01\n'
    )
    [(line, code, fact)] = findings(tmp_path, text)
    assert (line, code) == (2, "AC101") and "cannot have their id" in fact
    (tmp_path / "mine.toml").write_text(VERSIONED)
    (tmp_path / "case.toml").write_text(text.replace(BID, "mine"))
    own = follow(read_case(tmp_path / "case.toml"), D(2025, 5, 1))
    laws = [*(one.law for one in own.done), *(one.law for one in own.due)]
    assert laws == ["policy [own rules: mine.toml]", "policy of 2025 [own rules: mine.toml]"]
    (tmp_path / "mine.toml").write_text(
        VERSIONED.replace('id = "asked"', 'id = "asked"\nenters = "unsuccessful-nominations"')
    )
    row = list_row(read_case(tmp_path / "case.toml"), D(2025, 5, 1), "x")
    assert row is not None and row["law"] == "mine [own rules: mine.toml]"
