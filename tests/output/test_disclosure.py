"""What is published adds up, shows no small cell, and gives none back to somebody who subtracts and bounds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import publish, write_csv, write_excel, write_report
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.notes import signs
from zwkprognose.output.publication import protection
from zwkprognose.output.publication.bands import PLANNING

from .ageing import OPEN_AGE, Ageing, without_moves
from .attack import TABLES, Attacker
from .conftest import _start, make_city

FLOWS = {"births": 1, "deaths": -1, "in_moves": 1, "out_moves": -1}


@pytest.fixture(scope="module")
def published(city: xr.Dataset) -> xr.Dataset:
    return publish(city)


@pytest.fixture(scope="module")
def rounded(city: xr.Dataset) -> xr.Dataset:
    return publish(city, internal=True)


def _sizes(seed: int) -> tuple[float, ...]:
    rng = np.random.default_rng(seed)
    return tuple(np.round(10 ** rng.uniform(2, 4.3, rng.integers(2, 7))))


def _worst(truth: xr.Dataset, *published: xr.Dataset, districts: dict[str, str] | None = None) -> float:
    """The smallest bound that the attacker finds for a cell of 1 to 4 persons."""
    attacker = Attacker(truth, published, districts=districts or {})
    assert attacker.small(), "the city has nothing to protect"
    return attacker.worst(at_most=25)


@pytest.mark.parametrize("seed", [1, 5, 11, 17])
def test_no_hidden_cell_can_be_told_to_be_small(seed: int) -> None:
    town = make_city(_sizes(seed), scenarios={"middle": 1.0}, until=2022, seed=seed)
    assert _worst(publish(town, internal=True), publish(town)) > 5 - 1e-6


def test_the_attack_succeeds_where_only_small_cells_are_blanked(monkeypatch: pytest.MonkeyPatch) -> None:
    # one small area among large ones: without the second condition the city minus the others gives it back
    town = make_city((9000, 9000, 9000, 300), scenarios={"middle": 1.0}, until=2021)
    truth = publish(town, internal=True)
    assert _worst(truth, publish(town)) > 5 - 1e-6
    monkeypatch.setattr(protection._Layer, "_gives_away", lambda *_: False)
    assert _worst(truth, publish(town)) < 5


SIX = (9000.0, 300.0, 8000.0, 7000.0, 400.0, 12_000.0)
DISTRICTS = {"0001": "Nord", "0002": "Nord", "0003": "Nord", "0004": "Süd", "0005": "Süd", "0006": "Süd"}


@pytest.mark.parametrize(
    ("sizes", "districts"),
    [
        (SIX, DISTRICTS),
        ((88.0, 1554.0, 323.0), {"0001": "Ost", "0002": "West", "0003": "West"}),
        ((321.0, 4983.0, 1431.0, 211.0), {"0001": "Ost", "0002": "West", "0003": "Ost", "0004": "Ost"}),
    ],
)
def test_districts_give_no_area_back(sizes: tuple[float, ...], districts: dict[str, str]) -> None:
    town = make_city(sizes, scenarios={"middle": 1.0}, until=2021)
    truth = publish(town, internal=True, districts=districts)
    assert _worst(truth, publish(town, districts=districts), publish(town), districts=districts) > 5 - 1e-6


def test_districts_published_apart_would_give_areas_back() -> None:
    town = make_city(SIX, scenarios={"middle": 1.0}, until=2021)
    truth = publish(town, internal=True, districts=DISTRICTS)
    districts = {name: truth[name] for name in truth if str(name).startswith("district_")}
    apart = publish(town).assign(districts)
    assert _worst(truth, apart, districts=DISTRICTS) < 5


@pytest.mark.parametrize("seed", range(4))
def test_several_publications_of_a_town_show_the_same_of_its_base_year(seed: int) -> None:
    """Other scenarios, last years, migration, with districts or without: together they say no more than one."""
    sizes, rng = _sizes(seed), np.random.default_rng(seed)
    towns = [
        make_city(sizes, scenarios=levels, until=until, seed=seed)
        for levels, until in (({"middle": 1.0}, 2022), ({"lower": 0.3, "upper": 2.0}, 2040), ({"none": 0.0}, 2030))
    ]
    districts = {str(key): str(rng.choice(["Nord", "Süd"])) for key in towns[0]["area"].values}
    publications = [*(publish(town) for town in towns), publish(towns[1], districts=districts)]
    attacker = Attacker(publish(towns[0], internal=True, districts=districts), publications, districts=districts)
    assert attacker.worst(at_most=12) > 5 - 1e-6
    for name in TABLES:
        first, *others = (one[name].isnull().all(["scenario", "year_end"]) for one in publications)
        assert all(first.equals(other) for other in others), name


@pytest.mark.parametrize("seed", range(3))
def test_a_scenario_without_moves_tells_no_hidden_cell_of_the_base_year(seed: int) -> None:
    """Its later years are the counted stock, a few years older: whoever ages them back meets what rounding moved."""
    sizes = (500.0, 700.0, 900.0, 1500.0, 2000.0, 2600.0, 3500.0, 8000.0)
    town = without_moves(sizes, _start(np.asarray(sizes), seed), years=12)
    shown, truth = publish(town), publish(town, internal=True)["by_age"].isel(scenario=0, year_end=0)
    attacked = 0
    for area in np.flatnonzero(shown["broad"].notnull().all(["scenario", "year_end", "broad_group"])):
        if shown["by_age"].isel(area=area).notnull().all():
            continue
        attacker = Ageing(shown, town, int(area))
        cells = truth.isel(area=area).transpose("sex", "age_group")
        ends = [*cells["age_from"].values[1:].astype(int), OPEN_AGE + 1]
        for sex, group in np.argwhere((cells.values > 0) & (cells.values < 5)):
            assert attacker.most(sex, int(cells["age_from"][group]), ends[group] - 1) > 5 - 1e-6, (area, sex, group)
            attacked += 1
    assert attacked, "the city has nothing to protect"


#: Bands and limits that publications of one town may differ in.
OPTIONS: tuple[dict, ...] = (
    {},
    {"first_ages": (0, 6, 20, 65), "broad_ages": (0, 20, 65)},
    {"first_ages": (0, 18, 67), "broad_ages": (0, 18, 67)},
    {"first_ages": (0, 17, 20, 66, 85), "broad_ages": (0, 20)},
    {"first_ages": range(96), "broad_ages": (0, 80)},
    {"first_ages": (0, 20, 80), "broad_ages": (0,)},
    {"single_ages_from": 3000, "first_ages": range(96)},
)
LIMITS: tuple[dict, ...] = ({"min_cell": 9}, {"min_cell": 7, "single_ages_from": 1}, {"min_cell": 3})


@pytest.mark.parametrize("seed", range(4))
def test_publications_with_other_bands_give_nothing_back_together(seed: int) -> None:
    town = make_city(_sizes(seed), scenarios={"middle": 1.0}, until=2021, seed=seed)
    publications = [publish(town, **options) for options in OPTIONS]
    for first_ages in (PLANNING, range(96)):
        assert _worst(publish(town, internal=True, first_ages=first_ages), *publications) > 5 - 1e-6


@pytest.mark.parametrize("seed", [0, 3, 6])
def test_publications_with_other_limits_are_as_safe_as_the_weakest(seed: int) -> None:
    """Whatever was hidden under a strict rule and a weak one: the strict one adds no area that helps to subtract."""
    town = make_city(_sizes(seed), scenarios={"middle": 1.0}, until=2021, seed=seed)
    strict, less, weak = (
        [publish(town, **limits, **bands) for bands in OPTIONS[:4]] for limits in LIMITS
    )
    truth = publish(town, internal=True)
    assert Attacker(truth, [*strict, *less], min_cell=7).worst(at_most=25) > 7 - 1e-6
    assert Attacker(truth, [*strict, *less, *weak], min_cell=3).worst(at_most=25) > 3 - 1e-6
    for name in TABLES:
        tight, loose = (one[0][name].notnull().all(["scenario", "year_end"]) for one in (strict, weak))
        assert not bool((tight & ~loose).any()), name


def test_bands_beside_the_usual_ones_are_shown_where_single_years_may_be() -> None:
    """0–17 and 18–66 beside 16–19 and 65–69 would tell the 16- and 17-year-olds and those of 65 and 66."""
    town = make_city((9000, 8000, 2000, 2500), scenarios={"middle": 1.0}, until=2021)
    own = publish(town, first_ages=(0, 18, 67), broad_ages=(0, 18, 67), min_cell=1, single_ages_from=3000)
    usual = publish(town, first_ages=(0, 16, 65), broad_ages=(0, 16, 65), min_cell=1, single_ages_from=3000)
    shown = {name: own[name].notnull().all(["scenario", "year_end"]) for name in ("broad", "total")}
    assert shown["broad"].all("broad_group").values.tolist() == [True, True, False, False]
    assert shown["total"].all()
    assert usual["broad"].notnull().all()


def test_what_is_hidden_is_hidden_in_all_years_and_scenarios(published: xr.Dataset) -> None:
    for name in TABLES:
        hidden = published[name].isnull()
        assert (hidden == hidden.isel(scenario=0, year_end=0)).all(), name


@pytest.mark.parametrize("seed", range(6))
def test_numbers_of_later_years_are_not_small_and_still_add_up(seed: int) -> None:
    """Nor is what all the areas shown leave over of the city, whatever the scenario makes of them."""
    town = make_city(_sizes(seed), scenarios={"none": 0.0, "many": 2.0}, until=2050, seed=seed)
    shown, exact = publish(town), publish(town, internal=True)
    for name in (*TABLES, "city", "city_by_nationality"):
        values = shown[name].values
        assert not ((values > 0) & (values < 5)).any(), name
    np.testing.assert_array_equal(shown["city_total"], exact["city_total"])
    np.testing.assert_array_equal(shown["city"].sum(["sex", "city_group"]), shown["city_total"])
    for name, dims in TABLES.items():
        seen = shown[name].notnull().all([d for d in shown[name].dims if d != "area"])
        parts = shown[name].sel(area=seen)
        np.testing.assert_array_equal(parts.sum(dims), shown["total"].sel(area=seen).transpose(*parts.sum(dims).dims))
        if name in ("by_age", "total"):
            rest = exact[name].sum("area") - exact[name].sel(area=seen).sum("area")
            assert not ((rest.isel(year_end=0) > 0) & (rest.isel(year_end=0) < 5)).any(), name
    moved = abs(shown["by_age"] - exact["by_age"]).max()
    assert np.isnan(moved) or moved <= 12, "numbers move by a few persons, not by a group"


def test_a_district_of_one_hidden_area_does_not_stand_there_in_its_stead() -> None:
    town = make_city((9000, 300, 8000, 7000, 400, 12_000), scenarios={"middle": 1.0}, until=2021)
    alone = DISTRICTS | {"0002": "Insel"}
    shown = publish(town, districts=alone)
    for name in TABLES:
        area, island = shown[name].sel(area="0002"), shown[f"district_{name}"].sel(district="Insel")
        assert area.notnull().all() or island.isnull().all(), name


def test_districts_add_up(city: xr.Dataset) -> None:
    names = {f"{k:04d}": "A" if k < 4 else "B" for k in range(1, 6)}
    shown = publish(city, districts=names)
    np.testing.assert_array_equal(shown["district_total"].sum("district"), shown["city_total"])
    assert shown["district_by_age"].dims == ("scenario", "year_end", "district", "sex", "age_group")
    with pytest.raises(OutputError, match="0005"):
        publish(city, districts={key: name for key, name in names.items() if key != "0005"})


def test_no_number_below_the_smallest_is_shown(published: xr.Dataset) -> None:
    for name in (*TABLES, "city", "city_total", "city_by_nationality"):
        values = published[name].values
        assert not ((values > 0) & (values < 5)).any(), name


def test_something_is_shown_and_something_is_hidden(published: xr.Dataset) -> None:
    assert published["by_age"].sel(area="0004").notnull().all()
    assert published["by_age"].sel(area="0002").isnull().all()
    assert published["total"].notnull().all()


def test_all_tables_add_up(rounded: xr.Dataset) -> None:
    total = rounded["total"]
    for name, dims in TABLES.items():
        np.testing.assert_array_equal(rounded[name].sum([d for d in dims if d != "area"]).transpose(*total.dims), total)
    np.testing.assert_array_equal(rounded["city_total"], total.sum("area"))
    np.testing.assert_array_equal(rounded["city"].sum(["sex", "city_group"]), total.sum("area"))


def test_no_number_is_a_person_away_from_the_projection(rounded: xr.Dataset, city: xr.Dataset) -> None:
    exact = city["population"]
    area = exact.sum(["nationality", "sex", "age"])
    assert float(abs(rounded["total"] - area).max()) < 1
    assert float(abs(rounded["city_total"] - area.sum("area")).max()) <= 0.5 + 1e-6
    assert float(abs(rounded["by_nationality"].sum("area") - exact.sum(["area", "sex", "age"])).max()) < 20


def test_counted_persons_stay_as_counted(rounded: xr.Dataset, city: xr.Dataset) -> None:
    base = city["population"].sel(year_end=2020)
    np.testing.assert_array_equal(rounded["total"].sel(year_end=2020), base.sum(["nationality", "sex", "age"]))
    single = rounded["city"].sel(year_end=2020)
    np.testing.assert_array_equal(single, base.sum(["area", "nationality"]).transpose(*("scenario", "sex", "age")))


def test_events_explain_the_change_of_the_rounded_stocks(rounded: xr.Dataset, city: xr.Dataset) -> None:
    explained = sum(sign * rounded[name] for name, sign in FLOWS.items())
    np.testing.assert_array_equal(explained, rounded["total"].diff("year_end"))
    for name in FLOWS:
        exact = city[name].sum([d for d in city[name].dims if d not in ("scenario", "year", "area")])
        assert float(abs(rounded[name] - exact).max()) < 3
        assert float(rounded[name].min()) >= 0


def test_small_areas_never_show_single_ages(city: xr.Dataset) -> None:
    singles = (*range(91),)
    fine = publish(city.sel(area=["0003", "0004"]), first_ages=singles, min_cell=1, single_ages_from=6000)
    assert fine["by_age"].sel(area="0003").isnull().all()
    assert fine["by_broad_age"].sel(area="0003").notnull().all()


def test_the_rule_is_in_the_metadata(published: xr.Dataset, rounded: xr.Dataset) -> None:
    assert json.loads(published.attrs["publication"]) == {"internal": False, "min_cell": 5, "single_ages_from": 1000}
    assert json.loads(rounded.attrs["publication"])["internal"] is True


def test_publishing_twice_changes_nothing(published: xr.Dataset) -> None:
    assert publish(published) is published


@pytest.mark.parametrize("persons", [1.0, 6.0])
def test_a_whole_of_a_few_persons_is_not_published(persons: float) -> None:
    hamlet = make_city((persons,), scenarios={"middle": 1.0}, until=2022, seed=3)
    with pytest.raises(OutputError, match="zu klein zum Veröffentlichen"):
        publish(hamlet)
    assert float(publish(hamlet, internal=True)["city_total"][0, 0]) > 0


def test_bands_must_nest(city: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="18"):
        publish(city, broad_ages=(0, 18, 65))


def test_an_area_without_any_number_passes_every_writer(tmp_path: Path, geometry: dict) -> None:
    town = make_city((3, 2000, 2500), scenarios={"lower": 0.8, "middle": 1.0})
    shown = publish(town)
    assert shown["total"].sel(area="0001").isnull().all()
    assert int(shown["total"].isnull().any(["scenario", "year_end"]).sum()) >= 2, "one alone comes back by subtraction"
    page = write_report(shown, tmp_path / "a.html", geometry=geometry).read_text(encoding="utf-8")
    assert "nan" not in page.split("<style>")[0] + page.split("</style>")[1].split("<script")[0]
    write_excel(shown, tmp_path / "a.xlsx")
    rows = write_csv(shown, tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert any(row.endswith(";;;0;;;geheim gehalten") for row in rows)


@pytest.mark.parametrize(
    ("rule", "words"),
    [({"min_cell": 0}, "min_cell=0"), ({"min_cell": 3.5}, "min_cell=3.5"), ({"single_ages_from": -1}, "=-1 ist keine")],
)
def test_impossible_rules_are_refused(city: xr.Dataset, rule: dict, words: str) -> None:
    with pytest.raises(OutputError, match=words):
        publish(city, **rule)


def test_what_is_published_cannot_be_protected_afterwards(published: xr.Dataset, rounded: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="schon mit min_cell=5 veröffentlicht, verlangt ist min_cell=10"):
        publish(published, min_cell=10)
    with pytest.raises(OutputError, match="schon ohne Schutz veröffentlicht"):
        publish(rounded, min_cell=5)
    assert publish(published, min_cell=3) is published


def test_only_a_projection_is_published(city: xr.Dataset, inputs: xr.Dataset) -> None:
    for other in (inputs, inputs.assign(births=("year_end", [1.0, 2.0]), deaths=("year_end", [1.0, 2.0]))):
        with pytest.raises(OutputError, match="keine Vorausberechnung"):
            publish(other)


def test_events_of_the_town_are_its_own_sums_rounded(rounded: xr.Dataset, city: xr.Dataset) -> None:
    for name in FLOWS:
        exact = city[name].sum([d for d in city[name].dims if d not in ("scenario", "year")])
        assert float(abs(rounded[f"city_{name}"] - exact).max()) < 1.5
        np.testing.assert_array_equal(rounded[name].sum("area"), rounded[f"city_{name}"])


def test_as_many_move_out_of_areas_as_into_areas() -> None:
    town = make_city((12_000, 900, 5_000, 30_000, 2_400, 700, 800), scenarios={"middle": 1.0})
    leaving = 0.003 * town["population"].isel(year_end=slice(None, -1)).rename(year_end="year")
    leaving = leaving.assign_coords(year=town["year"])
    share = xr.DataArray([0.05, 0.3, 0.2, 0.1, 0.15, 0.1, 0.1], {"area": town["area"]})
    coming = leaving.sum("area") * share
    stock = town["population"].copy()
    gained = (coming - leaving).cumsum("year").rename(year="year_end").transpose(*stock.dims)
    stock[{"year_end": slice(1, None)}] += gained.values
    moved = town.assign(population=stock, moves_in=coming, moves_out=leaving)
    shown = publish(moved, internal=True)
    np.testing.assert_array_equal(shown["city_moves_in"], shown["city_moves_out"])
    assert float(abs(shown["city_moves_in"] - leaving.sum(["area", "nationality", "sex", "age"])).max()) <= 0.5 + 1e-6
    signs = FLOWS | {"moves_in": 1, "moves_out": -1}
    explained = sum(sign * shown[name] for name, sign in signs.items())
    np.testing.assert_array_equal(explained, shown["total"].diff("year_end"))


def test_the_hinweise_say_what_must_not_stand_beside_and_which_scenarios_move_nobody(city: xr.Dataset) -> None:
    start = _start(np.array([900.0, 2000.0]), 1)
    still = without_moves((900.0, 2000.0), start, years=3).expand_dims(scenario=["still"])
    for town, told in ((still, True), (city, False)):
        shown = publish(town)
        said = " ".join(signs(shown, facts_of(shown)))
        assert "Nicht nebeneinander veröffentlichen" in said
        assert ("Im Szenario „still“ zieht niemand zu oder fort" in said) == told
