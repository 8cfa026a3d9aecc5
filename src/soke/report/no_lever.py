"""What the page of a run says where the deal changes nothing: that it has no lever, and how to add one."""

from __future__ import annotations

from soke.deal.new import lever_example
from soke.england.places import places
from soke.report.contents import RunReport
from soke.report.markup import Element, el
from soke.report.shell import section

ADD = "add-a-lever"


def nothing_here() -> Element:
    """In place of a chart that would have axes alone."""
    return el("p", "Nothing to draw: this deal changes no figure. ", el("a", "Add a lever", href=f"#{ADD}"), ".")


def add_a_lever(report: RunReport) -> Element:
    """The section that says how, with an example for the places of the deal."""
    return section(ADD, "Add a lever", [
        el("p", "Nothing in this deal changes a figure. Money that only changes hands creates nothing by itself."),
        el("p", "A lever is what money buys, and what it acts through. Write one into the deal file, put your own"
           " figures in it, and run it again. An example, made up for these places:"),
        el("pre", lever_example(report.deal, places())),
        el("p", "An effect acts through one channel: ", el("code", "employment"), ", ", el("code", "skills"), ", ",
           el("code", "connection"), " (a faster journey) or ", el("code", "public-capital"), ". Terms under ",
           el("code", "[fiscal.business_rates]"), " and its like are levers too. A first deal that ",
           el("code", "soke new"), " writes has such examples behind comment signs."),
    ])  # fmt: skip
