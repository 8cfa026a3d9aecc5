"""What moves the headline of the results that are shown: as their own tables have it, never worked out here."""

from __future__ import annotations

from soke.report.run.held_facts import movers
from soke.site.contents import Mover, Run
from soke.site.deal_given import Deals


def moved_by(deals: Deals) -> tuple[Run, ...]:
    """Of each deal that shows a result, the parameters that move it, in the order of the deals."""
    runs = (Run(one.title, one.run.command, tuple(Mover(*found) for found in movers(one.run)))
            for one in deals.given if one.run)  # fmt: skip
    return tuple(run for run in runs if run.movers)
