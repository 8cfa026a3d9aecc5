"""The table of voting rules: each row is whole, and nothing outside it knows a rule by its name."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import fields

import pytest
from made_elections import election

from soke.community.budgets.districts import count
from soke.community.budgets.ledger import payments
from soke.community.budgets.pb_write import rule_name
from soke.community.budgets.registry import NAMES_IN_META, RULES, VotingRule, find, unread
from soke.community.budgets.rule import Parameters
from soke.community.budgets.told import in_words, on_the_way
from soke.community.budgets.why import Reasons, losers
from soke.deal.rules.community import COUNTED
from soke.errors import SokeError

EVERY = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


@EVERY
def test_a_row_is_whole(rule: VotingRule) -> None:
    parameters = Parameters(rule=rule.name)
    made = election(12_00, [6_00, 3_00, 9_00, 5_00], [[0], [0], [0, 1], [1, 2]])
    outcome = count(made, parameters)
    assert outcome.winners and in_words(parameters).startswith(rule.name) and rule.words
    assert on_the_way(outcome) == []
    assert {step.number for step in outcome.steps if step.taken} == set(outcome.winners)
    ledger, reasons = payments(outcome), Reasons(outcome)
    assert bool(ledger.empty) is (outcome.endowment is None) is not bool(ledger.payments)
    for number in losers(outcome):
        assert not reasons.why_not(number).won and reasons.why_not(number).reason


@EVERY
def test_what_a_rule_reads_are_parameters(rule: VotingRule) -> None:
    assert rule.options <= {parameter.name for parameter in fields(Parameters)}
    assert not rule.options & unread(rule.name) and set(rule.unless_asked) <= rule.options


@EVERY
def test_the_name_in_a_file_reads_back(rule: VotingRule) -> None:
    made = election(12_00, [6_00], [[0]])
    assert rule_name(Parameters(rule=rule.name)) == rule.called
    assert NAMES_IN_META[rule.called](made).rule == rule.name


def test_no_two_rules_share_a_name() -> None:
    names = Counter(name for rule in RULES.values() for name in {rule.called, *rule.in_meta})
    assert max(names.values()) == 1 and set(names) == set(NAMES_IN_META)


def test_a_deal_may_name_every_rule_and_no_other() -> None:
    assert sorted(COUNTED) == sorted(name.replace("_", "-") for name in RULES)


def test_the_table_needs_no_other_import() -> None:
    asked = "from soke.community.budgets.registry import find; print(find('phragmen').name)"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout == "phragmen\n"


def test_a_rule_that_there_is_not() -> None:
    with pytest.raises(SokeError, match='There is no rule "luck"'):
        find("luck")
