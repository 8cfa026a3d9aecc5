"""The tables themselves, each worked out once: shipped files as they are, and those that the rooms make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from soke.deal.reader import read_framework
from soke.model.accounts import account
from soke.model.accounts.every_place import account_histories
from soke.model.accounts.history import AccountYear
from soke.model.accounts.outlook import PUBLISHED
from soke.model.accounts.types import Account
from soke.report.tables import every_place
from soke.report.tables.every_place import Named
from soke.report.tables.known_places import known_places
from soke.report.tables.offered import offered_powers
from soke.report.tables.settlement import parameters
from soke.report.truth import Truth, verify
from soke.site.areas import Area, areas
from soke.site.data.catalogue import by_id, words_of
from soke.site.data.sheets import Sheet, of_table, of_text
from soke.table import Answer


@cache
def sheet(id_: str) -> Sheet:
    """A table of the catalogue by its id."""
    told = by_id()[id_]
    if told.made:
        return MADE[told.made](id_)
    text = files("soke").joinpath(*told.file.split("/")).read_text(encoding="utf-8")
    return of_text(id_, text, words_of(told.shipped))


@cache
def accounts() -> Mapping[str, Account]:
    """The account of every area that has one, of the newest published year, by the part of its address."""
    return {area.slug: account(area.members, PUBLISHED, name=area.name) for area in with_account()}


@cache
def with_account() -> tuple[Area, ...]:
    return tuple(area for area in areas() if area.has_account)


def _named() -> list[Named]:
    return [Named("+".join(area.members) if not area.code else area.code, area.name, area.rank)
            for area in with_account()]  # fmt: skip


def _accounts(id_: str) -> Sheet:
    return of_table(id_, every_place.every_line(list(zip(_named(), accounts().values(), strict=True))))


def _accounts_summary(id_: str) -> Sheet:
    return of_table(id_, every_place.every_account(list(zip(_named(), accounts().values(), strict=True))))


@cache
def _histories() -> tuple[tuple[AccountYear, ...], ...]:
    return account_histories([area.members for area in with_account()])


def _accounts_years(id_: str) -> Sheet:
    return of_table(id_, every_place.every_year(_named(), _histories()))


def _accounts_years_notes(id_: str) -> Sheet:
    return of_table(id_, every_place.notes_by_year(_histories()[0]))


def _known_places(id_: str) -> Sheet:
    table = known_places()
    return of_table(id_, table, Answer(table), "places")


def _rule_parameters(id_: str) -> Sheet:
    table = parameters()
    return of_table(id_, table, Answer(table), "settle")


@cache
def _truth() -> Truth:
    return verify()


def _scoreboard(id_: str) -> Sheet:
    return of_table(id_, _truth().summary(), _truth().answer(), "verify")


def _published_figures(id_: str) -> Sheet:
    return of_table(id_, _truth().table("published_figures"))


def _not_reproduced(id_: str) -> Sheet:
    return of_table(id_, _truth().table("not_reproduced"))


def _offered_powers(id_: str) -> Sheet:
    return of_table(id_, offered_powers(read_framework("england")))


MADE: Mapping[str, Callable[[str], Sheet]] = {
    "accounts": _accounts,
    "accounts_summary": _accounts_summary,
    "accounts_years": _accounts_years,
    "accounts_years_notes": _accounts_years_notes,
    "known_places": _known_places,
    "rule_parameters": _rule_parameters,
    "scoreboard": _scoreboard,
    "published_figures": _published_figures,
    "not_reproduced": _not_reproduced,
    "offered_powers": _offered_powers,
}
