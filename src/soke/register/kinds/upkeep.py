"""What sets the record right: corrections of entries and of the clock, and what both sides agree to beyond the deal."""

from __future__ import annotations

from soke.register.kinds.row import AT_ANY_TIME, EVER_SINCE, FUND, IN_FORCE, kind

ROWS = (
    kind("fund.increase-agreed", "who pays the fund and who receives it", IN_FORCE,
         "{party} agreed that {fund} may be given {pence} of {use} for {year} beyond what the deal says: {reason}",
         reason="text", **FUND),
    kind("correction.agreed", "both sides", EVER_SINCE, "{party} agreed that entry {entry} is corrected: {reason}",
         entry="entry", reason="text"),
    kind("entry.corrected", "who recorded the entry, or the registrar", EVER_SINCE,
         "{party} corrected entry {entry} ({was}): {reason}", entry="entry", reason="text", right="[changes]",
         was="worked-out id", about="worked-out tags", legs="[worked-out legs]",
         more={"not right": "It is taken back", "right": "It now says {right}"}),
    kind("clock.corrected", "the registrar", AT_ANY_TIME,
         "{party} set the clock right: entry {entry} and those after it were recorded at {right}. {reason}",
         entry="entry", right="time", reason="text", struck="[worked-out tags]", legs="[worked-out legs]",
         more={"struck": "Steps that came too soon are struck out: {struck}"}),
    kind("register.clock-corrected", "the registrar", AT_ANY_TIME,
         "{party} set the clock right: entry {entry} and those after it about the register itself were recorded at "
         "{right}. {reason}", entry="entry", right="time", reason="text"),
)  # fmt: skip
