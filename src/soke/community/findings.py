"""What the codes mean that cases of assets (AC) and delivery agreements (DL) are found wanting with."""

from __future__ import annotations

from collections.abc import Mapping

FINDINGS: Mapping[str, tuple[str, str, str]] = {  # code -> severity, what, why it matters
    "AC101": (
        "error", "The rules of the case are not known, or not in force",
        "A clock that no law runs would promise people a right that they do not have.",
    ),
    "AC102": (
        "error", "A step that the rules do not allow, there or then",
        "Whoever acts on it, a sale within a moratorium for one, may find it undone. A slip in the file is as likely.",
    ),
    "AC103": (
        "error", "A name, role or term that is not there",
        "What is due is due from somebody. A case that names nobody for it reminds nobody.",
    ),
    "AC104": (
        "error", "A step that does not say what it must",
        "Whether a nomination or a price is good hangs on it: how many members, on which ground, for how much.",
    ),
    "AC201": (
        "warning", "A step after its last day, which counts all the same",
        "The council is late, and the step stands. Those who waited may ask why, so the reason belongs in a note.",
    ),
    "AC202": (
        "warning", "A transfer without a reverter",
        "If the group closes, a hall that cannot come back is lost to the community that it was meant for.",
    ),
    "AC203": (
        "warning", "A price while no valuation stands",
        "Land below its best price needs a ground that holds, and nobody can show one without a valuation.",
    ),
    "DL101": (
        "error", "An agreement that contradicts itself or names what is not there",
        "Money and notice are counted from its days, its payments and its outcomes.",
    ),
    "DL102": (
        "error", "Something that happened which the agreement has no place for",
        "A payment or report outside of the agreement would be counted as if it had been agreed.",
    ),
    "DL201": (
        "warning", "Nothing is said of staff, insurance or data",
        "These are what agreements with small groups break on. That it does not arise is worth a line, too.",
    ),
    "DL202": (
        "warning", "No break clause",
        "Neither side can leave before the last day, whatever happens to the group or to the money.",
    ),
}  # fmt: skip


def explained(code: str) -> str:
    """The finding as people read it; empty where there is none of that code."""
    if code not in FINDINGS:
        return ""
    severity, what, why = FINDINGS[code]
    return f"{code} {what} ({severity})\n\n{why}"
