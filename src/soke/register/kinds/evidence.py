"""Figures, notices and excuses, and what the conditions say of them."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, NOT_ENDED, REPORTS, kind

ROWS = (
    kind("indicator.reported", REPORTS, EVER_SINCE,
          "{party} reported {indicator}: {value} for the period to {period_end}.",
          indicator="id of indicator", period_end="day", value="amount"),
    kind("indicator.revised", REPORTS, EVER_SINCE,
          "{party} revised {indicator} to {value} for the period to {period_end}.",
          indicator="id of indicator", period_end="day", value="amount"),
    kind("indicator.confirmed", "who checks it", EVER_SINCE,
          "{party} confirmed {indicator} for the period to {period_end}.", indicator="id of indicator",
          period_end="day"),
    kind("notice.published", "who reports or checks the condition", NOT_ENDED,
          "{party} recorded a public notice that bears on {condition}: {title}", condition="id of condition",
          title="text", published="day"),
    kind("excuse.accepted", "who checks the condition", NOT_ENDED,
          "{party} accepted an excuse for {condition} in the period to {period_end}: {ground}",
          condition="id of condition", period_end="day", ground="text"),
    kind("condition.evaluated", "who reports or checks it, or the registrar", EVER_SINCE,
          "{condition} was found {status} for the period to {period_end}. {why}", condition="id of condition",
          period_end="day", status="worked-out status", why="worked-out text", value="[amount]",
          excused="[worked-out yes]", more={"excused": "It was excused"}),
)  # fmt: skip
