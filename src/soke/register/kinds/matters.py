"""What could end in a recall, step by step."""

from __future__ import annotations

from soke.register.kinds.row import EVER_SINCE, GIVER, LADDER, PLACE, Kind, Urgency, kind


def _step(action: str, did: str, asks: str = "", *, because: str = "", urgency: Urgency = "must") -> Kind:
    """What else the ladder may ask for: it takes the matter on by one step, with reasons where the ladder says so."""
    return kind(f"matter.{action}", LADDER, EVER_SINCE, f"{{party}} {did} in the matter {{matter}}. {{reason}}",
                 matter="id of matter", reason="[text]", legs="[worked-out legs]", asks=asks, because=because,
                 urgency=urgency)  # fmt: skip


STEPS = (
    _step("notice", "gave notice", "give notice", because="of the notice"),
    _step("response", "responded", "respond to the notice"),
    _step("no-response", "recorded that no response came", "record that no response came"),
    _step("cure", "began the time to put it right", "begin the time to put it right"),
    _step("hearing", "held the hearing", "hold the hearing"),
    _step("decision", "decided against the place", "decide", because="of the decision"),
    _step("dismiss", "dismissed the matter", "dismiss the matter"),
    _step("appeal", "appealed", "appeal", because="of the appeal", urgency="may"),
    _step("allow", "recorded that the appeal was allowed", "record that the appeal was allowed",
          because="of the court"),
    _step("refuse", "recorded that the appeal was refused", "record that the appeal was refused",
          because="of the court"),
    _step("restore", "restored what was recalled", "restore what was recalled"),
    _step("close", "closed the matter", urgency="any-day"),
    _step("lapse", "recorded that the control lapsed", "record that the control lapsed, and give back what it took"),
    _step("emergency-hearing", "held the emergency hearing", "hold the emergency hearing", urgency="may"),
    _step("keep", "kept the emergency control", "keep the emergency control", because="to keep it", urgency="may"),
    _step("lift", "lifted it", urgency="any-day"),
    _step("dispute", "disputed the breach", "dispute the breach", because="of the dispute"),
    _step("find", "found a breach by the government", "find a breach by the government", because="of the finding"),
    _step("suspend-duty", "suspended the matching duty of the place", "suspend the matching duty",
          because="to suspend the duty"),
    _step("make-good", "made the breach good", urgency="any-day"),
    _step("resume-duty", "took the matching duty up again", urgency="any-day"),
    _step("withdraw", "withdrew the complaint", urgency="any-day"),
)  # fmt: skip
ROWS = (
    kind("matter.report", "who reports or checks the condition", EVER_SINCE,
          "{party} opened the matter {matter}: {condition}, period to {period_end}.", matter="new id of matter",
          condition="id of condition", period_end="day"),
    kind("matter.suspend", GIVER, EVER_SINCE, "{party} held back {scope} in an emergency: {reason}",
          matter="new id of matter", scope="untagged ids of fund, pool or power", reason="text",
          because="of the emergency"),
    kind("matter.breach", PLACE, EVER_SINCE, "{party} reported a breach by the government of {duty}: {reason}",
          matter="new id of matter", duty="text", reason="text", conditions="[untagged ids of condition]",
          because="of the report", more={"conditions": "The place's matching duty: {conditions}"}),
    kind("matter.recall", GIVER, EVER_SINCE, "{party} recalled {takes}. {reason}", matter="id of matter",
          takes="takes", loses="loses", reason="text", legs="worked-out legs",
          asks="recall what the condition can recall", because="of the recall",
          more={"residents": "Residents lose: {residents}", "services": "Services lose: {services}"}),
    *STEPS,
)  # fmt: skip
