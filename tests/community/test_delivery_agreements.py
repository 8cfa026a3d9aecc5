"""Delivery agreements: what is due, paid and left, outcomes, the break clause, and what no agreement may say."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.delivery import (
    Agreement,
    CheckedAgreement,
    Ended,
    Instalment,
    Outcome,
    Paid,
    Report,
    Reported,
    check_agreement,
    follow_delivery,
    read_agreement,
)
from soke.errors import Location, SokeError

D = dt.date
LUNCH = Path(__file__).parents[2] / "examples" / "village-hall" / "lunch-club.toml"
AT = Location("a.toml")


def lunch(tmp_path: Path, *more: str, replace: tuple[str, str] = ("", "")) -> Path:
    path = tmp_path / "lunch.toml"
    text = LUNCH.read_text("utf-8")
    assert replace[0] in text
    path.write_text(text.replace(*replace, 1) + "\n".join(more), "utf-8")
    return path


def test_the_money_of_the_lunch_club_by_hand() -> None:
    one = read_agreement(LUNCH)
    assert one.agreed_pence == 3 * 900_000 + 1_500_000
    early = follow_delivery(one, D(2027, 4, 13))
    assert (early.fallen_due_pence, early.paid_pence, early.left_pence) == (0, 0, 4_200_000)
    later = follow_delivery(one, D(2027, 12, 5))
    assert later.fallen_due_pence == 900_000 + 288_750  # 2,310 meals at 1.25
    assert [(due.kind, due.day, due.pence) for due in later.due if due.state == "overdue"] == [
        ("payment", D(2027, 12, 4), 288_750)
    ]
    assert [reached.met for reached in later.outcomes] == [True, False]  # 33 per cent is not 30 or less
    assert later.soonest_end == D(2028, 3, 4)


def test_a_report_is_due_then_overdue_then_late() -> None:
    one = read_agreement(LUNCH)
    for day, state in ((D(2027, 10, 31), "due"), (D(2027, 11, 1), "overdue"), (D(2027, 11, 4), "late")):
        assert next(due.state for due in follow_delivery(one, day).due if due.kind == "report") == state


def test_money_for_an_outcome_stops_at_its_most(tmp_path: Path) -> None:
    path = lunch(tmp_path, replace=("meals = 2_310", "meals = 14_000"))
    assert follow_delivery(read_agreement(path), D(2028, 1, 1)).fallen_due_pence == 900_000 + 1_500_000


def test_notice_ends_it_and_what_was_to_come(tmp_path: Path) -> None:
    notice = '[ended]\nnotice_on = 2027-12-01\nends = 2028-02-29\nby = "the group"\nreason = "The cook left."\n'
    one = read_agreement(lunch(tmp_path, notice))
    assert follow_delivery(one, D(2027, 11, 30)).state == "running"
    under = follow_delivery(one, D(2027, 12, 1))
    assert (under.state, under.soonest_end) == ("under notice", None)
    assert [due.day for due in under.due if due.kind == "end"] == [D(2028, 2, 29)]
    over = follow_delivery(one, D(2028, 3, 1))
    assert over.state == "ended"
    assert [(due.kind, due.state) for due in over.due if due.state not in ("done", "late")] == [("payment", "overdue")]
    with pytest.raises(SokeError, match="cannot end it on 28 February 2028"):
        read_agreement(lunch(tmp_path, notice.replace("2028-02-29", "2028-02-28")))


LATER = """
[[reported]]
period_end = 2028-09-30
on = 2028-10-20
values = { meals = 4_000, alone = 20 }
said = "All went on."
[ended]
notice_on = 2027-11-20
ends = 2028-03-31
by = "the district"
reason = "A budget was cut."
"""


def test_what_is_done_after_the_end_earns_nothing(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="ended on 31 March 2028, before the period to 30 September 2028 did"):
        read_agreement(lunch(tmp_path, LATER))
    found = check_agreement(tmp_path / "lunch.toml")
    assert isinstance(found, CheckedAgreement)
    over = follow_delivery(found.agreement, D(2028, 12, 1))  # nor where nobody looked at the errors
    assert sum(one.pence or 0 for one in over.due if one.kind == "payment") == 288_750
    # two reports are agreed on within its time, and one has not come: what meals may still earn is in it
    assert (over.state, over.most_pence, over.left_pence) == ("ended", 900_000 + 1_500_000, 1_500_000)
    second = (
        '[[reported]]\nperiod_end = 2028-03-31\non = 2028-04-20\nvalues = { meals = 0, alone = 33 }\nsaid = "None."\n'
    )
    closed = follow_delivery(read_agreement(lunch(tmp_path, second + LATER[LATER.index("[ended]") :])), D(2028, 5, 1))
    assert (closed.agreed_pence, closed.most_pence, closed.left_pence) == (4_200_000, 1_188_750, 288_750)


@pytest.mark.parametrize(("replace", "line", "said"), [
    (("last = 2030-03-31", "last = 2027-03-31"), 9, "runs from"),
    (("last = 2030-03-31", "last = 2099-03-31"), 9, "50 years"),
    (("break_days = 90", "break_days = 1000000"), 10, "more than 9,999"),
    (("pounds = 9_000.00\nwhat", "pounds = nan\nwhat"), 32, "out of range"),
    (("on = 2028-04-15", "on = 2031-04-15"), 36, "not one of the term"),
    (("target = 2_000", "target = 500"), 19, "worse than the baseline"),
    (('better = "less"', 'better = "more"'), 27, "worse than the baseline"),
    (("most_pounds = 15_000", ""), 20, "needs both"),
    (('id = "alone"', 'id = "meals"'), 24, "Two outcomes"),
    (("due = 2027-10-31", "due = 2027-09-01"), 46, "cannot be"),
    (("period_end = 2028-03-31", "period_end = 2027-09-30"), 50, "same period"),
    (("pounds = 9_000.00\n\n[[reported]]", "pounds = 90_000.00\n\n[[reported]]"), 61, "£90,000 are paid of £42,000"),
    (("alone = 33", "lonely = 33"), 66, '"lonely" is no outcome'),
    (("alone = 33", "alone = 1e400"), 66, "out of range"),
    (("on = 2027-11-04", "on = 2027-09-29"), 65, "before its period was over"),
    (('delivery = "lunch-club"', 'delivery = "Lunch Club"'), 2, "no plain form"),
])  # fmt: skip
def test_what_no_agreement_may_say(tmp_path: Path, replace: tuple[str, str], line: int, said: str) -> None:
    found = check_agreement(lunch(tmp_path, replace=replace))
    listed = found.findings if isinstance(found, CheckedAgreement) else found
    told = [(one.at.line, f"{one.fact} {one.fix}") for one in listed if one.severity == "error"]
    assert any(at in (line - 1, line, line + 1) and said in text for at, text in told), told


def test_silence_about_staff_or_data_is_a_warning(tmp_path: Path) -> None:
    found = check_agreement(lunch(tmp_path, replace=("tupe =", "# tupe =")))
    assert isinstance(found, CheckedAgreement)
    assert [(one.code, one.severity) for one in found.findings] == [("DL201", "warning")]


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    first = draw(st.dates(D(2020, 1, 1), D(2026, 1, 1)))
    days = st.integers(0, 1000).map(lambda ahead: first + dt.timedelta(days=ahead))
    pounds = st.integers(1, 10**6).map(lambda pence: Decimal(pence) / 100)
    ends = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    outcome = Outcome(id="x", measure="x", baseline=Decimal(0), target=Decimal(5), pounds_each=Decimal("1.01"),
                      most_pounds=Decimal(20), at=AT)  # fmt: skip
    return Agreement(
        delivery="x", service="x", group="x", commissioner="x", first=first, last=first + dt.timedelta(days=1000),
        break_days=30, outcome=(outcome,), at=AT,
        instalment=tuple(Instalment(on=draw(days), pounds=draw(pounds), at=AT) for _ in range(3)),
        report=tuple(Report(period_end=end, due=end + dt.timedelta(days=20), at=AT) for end in ends),
        paid=tuple(Paid(on=draw(days), pounds=draw(pounds), at=AT) for _ in range(draw(st.integers(0, 3)))),
        reported=tuple(Reported(period_end=end, on=end + dt.timedelta(days=draw(st.integers(0, 40))), said="x",
                                values={"x": Decimal(draw(st.integers(0, 30)))}, at=AT) for end in ends[::2]),
        ended=draw(st.sampled_from([None, Ended(notice_on=first + dt.timedelta(days=200), by="x", reason="x",
                                                ends=first + dt.timedelta(days=300), at=AT)])),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(agreements(), st.integers(-10, 1200))
def test_what_holds_of_any_agreement(one: Agreement, ahead: int) -> None:
    on = one.first + dt.timedelta(days=ahead)
    found = follow_delivery(one, on)
    payments = [due for due in found.due if due.kind == "payment"]
    owed = sum(due.pence or 0 for due in payments)
    unpaid = sum(due.pence or 0 for due in follow_delivery(dataclasses.replace(one, paid=()), on).due)
    assert owed == max(0, unpaid - found.paid_pence)  # to the penny
    assert unpaid <= one.agreed_pence
    assert sum(due.pence or 0 for due in payments if due.state == "overdue") <= max(
        0, found.fallen_due_pence - found.paid_pence
    )
    assert found.left_pence - found.beyond_pence == found.most_pence - found.paid_pence
    assert unpaid <= found.most_pence <= one.agreed_pence
    assert all(due.day < on for due in found.due if due.state == "overdue")
    assert all(due.day >= on for due in found.due if due.state in ("due", "ends", "reminder"))
    assert found.soonest_end is None or on < found.soonest_end <= one.last
    later = follow_delivery(one, on + dt.timedelta(days=1))
    assert later.paid_pence >= found.paid_pence
    if found.state == later.state == "running":
        assert later.fallen_due_pence >= found.fallen_due_pence
