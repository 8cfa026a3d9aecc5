"""Pages of places: they say what ``soke place`` says, each something of its own, and lead to every sum."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache

import pytest

from soke import text
from soke.model.funding.area_funding import area_funding
from soke.model.funding.council_tax_bill import council_tax_bill
from soke.model.funding.next_pound import KEEPERS, next_pound
from soke.report.place_account import place_account
from soke.site.areas import Area, areas, by_code
from soke.site.contents import Asked, Link, Site
from soke.site.links import relative, slug
from soke.site.places.facts import facts_of
from soke.site.places.like import like_page
from soke.site.places.place import place_page, title_of
from soke.site.places.sums import sums_page
from soke.site.places.words import certain, gap_words
from soke.version import __version__

SITE = Site(asked=Asked(today=dt.date(2026, 12, 1)), version=__version__)
LIVING = [area for area in areas() if area.has_account]
SOME = LIVING[::6]  # over 60 of them, of every kind


@cache
def page(slug_: str) -> str:
    return place_page(SITE, next(area for area in areas() if area.slug == slug_))


def without_tags(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_authority_county_and_wider_area_has_an_address_of_its_own() -> None:
    kinds = Counter(area.rank for area in areas())
    counted = [kinds[rank] for rank in ("council", "county", "region", "country", "strategic")]
    assert counted == [296, 21, 9, 1, 22]
    assert kinds["gone"] > 20 and kinds["to-come"] == 2
    assert len({area.path for area in areas()}) == len(areas())


@pytest.mark.parametrize("area", SOME, ids=lambda area: area.slug)
def test_a_page_says_what_the_command_says(area: Area) -> None:
    answer = place_account([area.code or area.name], 2023).answer
    said, facts = words(page(area.slug)), answer.facts
    raised, spent, gap = (float(str(facts[f"{key}_gbp_million_cash"])) for key in ("receipts", "spending", "gap"))
    if not facts_of(area).whole:
        assert "We print no gap for one district" in said
        assert f"{text.money(raised)}" not in said.split("The whole account")[0]
        return
    assert text.money(spent) in said and text.money(raised) in said
    assert text.money(abs(gap), beside=raised) in said
    known = facts["known_shares"]
    if isinstance(known, dict):
        here = round(100 * known["here"])
        assert any(f"£{here + off} of each £100 is measured here" in said for off in (-1, 0, 1)), said[:600]


def test_no_two_pages_of_a_kind_say_the_same() -> None:
    titles = Counter[str]()
    for area in LIVING:
        titles[title_of(facts_of(area)).replace(area.name, "")] += 1
    alike = {title: many for title, many in titles.items() if many > 1}
    assert not alike


def test_every_dotted_number_opens_its_sum() -> None:
    for name in ("greater-manchester", "south-norfolk", "cornwall", "england", "islington"):
        area = next(area for area in areas() if area.slug == name)
        pages = page(name) + (like_page(SITE, area) if facts_of(area).kind else "")
        linked = set(re.findall(rf'href="{name}-sums.html#([^"]+)"', pages))
        there = set(re.findall(r'id="(sum-[^"]+)"', sums_page(SITE, area)))
        assert len(linked) >= 14 and linked <= there, linked - there


def test_every_figure_of_a_list_opens_its_sum() -> None:
    """Each row of a chart on a page of a place has a link under its number."""
    for area in LIVING[::40]:
        rows = re.findall(r'<ul class="bars[^"]*"[^>]*>(.*?)</ul>', page(area.slug))
        figures = [figure for row in rows for figure in re.findall(r"<b[^>]*>(.*?)</b>", row)]
        assert len(figures) > 15 and all('class="to-sum"' in figure for figure in figures), area.name


def test_a_sum_prints_the_command_that_prints_it() -> None:
    area = by_code()["E07000149"]
    said = sums_page(SITE, area)
    assert "soke place 'South Norfolk' --year 2023-24 --explain LINE" in said
    assert "LINE: <code>'Social Contributions'</code>" in said and "<code>'Income Tax'" not in said
    county = next(area for area in areas() if area.slug == "lancashire-county")
    assert f"soke place {county.code} " in sums_page(SITE, county)  # its name is the combined authority's too


def test_hundreds_are_whole_pounds_that_sum() -> None:
    for area in SOME:
        if not facts_of(area).account.published:
            shares = [int(n) for n in re.findall(r"£(\d+) of each £100", without_tags(page(area.slug)))]
            assert sum(shares) == 100, area.name


def test_where_the_sign_is_not_known_none_is_claimed() -> None:
    unsure = [area for area in LIVING if facts_of(area).whole and not certain(facts_of(area).account)]
    assert len(unsure) > 5
    for area in unsure:
        said = words(page(area.slug))
        assert "nobody can say whether it is short" in said and gap_words(facts_of(area).account) not in said


def test_council_tax_is_divided_as_its_bills_are() -> None:
    parts = council_tax_bill(["E07000149"])
    whole = sum(part.pounds for part in parts)
    assert [(part.name, round(100 * part.pounds / whole)) for part in parts] == [
        ("Norfolk", 74), ("Norfolk Police", 14), ("South Norfolk", 8), ("parishes", 4),
    ]  # fmt: skip
    everybody = sum(part.pounds for part in council_tax_bill([area.code for area in LIVING if area.rank == "council"]))
    assert everybody / 1e9 == pytest.approx(36.3, abs=0.2)  # as published for England in 2022-23
    assert council_tax_bill([]) == ()


def test_places_that_are_gone_or_to_come_keep_a_page() -> None:
    gone = next(area for area in areas() if area.name == "Aylesbury Vale")
    said = place_page(SITE, gone)
    assert "ended on 1 April 2020" in said and f'href="{relative(gone.path, by_code()["E06000060"].path)}"' in said
    coming = next(area for area in areas() if area.name == "East Surrey")
    assert "is to begin on 1 April 2027" in (told := place_page(SITE, coming)) and "not checked" in told
    assert "Surrey ends on 1 April 2027" in page("surrey")


def test_what_concerns_a_place_is_linked_and_hostile_words_are_inert() -> None:
    area = by_code()["E08000003"]
    bad = "<script>alert(1)</script>\u202e'\""
    site = Site(asked=SITE.asked, version="0", concerning={area.path: (Link("deal", bad, "deals/x/index.html"),)})
    said = place_page(site, area)
    assert "<script>" not in said and "&lt;script&gt;" in said and 'href="../deals/x/index.html"' in said


def test_a_page_of_likes_has_every_place_it_names() -> None:
    area = by_code()["E07000149"]
    said = like_page(SITE, area)
    assert "eighth highest of 164 shire districts" in said and 'href="stratford-on-avon.html"' in said
    assert said.count('class="own"') >= 13  # a ring in each strip, and in the legend


@pytest.mark.parametrize(("name", "expected"), [
    ("St. Helens", "st-helens"), ("King's Lynn & West Norfolk", "kings-lynn-west-norfolk"), ("Ynys Môn", "ynys-mon"),
    ("../../etc/passwd", "etc-passwd"), ("", "page"), ("日本", "page"), ("x" * 300, "x" * 80),
])  # fmt: skip
def test_an_address_is_plain(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(("page_", "target", "expected"), [
    ("index.html", "places/leeds.html", "places/leeds.html"), ("places/leeds.html", "index.html", "../index.html"),
    ("places/leeds.html", "places/bury.html#x", "bury.html#x"), ("places/leeds.html", "places/leeds.html#x", "#x"),
    ("a/b/c.html", "d/e.html", "../../d/e.html"), ("a/b.html", "a/b.html", "b.html"),
])  # fmt: skip
def test_links_are_relative(page_: str, target: str, expected: str) -> None:
    assert relative(page_, target) == expected


@pytest.mark.parametrize(("code", "expected"), [
    ("E07000149", {"billing": 40, "upper": 10, "fire": 0, "combined": 0, "central": 50}),
    ("E08000003", {"billing": 99, "upper": 0, "fire": 1, "combined": 0, "central": 0}),
    ("E08000035", {"billing": 49, "upper": 0, "fire": 1, "combined": 0, "central": 50}),
])  # fmt: skip
def test_the_next_pound_of_rates_is_divided_as_the_law_says(code: str, expected: dict[str, float]) -> None:
    assert {keeper: round(next_pound([code]).pence(keeper)) for keeper in KEEPERS} == expected


def test_the_pence_of_every_place_sum_to_a_pound() -> None:
    for area in LIVING:
        assert sum(next_pound(area.members).pence(keeper) for keeper in KEEPERS) == pytest.approx(100), area.name


def test_funding_is_that_of_the_place_and_of_no_other_of_its_name() -> None:
    """By hand from the published settlement; none where the money of a county cannot be told apart."""
    of = {area.slug: area_funding(area.members) for area in LIVING}
    assert round(of["greater-manchester"][0].grant, 1) == 605.7 and round(of["south-norfolk"][0].grant, 2) == 2.34
    assert of["west-midlands"][0].grant < of["west-midlands-region"][0].grant < of["england"][0].grant
    assert [year.year for year in of["england"]] == [2015, 2016, 2017, 2018, 2019, 2020]
    assert of["lancashire-county"][0].grant < 250
    none = {slug_ for slug_, found in of.items() if not found}
    assert none == {"bournemouth-christchurch-and-poole", "dorset-council", "cumberland", "westmorland-and-furness",
                    "north-northamptonshire", "west-northamptonshire"}  # fmt: skip


def test_an_area_that_changed_hands_has_the_money_of_those_before() -> None:
    """Somerset was a county with five districts until 2023; its grant is the sum of theirs."""
    somerset = area_funding(by_code()["E06000066"].members)  # today one council
    assert len(somerset[0].bodies) == 6 and any(body.kind == "county" for body in somerset[0].bodies)
    assert sum(body.value("sfa") or 0.0 for body in somerset[0].bodies) == pytest.approx(somerset[0].whole)
