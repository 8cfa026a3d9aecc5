"""Joint decisions and disputes."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, NOT_ENDED, PARTNERS, kind

ROWS = (
    kind("decision.asked", PARTNERS, NOT_ENDED, "{party} asked {partners} for a joint decision by {due}: {title}",
          decision="new id of decision", title="title of decision", partners="untagged ids of party", due="day"),
    kind("decision.confirmed", "each partner itself", EVER_SINCE,
          "{party} confirmed the joint decision {decision}.", decision="id of decision"),
    kind("decision.disputed", "each partner itself", EVER_SINCE,
          "{party} disputed the joint decision {decision}: {reason}", decision="id of decision", reason="text"),
    kind("dispute.raised", PARTNERS, NOT_ENDED, "{party} raised a dispute, to be settled by {due}: {about}",
          dispute="new id of dispute", about="title of dispute", due="day"),
    kind("dispute.settled", "who raised it", EVER_SINCE,
          "{party} said that the dispute {dispute} is settled: {how}", dispute="id of dispute", how="text"),
)  # fmt: skip
