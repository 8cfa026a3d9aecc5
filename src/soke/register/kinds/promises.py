"""What either side promises beside what the deal says, and what came of it."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, NOT_ENDED, kind

MADE_IT, TOLD = "who made the promise", "whom it was promised, or a community, an assurer or an adjudicator"

ROWS = (
    kind("promise.made", "those who decide and pay, each for itself", NOT_ENDED,
          "{party} promised by {due}: {title}", promise="new id of promise", title="title of promise", due="day",
          to="[untagged id of party]", fund="[id of fund]", year="[year]", pence="[pence]", power="[id of power]",
          answer="[id of answer]",
          more={"to": "It is promised to {to}", "fund, year, pence": "It is {pence} into {fund} for {year}",
                "power": "It is the power {power}", "answer": "It is an answer to {answer}"}),
    kind("promise.delivered", MADE_IT, EVER_SINCE,
          "{party} said that it kept the promise {promise} on {on}: {evidence}", promise="id of promise", on="day",
          evidence="text", asks="say whether a promise was kept"),
    kind("promise.confirmed", TOLD, EVER_SINCE, "{party} confirmed that the promise {promise} is kept.",
          promise="id of promise", on="[day]", evidence="[text]",
          more={"on": "It was kept on {on}", "evidence": "What shows it: {evidence}"}),
    kind("promise.broken", "whom it was promised, a witness, or who made it", EVER_SINCE,
          "{party} said that the promise {promise} is broken: {evidence}", promise="id of promise", evidence="text"),
    kind("promise.disputed", "whom a word about the promise goes against", EVER_SINCE,
          "{party} disputed what was said of the promise {promise}: {reason}", promise="id of promise", reason="text"),
    kind("promise.day-asked", MADE_IT, NOT_ENDED,
          "{party} asked for a later day for the promise {promise}, {due}: {reason}", promise="id of promise",
          due="day", reason="text"),
    kind("promise.day-agreed", "whom it was promised", NOT_ENDED,
          "{party} agreed to {due} as the day for the promise {promise}.", promise="id of promise", due="day",
          asks="agree to a later day for a promise"),
)  # fmt: skip
