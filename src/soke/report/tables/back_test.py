"""How well the projection would have done from earlier years: its scores beside simple rules, and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from soke.england.places import CLASS_NAMES
from soke.model.economy.back_test import EVERYWHERE, REGIONS, SUBREGIONS, Scored, shipped
from soke.table import Cell, Column, Table
from soke.text import a_range, counted, listed

RULES = ("no growth", "national trend", "own trend")
CRASH = 2007  # the last year before it
SPARE = ("held_50_share", "best_rule_rms_log_points")  # a narrow terminal has no room for them
NONE = "none"
AS_IT_SHOULD = 0.85  # of outcomes in the range of 80: above it no range is called narrow
KNOWN = {"known": "known", "drawn": "drawn too"}
HEAD = (
    Column("subject", "what"),
    Column("window", "from, to"),
    Column("england", "England's total"),
    Column("group", "places", people=False),
    Column("outcomes", "outcomes", "count", people=False),
    Column("held_50_share", "in the range of 50", "share"),
    Column("held_80_share", "of 80", "share"),
    Column("held_90_share", "of 90", "share"),
    Column("rms_log_points", "error", "plain", digits=3),
    Column("crps_log_points", "score", "plain", digits=4),
    Column("best_rule", "best simple rule"),
    Column("best_rule_rms_log_points", "its error", "plain", digits=3),
    Column("best_rule_crps_log_points", "its score", "plain", digits=4),
    Column("better_rules", "rules that score better"),
    Column("start_year", "start", people=False),
    Column("end_year", "end", people=False),
)
IN_SHORT = (
    "subject", "window", "england", "held_80_share", "held_90_share", "rms_log_points", "best_rule",
    "best_rule_rms_log_points", "better_rules",
)  # fmt: skip


def back_test(scores: Sequence[Scored]) -> Table:
    """One row a window and group of places. People see the rows of all places; the files have every rule's figures."""
    keys = [rule.replace(" ", "_") for rule in RULES]
    rules = [Column(f"{key}_{of}_log_points", f"{rule}, {of}", "plain", digits=4, people=False)
             for key, rule in zip(keys, RULES, strict=True) for of in ("rms", "crps")]  # fmt: skip
    made = Table.of(
        "back_test",
        "Started from an earlier year, with nothing published later: what came, beside what would have been projected",
        (*HEAD, *rules),
        [_row(one) for one in scores],
        *NOTES,
        verdict(scores),
    )
    return replace(made, page_rows=tuple(k for k, one in enumerate(scores) if one.group == EVERYWHERE))


NOTES = (
    "In the range of 80: how many of a hundred outcomes fell in the range that should hold 80. Fewer: the range is too "
    "narrow; more: too wide.",
    "Error: root mean square of what came less the middle of the range, in log points of the whole window: .10 is "
    "about 10 per cent.",
    "Score (CRPS, continuous ranked probability score): how far what came lay from the range as a whole, in log "
    "points. The lower the better; a range padded until it holds everything scores worse.",
    "England's total known: only how places grow apart is tested. Drawn too: England's growth is drawn from what it "
    "was before the start.",
    "Simple rules: no growth (apart from England's, where that is known); England's mean growth so far (the same, "
    "where it is known); the place's own mean growth so far, of people over ten years. Their range is as wide as "
    "yearly changes were, times the root of the years.",
)


def _row(one: Scored) -> tuple[Cell, ...]:
    best = one.rules[one.best_rule]
    figures = [cell for rule in RULES for cell in one.rules.get(rule, (None, None))]
    return (
        *_window(one), one.group, one.count, one.held_50, one.held_80, one.held_90, one.rms, one.crps, one.best_rule,
        *best, listed(one.beaten_by) or NONE, str(one.start), str(one.end), *figures,
    )  # fmt: skip


def by_group(scores: Sequence[Scored]) -> Table:
    """One row a window: the share of outcomes in the range of 80, by class of authority, sub-regions and regions."""
    groups = [name for name in (*CLASS_NAMES.values(), SUBREGIONS, REGIONS) if any(one.group == name for one in scores)]
    windows: dict[tuple[Cell, ...], dict[str, Scored]] = {}
    for one in scores:
        windows.setdefault(_window(one), {})[one.group] = one
    return Table.of(
        "back_test_groups",
        "How many of a hundred outcomes fell in the range of 80, by class of authority and for whole areas",
        (
            *HEAD[:3],
            *(Column(f"{name.lower().replace(' ', '_')}_share", name, "share") for name in groups),
            Column("better_by_a_rule", "where a rule scores better"),
        ),
        [
            (*window, *(of[name].held_80 for name in groups), listed([g for g in groups if of[g].beaten_by]) or NONE)
            for window, of in windows.items()
        ],
        "ITL2 areas are about three counties each: their outcomes, and those of regions, are sums over places.",
        _narrow(scores),
    )


def _narrow(scores: Sequence[Scored]) -> str:
    """That people of whole areas are drawn too narrow, where they are: each place is drawn apart from the others."""
    held = [one.held_80 for one in scores if one.subject == "people" and one.group in (SUBREGIONS, REGIONS)]
    if not held or max(held) > AS_IT_SHOULD:
        return ""
    least, most = (f"{100 * share:.0f}" for share in (min(held), max(held)))
    return (
        f"People of whole areas: the range of 80 held {a_range(least, most)}. It is too narrow there, since neighbours "
        "gain and lose people together and each place is drawn apart."
    )


def _window(one: Scored) -> tuple[Cell, ...]:
    return one.subject, f"{one.start} to {one.end}", KNOWN[one.england]


def of_the_package() -> Table:
    """The scores that are shipped, in short, with what they come to."""
    return back_test(shipped()).showing(*IN_SHORT)


def verdict(scores: Sequence[Scored]) -> str:
    """Where a simple rule scores better than the projection, in a sentence."""
    whole = [one for one in scores if one.group == EVERYWHERE]
    lost = [one for one in whole if one.beaten_by]
    parts = [one for one in scores if one.group != EVERYWHERE]
    said = [
        f"{one.subject} {one.start} to {one.end}, England {KNOWN[one.england]} ({listed(one.beaten_by)})"
        for one in lost
    ]  # fmt: skip
    first = f"A simple rule scores better over all places in {len(lost)} of {counted(len(whole), 'test')}"
    first += f": {listed(said)}" if lost else ""
    return f"{first}; over classes and areas, in {sum(bool(one.beaten_by) for one in parts)} of {len(parts)}."


def in_a_sentence(scores: Sequence[Scored]) -> str:
    """What the report says of it: the tests of output that start after the crash, and the one that starts before."""
    output = [one for one in scores if one.subject == "output" and one.group == EVERYWHERE]
    later, before = ([one for one in output if (one.start <= CRASH) is so] for so in (False, True))
    if not later:
        return ""
    starts = listed([f"in {year}" for year in dict.fromkeys(one.start for one in later)])
    lost = sorted({rule for one in later for rule in one.beaten_by}, key=RULES.index)
    against = f"{_rules(lost)} did better in part" if lost else "it beat the simple rules"
    said = f"Started {starts} with nothing later, its 90 per cent range held {_held(later)} per cent of "
    said += f"{later[0].count} places, and {against}"
    missed = [one for one in before if one.england == "drawn" and one.beaten_by]
    if missed:
        said += (
            f"; started in {missed[0].start} it held {_held(missed)}, and {_rules(missed[0].beaten_by)} did better: "
        )
        said += "it missed the crash"
    return f"{said}."


def _rules(names: Sequence[str]) -> str:
    return f"the rule{'' if len(names) == 1 else 's'} of {listed(names)}"


def _held(scores: Sequence[Scored]) -> str:
    held = [one.held_90 * 100.0 for one in scores]
    return a_range(f"{min(held):.0f}", f"{max(held):.0f}")
