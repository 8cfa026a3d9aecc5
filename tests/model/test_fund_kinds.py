"""Every row of the table of fund kinds: it can be written, the handbook has it, its pounds have payer and receiver."""

from pathlib import Path

import numpy as np
import pytest
from invented_country import deal, fund, years

from soke.deal.check import check_reading
from soke.deal.fund_kinds import AFTERWARDS, FUND_KINDS, MECHANISMS, SPENT_BEFORE
from soke.deal.json_schema import json_schema
from soke.deal.reader import read_text
from soke.england.places import places
from soke.model.money import fund_flows
from soke.model.money.prices import Prices

YEARS = range(2025, 2033)
MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text("utf-8")
HANDBOOK = Path("docs/handbook/deal-file.md").read_text("utf-8")
WRITTEN = [
    *(("additionality", "moved", name) for name in FUND_KINDS),
    *(("after_profile", "flat_real", name) for name in AFTERWARDS),
    *(("mechanism", "national-formula", name) for name in MECHANISMS),
]


@pytest.mark.parametrize(("key", "before", "name"), WRITTEN)
def test_each_word_is_read_checked_in_the_schema_and_in_the_handbook(key: str, before: str, name: str) -> None:
    reading = read_text(MINIMAL.replace(f'{key} = "{before}"', f'{key} = "{name}"'), places())
    assert reading.deal is not None and getattr(reading.deal.funds[0], key) == name
    found = {finding.code for finding in check_reading(reading, places()).findings}
    assert found == ({"DF310"} if key == "mechanism" and MECHANISMS[name].by_bid else set())
    assert name in json_schema("soke-deal/1")["$defs"]["Fund"]["properties"][key]["enum"]
    assert f'`"{name}"`' in HANDBOOK


def test_another_word_is_no_kind() -> None:
    reading = read_text(MINIMAL.replace('additionality = "moved"', 'additionality = "mooved"'), places())
    (finding,) = reading.findings
    assert finding.code == "DV005" and finding.fix == 'Did you mean "moved"?'


@pytest.mark.parametrize("after", AFTERWARDS)
@pytest.mark.parametrize("kind", FUND_KINDS)
def test_every_pound_of_each_kind_has_a_payer_and_a_receiver(kind: str, after: str) -> None:
    paid = fund("x", kind, 90_000_000, after_profile=after, previous_spend=years(100_000_000, 2025, 1))
    (flow,) = fund_flows.fund_flows(deal(funds=(paid,)), YEARS, Prices(2025, 1.15, 0.02), 0.013)
    assert flow.as_is.any() == FUND_KINDS[kind].spent_before == (kind in SPENT_BEFORE)
    entries = fund_flows.ledger([flow])
    received = np.zeros(len(YEARS))
    for entry in entries:
        received += entry.amount * ((entry.receiver == paid.payee) - 1.0 * (entry.payer == paid.payee))
    np.testing.assert_allclose(received, flow.deal - (flow.as_is - np.minimum(flow.deal, flow.as_is)))
