"""Projections of an invented country."""

import pytest
from invented_country import (
    full_deal,
    invented_baseline,
    invented_councils,
    invented_estimates,
    invented_lines,
    invented_start,
    scenario,
)

from soke.model.run.ensemble import run


@pytest.fixture(scope="session")
def baseline():
    return invented_baseline()


@pytest.fixture(scope="session")
def lines(baseline):
    return invented_lines(baseline)


@pytest.fixture(scope="session")
def known(baseline):
    return invented_estimates(baseline)


@pytest.fixture(scope="session")
def project(baseline, lines, known):
    """Project a deal in the invented country, here and now: in this process."""

    def go(a_deal, a_scenario=None, **options):
        spent = invented_councils(baseline)
        options = {"backend": "serial", "known": known, "spent": spent, **options}
        assumed = a_scenario or scenario()
        return run(a_deal, assumed, baseline, invented_start(lines, assumed.base_year), **options)

    return go


@pytest.fixture(scope="session")
def full(project):
    return project(full_deal())
