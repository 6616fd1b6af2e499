"""Demand in tables, report and workbook: added by hand, beside its range, and silent where ages are."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import python_calamine
import xarray as xr

from zwkprognose import national
from zwkprognose.errors import OutputError
from zwkprognose.german import number
from zwkprognose.output import (
    Quota,
    Rate,
    Service,
    default_quota,
    default_quotas,
    demand,
    publish,
    write_excel,
    write_report,
)
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.services import Need, need_of
from zwkprognose.output.content.spans import Spans
from zwkprognose.output.publication.bands import Band
from zwkprognose.output.report.words import need_text
from zwkprognose.output.tables.needs import area_needs, need_table, short_of_places

SCHOOL = Quota("schule", "Kinder <8>", (Rate(6, 9, 0.5),), "=eigene Annahme", small_margin=0.25)
UNKNOWN = Spans("")
PLACES = {"0001": 300.0, "0002": 5.0, "0003": 10.0, "0004": 9000.0, "0005": 1.0}


@pytest.fixture(scope="module")
def published(city: xr.Dataset) -> xr.Dataset:
    return publish(city)


@pytest.fixture(scope="module")
def numbers(published: xr.Dataset, city: xr.Dataset, inputs: xr.Dataset) -> Numbers:
    return numbers_of(published, facts_of(city, inputs))


@pytest.fixture(scope="module")
def need(numbers: Numbers) -> Need:
    return need_of(Service(SCHOOL, PLACES), numbers, UNKNOWN)


@pytest.fixture(scope="module")
def half(published: xr.Dataset) -> Callable[..., float]:
    """Half of the children from 6 to 9 that are published of an area, in steps of five."""

    def count(area: str, year: int, scenario: str = "middle") -> float:
        children = published["by_age"].sel(area=area, year_end=year, scenario=scenario, age_group="6–9").sum("sex")
        return 5.0 * round(0.5 * float(children) / 5)

    return count


def test_the_table_by_hand(numbers: Numbers, need: Need, half: Callable[..., float]) -> None:
    table = need_table(numbers, need)
    assert table.columns == (
        "Gebiet", "Name", "2020", "2027", "Plätze", "Plätze − Bedarf 2027", "Plätze fehlen ab", "2025 von", "2025 bis",
        "2027 von", "2027 bis", "2025", "2027: Variante lower", "2027: Variante upper",
    )  # fmt: skip
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    small, large, whole = rows["0003"], rows["0004"], rows[""]
    assert [small["2020"], small["2025"], small["2027"]] == [half("0003", y) for y in (2020, 2025, 2027)]
    assert small["2027: Variante upper"] == half("0003", 2027, "upper")
    assert abs(float(small["2027 von"]) - 0.75 * float(small["2027"])) <= 5
    assert (large["2027 von"], whole["2027 bis"]) == ("x", "x")
    assert (large["Plätze"], large["Plätze − Bedarf 2027"]) == (9000.0, 9000 - float(large["2027"]))
    assert large["Plätze fehlen ab"] == "reichen"
    assert small["Plätze fehlen ab"] == "2020"
    assert whole["Plätze"] == sum(PLACES.values())


def test_areas_that_hide_their_ages_hide_their_demand(numbers: Numbers, need: Need) -> None:
    hidden = [key for i, key in enumerate(numbers.facts.areas) if np.isnan(numbers.by_age[:, :, i]).any()]
    assert "0002" in hidden
    table = need_table(numbers, need)
    for row in table.rows:
        if row[0] in hidden:
            cells = dict(zip(table.columns[2:], row[2:], strict=True))
            assert cells.pop("Plätze fehlen ab") == "."
            assert cells.pop("Plätze") == PLACES[str(row[0])]
            assert np.isnan(np.array(list(cells.values()), dtype=float)).all()
            assert area_needs(numbers, [need], list(numbers.facts.areas).index(row[0])) is None
    lacking = [key for key in ("0001", "0003", "0005") if key not in hidden and PLACES[key] < 200]
    assert short_of_places(numbers, need) == len(lacking)


def test_an_area_reads_its_demand_with_the_range(numbers: Numbers, need: Need, half: Callable[..., float]) -> None:
    table = area_needs(numbers, [need], 2)
    assert table is not None
    assert table.columns == ("Stichtag 31.12.", "2020", "2025", "2027")
    value = f"{half('0003', 2027):.0f} ("
    assert str(table.rows[0][-1]).startswith(value)
    whole = area_needs(numbers, [need], None)
    assert whole is not None
    assert "(" not in str(whole.rows[0][-1])
    assert need_text(numbers, need).startswith("Insgesamt 2020 rund ")
    assert "9.316 Plätze" in need_text(numbers, need)


def test_report_and_workbook_show_it(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    services = [Service(SCHOOL), Service(default_quota("kita_u3")), Service(SCHOOL, PLACES | {"0004": 1.0})]
    text = write_report(city, tmp_path / "a.html", inputs=inputs, services=services).read_text(encoding="utf-8")
    assert 'id="bedarf"' in text
    assert "Kinder <8>" in html.unescape(text)
    assert "Kinder <8>" not in text
    assert "25 bis 30 %" in text
    book = python_calamine.CalamineWorkbook.from_path(
        str(write_excel(city, tmp_path / "a.xlsx", inputs=inputs, services=services))
    )
    names = [name for name in book.sheet_names if name.startswith("Bedarf")]
    assert names == ["Bedarf Kinder <8>", "Bedarf Kinder unter 3 Jahren in", "Bedarf Kinder <8> (2)"]
    beside = book.get_sheet_by_name("Bedarf Kinder <8>").to_python(skip_empty_area=False)[2][0]
    assert str(beside).startswith("Quote: =eigene Annahme.")
    rows = book.get_sheet_by_name("Bedarf Kinder <8> (2)").to_python(skip_empty_area=False)
    column = rows[3].index("Plätze fehlen ab")
    assert rows[4][1] == "Insgesamt"
    assert isinstance(rows[4][column], float), "a year is a number, in the first row too"
    notes = "\n".join(str(cell) for row in book.get_sheet_by_name("Hinweise").to_python() for cell in row)
    assert "=eigene Annahme" in notes
    assert "Betreuungsquote von Kindern unter 3 Jahren" in notes


def test_published_demand_is_near_the_exact_one(numbers: Numbers, city: xr.Dataset) -> None:
    """Bands are divided as in the city: exact for the city, within some per cent for areas."""
    for name in default_quotas():
        exact = demand(city, default_quota(name))["demand"].sel(quota=name).transpose("scenario", "year_end", "area")
        found = need_of(Service(default_quota(name)), numbers, UNKNOWN).demand
        np.testing.assert_allclose(found[..., 0], exact.sum("area"), atol=4, rtol=0.002)
        large = found[..., 1 + 3]
        np.testing.assert_allclose(large, exact.sel(area="0004"), atol=5, rtol=0.06)


def test_demand_says_nothing_that_is_not_published(numbers: Numbers, city: xr.Dataset) -> None:
    """Another division of the bands into single years, the same in the city, gives the same demand."""
    moved = city.copy(deep=True)
    cells = moved["population"]
    for one, other, by in (("0003", "0004", 1.0), ("0005", "0001", -1.0)):
        for area, sign in ((one, 1.0), (other, -1.0)):
            cells.loc[{"area": area, "age": 0, "sex": "female"}] += sign * by
            cells.loc[{"area": area, "age": 1, "sex": "female"}] -= sign * by
    again = numbers_of(publish(moved), numbers.facts)
    np.testing.assert_array_equal(again.by_age, numbers.by_age)
    kita = Service(default_quota("kita_u3"))
    np.testing.assert_array_equal(need_of(kita, again, UNKNOWN).demand, need_of(kita, numbers, UNKNOWN).demand)
    changed = demand(moved, kita.quota)["demand"] - demand(city, kita.quota)["demand"]
    assert float(abs(changed).max()) > 0.3


def test_a_quota_cannot_be_read_from_bands_that_hide_its_ages(city: xr.Dataset) -> None:
    """A village shows no single years: shares that differ within a band stay silent, constant ones do not."""
    village = city.sel(area=["0002"])
    numbers = numbers_of(publish(village), facts_of(village))
    assert np.isnan(need_of(Service(default_quota("kita_u3")), numbers, UNKNOWN).demand).all()
    everybody = Quota("x", "X", (Rate(0, None, 0.1),), "Quelle")
    assert not np.isnan(need_of(Service(everybody), numbers, UNKNOWN).demand[..., 0]).any()


def test_the_open_group_is_divided_as_the_life_table_is(numbers: Numbers) -> None:
    """All from 88 on in one group: those from 90 on are as many of them as in the life table."""
    first = 88
    old = numbers.city[..., first:].sum(axis=-1, keepdims=True)
    bands = (*numbers.city_bands[:first], Band(first, None))
    coarse = replace(numbers, city_bands=bands, city=np.concatenate([numbers.city[..., :first], old], axis=-1))
    quota = Quota("x", "X", (Rate(80, 89, 0.2), Rate(90, None, 0.8)), "Quelle")
    dying = national.death_prob("2022/24")
    expected = coarse.city[..., 80:88].sum(axis=(-2, -1)) * 0.2
    for s, sex in enumerate(numbers.sexes):
        q = [float(dying.sel(sex=sex, age=age)) for age in range(first, 101)]
        alive = [1.0]
        for one in q:
            alive.append(alive[-1] * (1 - one))
        lived = [(one + two) / 2 for one, two in pairwise(alive)]
        lived[-1] += alive[-1] * (1 / q[-1] - 0.5)  # those over 100 go on dying as those of 100 do
        share = sum(lived[2:]) / sum(lived)
        expected = expected + old[:, :, s, 0] * (0.2 * (1 - share) + 0.8 * share)
    found = need_of(Service(quota), coarse, UNKNOWN)
    np.testing.assert_array_equal(found.demand[..., 0], 5 * np.round(expected / 5))
    assert found.note.startswith("In der Altersgruppe 88 und älter verteilt sich das Alter wie in der Sterbetafel")


@pytest.mark.parametrize(
    ("places", "ending"),
    [
        (0.0, "Vorhanden sind 0 Plätze. 2027 reichen sie insgesamt nicht."),
        (1.0, "Vorhanden ist 1 Platz. 2027 reichen sie insgesamt nicht."),
        (90_000.0, "Vorhanden sind 90.000 Plätze. 2027 reichen sie überall."),
    ],
)
def test_places_of_a_single_area_are_said_in_its_number(city: xr.Dataset, places: float, ending: str) -> None:
    one = city.sel(area=["0004"])
    numbers = numbers_of(publish(one), facts_of(one))
    everybody = Quota("x", "X", (Rate(0, None, 0.1),), "Quelle")
    assert need_text(numbers, need_of(Service(everybody, {"0004": places}), numbers, UNKNOWN)).endswith(ending)


@pytest.mark.parametrize("before", [-100.0, 100.0])
@pytest.mark.parametrize(
    ("areas", "short", "lacking"),
    [(["0004"], [-1.0, -1.0], "insgesamt"), (["0001", "0004"], [0.0, -1.0, 1.0], "in 1 Gebiet")],
)
def test_places_are_held_against_the_demand_of_the_last_year(
    city: xr.Dataset, before: float, areas: list[str], short: list[float], lacking: str
) -> None:
    """As many as are needed then suffice, one fewer does not, whatever the years before needed."""
    some = city.sel(area=areas)
    numbers = numbers_of(publish(some), facts_of(some))
    quota = Quota("x", "X", (Rate(0, None, 0.1),), "Quelle")
    need = need_of(Service(quota, dict.fromkeys(areas, 0.0)), numbers, UNKNOWN)
    demand = need.demand[:, -1:] + np.array([before] * 7 + [0.0])[:, None]
    last = demand[numbers.main, -1]
    enough, fewer = (replace(need, demand=demand, places=last + more) for more in (0.0, np.array(short)))
    assert need_text(numbers, enough).endswith("2027 reichen sie überall.")
    assert need_text(numbers, fewer).endswith(f"2027 reichen sie {lacking} nicht.")


def test_places_that_suffice_suffice_where_demand_is_shown(numbers: Numbers, city: xr.Dataset) -> None:
    plenty = need_of(Service(SCHOOL, dict.fromkeys(PLACES, 9000.0)), numbers, UNKNOWN)
    assert need_text(numbers, plenty).endswith("2027 reichen sie überall, wo der Bedarf ausgewiesen ist.")
    shown = city.sel(area=["0001", "0003", "0004"])
    open_numbers = numbers_of(publish(shown), facts_of(shown))
    enough = need_of(Service(SCHOOL, dict.fromkeys(("0001", "0003", "0004"), 9000.0)), open_numbers, UNKNOWN)
    assert need_text(open_numbers, enough).endswith("2027 reichen sie überall.")


def test_places_that_no_area_compares_are_compared_in_all(numbers: Numbers) -> None:
    """Areas hide their ages, the city does not: nobody may read that the places suffice."""
    silent = replace(numbers, by_age=np.full_like(numbers.by_age, np.nan))
    few = need_of(Service(SCHOOL, dict.fromkeys(PLACES, 1.0)), silent, UNKNOWN)
    assert need_text(silent, few).endswith("Vorhanden sind 5 Plätze. 2027 reichen sie insgesamt nicht.")


def test_where_ages_do_not_give_the_demand_nothing_is_said_of_it(city: xr.Dataset) -> None:
    village = city.sel(area=["0002"])
    numbers = numbers_of(publish(village), facts_of(village))
    said = need_text(numbers, need_of(Service(default_quota("kita_u3"), {"0002": 7.0}), numbers, UNKNOWN))
    assert said == "Aus den veröffentlichten Altersgruppen lässt sich diese Zahl nicht bilden. Vorhanden sind 7 Plätze."


def test_what_does_not_fit_is_refused(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="0005"):
        write_report(city, tmp_path / "a.html", services=[Service(SCHOOL, {"0001": 1.0})])
    with pytest.raises(OutputError, match="fasst sie zusammen"):
        write_excel(city, tmp_path / "a.xlsx", services=[Service(Quota("x", "X", (Rate(90, 97, 0.5),), "Quelle"))])
    assert list(tmp_path.iterdir()) == []


def test_four_school_years_follow_the_kindergarten(city: xr.Dataset) -> None:
    """From three on, every child is in the kindergarten or at school, once."""
    both = demand(city, [default_quota("kita_ue3"), default_quota("grundschule")], by=())["demand"].sum("quota")
    ages = city["population"].sum(["area", "nationality", "sex"])
    children = ages.sel(age=slice(3, 9)).sum("age") + 0.25 * ages.sel(age=10)
    np.testing.assert_allclose(both.transpose(*children.dims), children)


def test_past_errors_of_the_ages_are_the_range(numbers: Numbers, city: xr.Dataset) -> None:
    """Children count once from 3 to 5 with limits of −20 and +30 %, half from 6 to 9 with −10 and +50 %."""
    labels = [band.label for band in numbers.broad_bands]
    forecast = np.full((1, 6, len(labels)), 100.0)
    low, high = 0.5 * forecast, 2 * forecast
    low[..., 1:3], high[..., 1:3] = [80, 90], [130, 150]
    dims, coords = ("year_end", "area", "age_group"), {"year_end": [2027], "age_group": labels}
    ages = xr.Dataset({"forecast": (dims, forecast), "lower": (dims, low), "upper": (dims, high)}, coords)
    quota = Quota("x", "X", (Rate(3, 5, 1.0), Rate(6, 9, 0.5)), "Quelle", small_margin=0.3)
    found = need_of(Service(quota), numbers, Spans("", ages=ages))
    children = numbers.by_age[numbers.main, -1, 3].sum(axis=0)
    young, older = children[1], children[2] / 2
    assert found.demand[numbers.main, -1, 4] == 5 * round((young + older) / 5)
    assert found.low[numbers.main, -1, 4] == 5 * round((0.8 * young + 0.9 * older) / 5)
    assert found.high[numbers.main, -1, 4] == 5 * round((1.3 * young + 1.5 * older) / 5)
    assert np.isnan(found.low[numbers.main, :-1]).all()
    young, older = numbers.city[numbers.main, -1, :, 3:6].sum(), numbers.city[numbers.main, -1, :, 6:10].sum() / 2
    assert found.low[numbers.main, -1, 0] == 5 * round((0.8 * young + 0.9 * older) / 5), "the city like its areas"
    young, older = children[1], children[2] / 2
    words = area_needs(numbers, [found], 3)
    assert words is not None
    assert "(" not in str(words.rows[0][1])
    limits = [number(float(values[numbers.main, -1, 4])) for values in (found.low, found.high)]
    assert str(words.rows[0][-1]).endswith(f" ({limits[0]}–\u2060{limits[1]})")
    sure = ages["age_group"] != "6–9"
    unsure = ages.assign({side: ages[side].where(sure) for side in ("lower", "upper")})
    silent = need_of(Service(quota), numbers, Spans("", ages=unsure))
    assert np.isnan(silent.low[..., 4]).all()
    large, small = (area_needs(numbers, [silent], area) for area in (3, 2))
    assert large is not None
    assert small is not None
    without = Service(Quota("y", "Y", (Rate(3, 5, 1.0),), "Quelle"))
    little = need_of(without, numbers, Spans("", ages=unsure))
    assert little.low[numbers.main, -1, 4] == 5 * round(0.8 * young / 5), "ages that need nothing need no limits"
    assert "(" not in str(large.rows[0][-1])
    assert str(small.rows[0][-1]).endswith("(mind.\u00a0±30\u202f%)")
