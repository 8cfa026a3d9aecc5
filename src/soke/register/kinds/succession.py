"""That something of a deal is succeeded by others: councils are merged, funds and conditions rearranged."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, kind

ROWS = (
    kind("succession.agreed", "both sides", EVER_SINCE,
         "{party} agreed that {thing}{named} is succeeded by {by} from {on}: {reason}", thing="thing",
         named="untagged id of party, power, fund, condition or community", by="heirs", on="day", reason="text",
         asks="agree to the succession"),
    kind("succession.recorded", "the registrar", EVER_SINCE, "{thing}{named} is succeeded by {by} from {on}.",
         thing="thing", named="untagged id of party, power, fund, condition or community", by="heirs", on="day",
         order="[text]", legs="[worked-out legs]",
         more={"order": "Order: {order}", "not order": "Both sides agreed to it"}),
)  # fmt: skip
