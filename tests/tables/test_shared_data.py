"""Every table of the reference data reads, and the totals named beside it come out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from support.tidy_files import total

from zwkprognose.errors import TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Status, Table, check, read_table

pytestmark = pytest.mark.shared

ALL = {"sex": "total", "nationality": "total", "age_from": 0}
#: All Kreise by single age, 31.12.2020.
KREISE = "data/kreise/12411-04-02-4_2020-12-31.csv"


@cache
def _read(path: Path) -> Table:
    """A file of the reference data, read once for all tests."""
    return read_table(path)


def _whole(table: Table, **wanted: object) -> float:
    """The printed total of all groups and ages."""
    cells = table.cells
    return total(Table(cells[cells["age_to"].isna()], table.source), **{**ALL, **wanted})


def test_every_csv_file_reads(shared: Path) -> None:
    files = sorted(shared.joinpath("data").rglob("*.csv"))
    assert len(files) > 100
    for path in files:
        if path.name == "csv_schema.csv":  # a list of columns, no table
            with pytest.raises(TableError, match="keine Tabelle"):
                read_table(path)
            continue
        table = _read(path)
        assert len(table.cells) > 0, path
        assert table.source.kind, path
        assert set(table.cells["status"]) <= {status.value for status in Status}, path
        known = table.cells["status"].isin(["number", "zero"])
        assert (table.cells["value"].notna() == known).all(), path


@pytest.mark.parametrize(("year", "persons"), [(2011, 3427114), (2014, 3562166), (2016, 3670622), (2020, 3769962)])
def test_berlin_ortsteile(shared: Path, year: int, persons: int) -> None:
    table = _read(shared / "data/berlin_ortsteile/ortsteile_94_alter5_geschlecht_nationalitaet.csv")
    assert total(table, year=year) == persons
    assert table.cells["area"].nunique() == 94
    names = set(table.cells["area_name"])
    assert {"Weißensee", "Neukölln", "Französisch Buchholz"} <= names
    assert not check(table).errors.frame.size


def test_berlin_original_export_gives_the_tidy_table(shared: Path) -> None:
    original = _read(shared / "data/berlin_ortsteile/EWR_Ortsteile_2014-12-31.csv")
    assert total(original) == 3562166
    tidy = _read(shared / "data/berlin_ortsteile/ortsteile_94_alter5_geschlecht_nationalitaet.csv")
    keys = ["area", "sex", "nationality", "age_from"]
    ours = original.cells[~original.cells["area"].isin(["1210", "1211", "0604", "0605", "0606", "0607"])]
    theirs = tidy.cells[tidy.cells["year"] == 2014].set_index(keys)["value"]
    own = ours.set_index(keys)["value"]
    common = own.index.intersection(theirs.index)
    assert len(common) > 7000
    assert (own.loc[common] == theirs.loc[common]).all()


PLANUNGSRAEUME = {
    2001: 3337233, 2009: 3369672, 2011: 3427114, 2012: 3469621, 2014: 3562166, 2016: 3670622, 2020: 3769962,
}  # fmt: skip


@pytest.mark.parametrize(("year", "persons"), PLANUNGSRAEUME.items())
def test_berlin_planungsraeume(shared: Path, year: int, persons: int) -> None:
    table = _read(shared / f"data/berlin_planungsraeume/EWR{year}12E_Matrix.csv")
    assert _whole(table) == persons
    keys = set(table.cells["area"])
    assert len(keys) == (448 if year >= 2019 else 447)
    assert {len(key) for key in keys} == {8}
    findings = check(table)
    assert len(findings.errors) == 0, findings.summary()  # 32 classes, 9 coarse ones and both sexes all agree
    assert set(findings.frame["rule"]) <= {"T15", "T17", "T35"}  # T35: ages are not split by sex
    assert bool(table.source.repairs) == (year in (2009, 2014))


@pytest.mark.parametrize("year", [1980, 1990, 2000, 2010, 2020, 2021, 2022, 2023])
def test_bremen(shared: Path, year: int) -> None:
    table = _read(shared / f"data/bremen/12411-03-03-{year}.csv")
    assert check(table).errors.frame["rule"].tolist() == ["T26"]  # Land, cities and quarters in one table
    land, city = (_whole(table, area=key) for key in ("04", "04011"))
    derived = _read(shared / "data/bremen/abgeleitet_bremerhaven_land_minus_stadt.csv")
    assert land - city == _whole(derived, year=year)
    if year >= 2022:
        assert _whole(table, area="04012") == land - city
    present = table.cells[table.cells["status"] != "absent"]
    quarters = {key for key in present["area"].unique() if len(key) == 8}
    assert _sum_of(table, quarters) == city


def _sum_of(table: Table, areas: set[str]) -> float:
    cells = table.cells
    return _whole(Table(cells[cells["area"].isin(areas) & (cells["status"] != "absent")], table.source))


def test_bremerhaven_2023(shared: Path) -> None:
    table = _read(shared / "data/bremen/12411-03-03-2023.csv")
    assert _whole(table, area="04012") == 114677
    assert "Fortschreibung" in table.source.universe


@pytest.mark.parametrize(("key", "persons"), [("04012", 113557), ("05358", 265140), ("13072", 217072)])
def test_kreise_2020(shared: Path, key: str, persons: int) -> None:
    table = _read(shared / KREISE)
    assert _whole(table, area=key) == persons
    assert table.source.table_code == "12411-04-02-4"
    assert _whole(table, area="DG") == 83155031
    assert table.cells.loc[table.cells["area"] == "03152", "status"].unique().tolist() == ["absent"]
    ages = table.cells.loc[table.cells["area"] == key, ["age_from", "age_to"]].drop_duplicates()
    assert len(ages) == 80  # 79 ages and the total


def test_kreise_add_up(shared: Path) -> None:
    table = _read(shared / KREISE)
    assert check(table).errors.frame["rule"].tolist() == ["T26"]  # Germany, Länder and Kreise in one table
    finest = build_inputs(table, areas="feinste")["population"]
    assert float(finest.sum()) == pytest.approx(83155031)
    assert finest.sizes["area"] == 401


def test_kreise_2019_get_their_zeros_back(shared: Path) -> None:
    table = _read(shared / "data/kreise/12411-0018_2019-12-31.csv")
    keys = set(table.cells["area"])
    assert {len(key) for key in keys} == {5}
    assert {"01001", "16077"} <= keys
    assert table.cells["year"].unique().tolist() == [2019]
    living = table.cells[table.cells["status"] != "absent"]
    assert living["area"].nunique() == 401  # Kreise and kreisfreie Städte at the end of 2019
    assert living["value"].sum() == 83166711  # Destatis, 31.12.2019
    assert set(check(table).frame["rule"]) == {"T14", "T15"}


@pytest.mark.parametrize(
    ("year", "persons"), [(1995, 72234), (2000, 73804), (2009, 78414), (2023, 87360), (2025, 87178)]
)
def test_konstanz_pyramids_count_main_residences(shared: Path, year: int, persons: int) -> None:
    table = _read(shared / f"data/konstanz/bevoelkerung/pyramiden/pyramide_{year}.csv")
    assert total(table) == persons
    published = _read(shared / "data/konstanz/bevoelkerung/meldestatus.csv")
    assert total(published, year=year, variable="population") == persons
    assert table.source.universe == "Melderegister, Hauptwohnung"
    assert table.cells["area"].unique().tolist() == ["08335043"]


def test_konstanz_2020_is_658_short_and_1996_counts_second_homes(shared: Path) -> None:
    folder = shared / "data/konstanz/bevoelkerung"
    published = _read(folder / "meldestatus.csv")
    short = total(_read(folder / "pyramiden/pyramide_2020.csv"))
    assert total(published, year=2020, variable="population") - short == 658
    second = _read(folder / "pyramiden/pyramide_1996.csv")
    assert total(second) == total(published, year=1996, variable="population_with_second_homes")
    assert second.source.universe == "Melderegister, Haupt- und Nebenwohnung"


def test_konstanz_events_and_districts(shared: Path) -> None:
    folder = shared / "data/konstanz/bevoelkerung"
    natural = _read(folder / "natuerliche_entwicklung.csv")
    assert total(natural, year=1995, variable="births") == 703
    assert total(natural, year=2025, variable="deaths") == 841
    moves = _read(folder / "zu_und_wegzug.csv")
    assert total(moves, year=2024, variable="in_moves") == 8328
    districts = _read(folder / "nach_stadtteilen.csv")
    assert total(districts, year=2025) == 87178
    assert districts.cells["area"].nunique() == 15


def test_konstanz_undivided_district_counts_once(shared: Path) -> None:
    table = _read(shared / "data/konstanz/bevoelkerung/historisch_nach_stadtteilen.csv")
    assert total(table, year=1961, area="petershausen") == 16348
    early = table.cells[table.cells["year"] < 1993]
    assert not early["area"].str.startswith("petershauseno").any()


def test_destatis_mortality(shared: Path) -> None:
    folder = shared / "data/destatis"
    blocks = _read(folder / "12621-0001_qx_1991-93_bis_2022-24.csv")
    assert len(blocks.cells) == 32 * 2 * 101
    full = _read(folder / "Sterbetafel2022-2024.csv")
    q = full.cells[full.cells["variable"] == "death_prob"]
    same = blocks.cells[blocks.cells["year"] == 2023]
    keys = ["sex", "age_from"]
    assert (q.set_index(keys)["value"].sort_index() == same.set_index(keys)["value"].sort_index()).all()
    born = full.cells[(full.cells["age_from"] == 0) & (full.cells["sex"] == "female")]
    assert born.loc[born["variable"] == "life_expectancy", "value"].item() == 83.19
    # Before 2000 the tables end at 89; the dash beyond is no probability of zero.
    old = blocks.cells[(blocks.cells["year"] == 1992) & (blocks.cells["age_from"] == 95)]
    assert set(old["status"]) == {"absent"}
    assert old["value"].isna().all()


def test_destatis_births(shared: Path) -> None:
    folder = shared / "data/destatis"
    rates = _read(folder / "12612-0008_raw.csv")
    total_2023 = total(rates, year=2023, variable="births_per_1000_women") / 1000
    published = _read(folder / "12612-0009_raw.csv").cells
    tfr = published[(published["year"] == 2023) & (published["age_to"] == 50)]["value"].item()
    assert abs(total_2023 - tfr) < 0.001
    births = _read(folder / "12612-0001_raw.csv")
    assert total(births, year=2023, sex="total") == 692989
    by_order = _read(folder / "12612-0005_raw.csv").cells
    assert set(by_order["status"]) == {"number", "hidden", "zero"}
    assert by_order["age_from"].isna().sum() == 4  # mothers of unknown age
    assert set(rates.cells["flag"]) == {"e"}


def test_aargau(shared: Path) -> None:
    folder = shared / "data/aargau"
    assert total(_read(folder / "fso_population.csv"), year=2024) == 735808
    parameters = _read(folder / "fso_parameters.csv")
    assert total(parameters, variable="population/high", year=2025) == 747855
    moves = _read(folder / "ag_migration_subregional.csv")
    assert total(moves, variable="population", year=2024) == 735536  # 1 January 2025
    assert total(moves, variable="births", year=2025) == 6193
