"""The register itself, the deal, who acts for whom, and powers."""

from __future__ import annotations

from soke.register.kinds.row import APPOINTS, AT_ANY_TIME, BEFORE_THE_END, GIVER, IN_FORCE, NOT_ENDED, kind

ROWS = (
    kind("register.opened", "the registrar", AT_ANY_TIME, "{person} opened the register {name}.", name="text",
          registrars="persons", rehearsal="[yes]", key="[key]", rules="[count]",
          more={"registrars": "Registrars: {registrars}",
                "rehearsal": "It is a rehearsal: it shows what could be, and its users say what time it is",
                "key": "Its key: {key}"}),
    kind("deal.proposed", "the registrar", BEFORE_THE_END,
          "Version {version} of the deal was laid open for signature.", version="count", deal="terms",
          framework="terms", more={"deal": "It is the deal {deal}"}),
    kind("deal.signed", "each party itself", BEFORE_THE_END, "{party} signed version {version} of the deal.",
          version="count"),
    kind("deal.suspended", "both sides", NOT_ENDED, "{party} agreed to suspend the deal: {reason}", reason="text",
          asks="suspend the deal"),
    kind("deal.resumed", "both sides", NOT_ENDED, "{party} agreed to resume the deal: {reason}", reason="text",
          asks="resume the deal"),
    kind("deal.ended", "both sides", NOT_ENDED, "{party} agreed to end the deal: {reason}", reason="text",
          asks="end the deal"),
    kind("person.appointed", APPOINTS, AT_ANY_TIME, "{name} may now act for {for_party}.", name="person",
          for_party="untagged id of party"),
    kind("person.removed", APPOINTS, AT_ANY_TIME, "{name} no longer acts for {for_party}.", name="person",
          for_party="untagged id of party"),
    kind("power.conferred", GIVER, IN_FORCE, "{party} conferred {powers}.", powers="ids of power"),
    kind("power.exercised", "who holds the power", IN_FORCE, '{party} exercised {power}: "{decision}"',
          power="id of power", decision="text"),
    kind("power.returned", "who holds the power", IN_FORCE, "{party} gave {power} back: {reason}",
          power="id of power", reason="text"),
)  # fmt: skip
