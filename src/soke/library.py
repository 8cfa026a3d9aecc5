"""Soke from a script or a notebook: what ``import soke`` gives.

Each function asks one room and gives back a result with ``.tables``, ``.table(name)`` and ``.summary()``; ``print`` and
a notebook show the summary, and a table turns into records, CSV or a pandas DataFrame. Bad input raises
:class:`~soke.errors.SokeError` with a code, where it is and what to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from soke.arguments import names as _names
from soke.arguments import none_or as _none_or
from soke.arguments import path as _path
from soke.arguments import text as _text
from soke.arguments import whole as _whole
from soke.arguments import year as _year
from soke.errors import of_type
from soke.table import Table

if TYPE_CHECKING:  # the rooms are imported by the function that asks them: each draws in much
    from soke.community.assemblies.record import Drawn
    from soke.community.budgets.counted import Counted
    from soke.community.budgets.election import Election
    from soke.deal.check import Checked
    from soke.deal.types import Deal, Framework, Scenario
    from soke.england.baseline import Baseline
    from soke.model.accounts.types import Account
    from soke.model.economy.back_test import Scored
    from soke.model.funding.settlement_figures import SettlementByRule
    from soke.model.run.ensemble import Backend, Progress
    from soke.register.scorecard import Scorecard
    from soke.report.run.project import Run
    from soke.report.what_ifs import WhatIf
    from soke.result import Answered
    from soke.table import Answer

# ruff: noqa: PLC0415 - see above

Names = str | Sequence[str]


def places(kind: str = "", within: str = "") -> Table:
    """Every place that Soke knows, or those of one kind, or the authorities within one place; people of 2022.

    >>> import soke
    >>> soke.places(within="Greater Manchester").column("name")[:3]
    ['Bolton', 'Bury', 'Manchester']
    >>> soke.places(within="Greater Manchestr")
    Traceback (most recent call last):
    soke.errors.SokeError: No place in England is called 'Greater Manchestr'. Did you mean Greater Manchester (...)?
    """
    from soke.report.tables.known_places import known_places

    return known_places(_text(kind, "kind"), _text(within, "within"))


def account(
    place: Names, year: str | int = "2023-24", basis: str = "residence", figures: str | Path | None = None
) -> Answered[Account]:
    """What a place raises and spends in a financial year: tables ``account_lines``, ``account`` and others.

    ``place``: a name or ONS code, or several that make one area. ``year``: ``"2022-23"`` or 2022, from 1999-00 on.
    ``basis``: ``residence``, ``economy`` or ``single``. ``figures``: a folder of imported official figures. Money is
    GBP million, cash; ``.value`` has it with the half-width of the range that holds the truth four times in five.

    >>> import soke
    >>> gm = soke.account("Greater Manchester", "2013-14")
    >>> gm.table("account_lines").column("gbp_million_cash")[0] > 0
    True
    """
    from soke.report.place_account import place_account

    folder = _none_or(_path, figures, "figures")
    return place_account(_names(place, "place"), _year(year), _text(basis, "basis"), folder)


def explain_account(place: Names, line: str, year: str | int = "2023-24", basis: str = "residence") -> Answer:
    """The sum behind a line of an account, or ``raised``, ``spent`` or ``gap``: its steps, and tables of every figure.

    >>> import soke
    >>> soke.explain_account("Leeds", "Council Tax", "2022-23").facts["line"]
    'Council Tax'
    """
    from soke.report.place_account import explained_line

    return explained_line(_names(place, "place"), _year(year), _text(line, "line"), _text(basis, "basis"))


def account_years(place: Names) -> Table:
    """What a place raised and spent in every year from 1999-00, with the range of the gap and what was measured."""
    from soke.report.place_account import account_years

    return account_years(_names(place, "place"))


def baseline() -> Baseline:
    """The figures by place that a projection starts from: ``baseline()["population"]`` is (place,), in the order of
    ``.codes``; each column says source, year, unit and grade.

    >>> import soke
    >>> base = soke.baseline()
    >>> base["population"].shape == (len(base.codes),)
    True
    """
    from soke.england.baseline import baseline as shipped

    return shipped()


def read_deal(path: Path | str) -> Deal:
    """A deal for use. SokeError with the first fault, its line and its fix, where it cannot be read whole.

    >>> import soke
    >>> soke.read_deal("none.toml")
    Traceback (most recent call last):
    soke.errors.SokeError: none.toml: There is no such file. Check the name and the folder.
    >>> soke.read_deal("deals/greater-manchester.toml").title  # doctest: +SKIP
    'Greater Manchester: integrated settlement from 2026-27'
    """
    from soke.deal.reader import load_deal
    from soke.england.places import places as known

    return load_deal(_path(path, "path"), known())


def read_framework(path: Path | str = "england") -> Framework:
    """A framework: the shipped one by its name, or a file. SokeError with its place if it is broken.

    >>> import soke
    >>> soke.read_framework("england").title
    'The standing offer for English devolution'
    """
    from soke.deal.reader import read_framework as read

    return read(_path(path, "path"))


def read_scenario(path: Path | str | None = None) -> Scenario:
    """A scenario of a file or of a shipped name, the default one for None. SokeError with its place if it is broken.

    >>> import soke
    >>> soke.read_scenario("cuts-2010s").draws
    1000
    """
    from soke.deal.reader import read_scenario as read

    return read(None if path is None else _path(path, "path"))


def check(deal: Deal | Path | str) -> Answered[Checked]:
    """What is wrong with a deal, on which line, and what to do: a table ``findings``; the burden is in ``.answer``.

    >>> import pathlib, soke, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "deal.toml"
    ...     _ = path.write_text('schema = "soke-deal/1"')
    ...     checked = soke.check(path)
    >>> checked.summary().caption
    '1 error, 0 warnings. `soke explain CODE` says why a rule matters.'
    """
    from soke.deal.types import Deal
    from soke.report.checked import check as checked

    return checked(of_type(deal, (Deal, Path, str), "deal", "Give what soke.read_deal reads, or the path of a file."))


def project(
    deal: Deal | Path | str,
    scenario: Scenario | Path | str | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
    figures: Path | str | None = None,
    workers: int | Literal["auto"] = 1,
    backend: Backend = "serial",
    progress: Progress | None = None,
    scheduler: str | None = None,
) -> Run:
    """Project a deal against "as is" for every place in England; see :func:`soke.report.run.project.project`.

    ``.summary()`` is the answer in a sentence with the four numbers, ``.write(folder)`` writes the report, and
    ``.report.projection`` has (draw, year) arrays for the area. ``workers="auto", backend="local"`` takes every core.
    """
    from soke.report.run.project import project as projected

    _whole(1 if workers == "auto" else workers, "workers", 'Give a whole number, or "auto".')
    _text(backend, "backend")
    of_type(progress, (Callable, type(None)), "progress", "Give a function of draws done and draws in all.")
    return projected(
        deal, scenario, draws=_none_or(_whole, draws, "draws"), seed=_none_or(_whole, seed, "seed"),
        figures=_none_or(_path, figures, "figures"), workers=workers, backend=backend, progress=progress,
        scheduler=_none_or(_text, scheduler, "scheduler"),
    )  # fmt: skip


def backtest(
    start: int | None = None, *, draws: int | None = None, seed: int | None = None
) -> Answered[tuple[Scored, ...]]:
    """How well the projection would have done from earlier years, beside simple rules: a table ``back_test``.

    ``start``: a year from 2005 to 2018; none for 2010, 2015 and 2007. Everything is fitted on years up to the start and
    held against what was published for 2019. ``.value`` has a score for each window and group of places.

    >>> import soke
    >>> found = soke.backtest(2010, draws=200)
    >>> found.value[0].held_90 > 0.8
    True
    """
    from soke.report.back_test import back_test

    numbers = (_none_or(_whole, value, name) for name, value in (("start", start), ("draws", draws), ("seed", seed)))
    return back_test(*numbers)


def settle(
    names: Names = (), year: str | int = "2019-20", *, figures: Path | str | None = None
) -> Answered[SettlementByRule]:
    """Funding and council tax by rule, beside what was published: a table ``settlement``; none named for everybody.

    >>> import soke
    >>> soke.settle("Manchester", "2019-20").table("settlement").column("name")
    ['Manchester']
    """
    from soke.report.settled import settle as settled

    return settled(_names(names, "names"), _year(year), _none_or(_path, figures, "figures"))


def what_if(
    settings: Mapping[str, object],
    *,
    reset: int | None = None,
    pool: Names = (),
    years: int = 10,
    names: Names = (),
    figures: Path | str | None = None,
) -> WhatIf:
    """Today's law beside the law with ``settings``, for every place: ``{"business_rates.retention": 0.75}``.

    ``reset``: years between resets of the baselines, 0 never. ``pool``: authorities of a pool. ``names``: places to
    show. Money is in the base year's prices. SokeError for a setting that is no figure of the rules.
    """
    from soke.report.what_ifs import what_if as asked

    fix = 'Give a mapping of figures of the rules to values, such as {"business_rates.retention": 0.75}.'
    told = {
        _text(key, "settings"): str(of_type(value, (str, int, float, Decimal), "settings", fix))
        for key, value in of_type(settings, Mapping, "settings", fix).items()
    }
    return asked(
        told, reset=_none_or(_whole, reset, "reset"), pool=_names(pool, "pool"), years=_whole(years, "years"),
        names=_names(names, "names"), figures=_none_or(_path, figures, "figures"),
    )  # fmt: skip


def count(election: Election | Path | str, rule: str = "", **parameters: Any) -> Answered[Counted]:
    """Count the ballots of a budget: tables ``budget_winners`` and ``budget_reasons``, the manifest in the facts.

    ``election``: a ``.pb`` file. ``rule``: ``equal_shares``, ``greedy`` and others; else the one that META names.
    ``parameters`` as the options of ``soke budget count``, as text: ``completion="add1"``, ``invalid="keep"``. Raises
    SokeError for a file that is not whole, and a rule or a parameter that is none.

    >>> import soke
    >>> counted = soke.count("examples/neighbourhood-budget/newtown.pb", "equal_shares")  # doctest: +SKIP
    >>> counted.table("budget_winners").column("name")  # doctest: +SKIP
    ['Paddling pool', 'Market square paved', 'Bandstand repaired']
    """
    from dataclasses import replace

    from soke.community.budgets.counted import counted, read_file
    from soke.community.budgets.election import Election
    from soke.community.budgets.why import Reasons, losers
    from soke.report.tables.budget import reasons, winners
    from soke.result import Answered

    of_type(election, (Election, Path, str), "election", "Give the path of a .pb file.")
    invalid = _text(parameters.pop("invalid", ""), "invalid")
    ballots = election if isinstance(election, Election) else read_file(Path(election), invalid)
    result = counted(ballots, {"rule": _text(rule, "rule"), **parameters})
    answer = winners(result, "" if isinstance(election, Election) else Path(election).name)
    why = Reasons(result.outcome, ties=result.ties)
    answer = replace(answer, tables=(reasons(ballots, [why.why_not(loser) for loser in losers(result.outcome)]),))
    return Answered(result, answer, answer.table)


def draw(
    pool: Path | str,
    quotas: Path | str,
    size: int,
    *,
    digits: str = "",
    aim: str = "leximin",
    id_column: str = "",
    household: str = "",
    per_household: int = 1,
) -> Answered[Drawn]:
    """Draw a panel of ``size`` by the fairest lottery under quotas: tables ``panel_members`` and ``panel_chances``.

    ``pool`` and ``quotas``: CSV files. ``digits``: ten digits that decide, thrown in public; drawn here where none are
    given. Nobody else can check it: a draw that binds is published in two steps, by ``soke assembly draw``. SokeError
    where no panel keeps the quotas, with the smallest change that would.

    >>> import soke
    >>> drawn = soke.draw("pool.csv", "quotas.csv", 14, digits="4 8 1 5 1 6 2 3 4 2")  # doctest: +SKIP
    >>> len(drawn.table("panel_members"))  # doctest: +SKIP
    14
    """
    import secrets
    import tempfile

    from soke.community.assemblies.publication import publish_draw, reveal_latest
    from soke.report.tables.assemblies import panel_chances, panel_members
    from soke.result import Answered

    thrown = _text(digits, "digits")
    with tempfile.TemporaryDirectory(prefix="soke-") as name:
        folder, secret = Path(name) / "draw", Path(name) / "secret"
        publish_draw(
            _path(pool, "pool"), _path(quotas, "quotas"), folder, size=_whole(size, "size"), public="ten digits",
            form="10 digits 0-9", secret=secret, aim=_text(aim, "aim"), id_column=_text(id_column, "id_column"),
            household=_text(household, "household"), per_household=_whole(per_household, "per_household"),
        )  # fmt: skip
        thrown = thrown or " ".join(str(secrets.randbelow(10)) for _ in range(10))
        revealed = reveal_latest(folder, secret, thrown)
        answer = panel_members(revealed, panel_chances(folder))
    return Answered(revealed.drawn, answer, answer.table)


class Register:
    """A register that is read: deals, how they stand, what was recorded, whether it holds. Used with ``with``.

    ``where``: a file, or a ``postgresql://`` address. SokeError where there is no register.
    """

    def __init__(self, where: Path | str) -> None:
        from soke.register.storage import Log

        self._log = Log.open(of_type(where, (Path, str), "where", "Give a file or an address."), write=False)

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._log.close()

    @property
    def deals(self) -> list[str]:
        """The ids of its deals, in the order in which they came."""
        from soke.register.book import Book

        return list(Book(self._log).deals())

    def status(self, deal: str, on: dt.date | None = None) -> Answered[Scorecard]:
        """How a deal stands at the end of a day, today where none is given: powers, funds, conditions, what is due."""
        from soke.register.book import Book, head_in_words
        from soke.register.clock import Clock
        from soke.register.scorecard import scorecard
        from soke.report.tables.scorecard import scorecard as tables
        from soke.result import Answered

        of_type(on, (dt.date, type(None)), "on", "Give a datetime.date.")
        day = on.date() if isinstance(on, dt.datetime) else on or Clock(self._log).today()
        card = scorecard(Book(self._log).state_on(_text(deal, "deal"), day), day)
        answer = tables(card, head_in_words(self._log))
        return Answered(card, answer, answer.table)

    def history(self, deal: str | None = None, about: Names = (), last: int = 0) -> Table:
        """What was recorded, one sentence an entry; ``about``: ``fund:ID``, ``matter:ID``; ``last``: only so many."""
        from soke.register.clock import is_rehearsal
        from soke.register.history import history
        from soke.report.tables.register import entries

        things = tuple(_names(about, "about"))
        told = list(history(self._log, _none_or(_text, deal, "deal"), things, _whole(last, "last")))
        return entries(told, deal, things, rehearsal=is_rehearsal(self._log)).table

    def verify(self) -> list[str]:
        """What was checked, a sentence each. SokeError with the code ``damaged`` where an entry is not what it was."""
        from soke.register.checking import check_register

        return list(check_register(self._log))
