"""Tables of the cell-key method: sums that do not add up are accepted as far as the noise goes, and no further."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from support.tidy_files import tidy, write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, check, concat_tables, read_table, resolve_status, with_universe
from zwkprognose.tables.noise import LARGEST, VARIANCE, tolerance

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = "jahr;gebiet;geschlecht;alter;anzahl"
#: Noise of counts of 1, 2, 3 and of large ones: amount → probability, from the example matrix of the method's authors.
MATRIX = {
    1: {-1: 0.6875, 2: 0.25, 3: 0.0625},
    2: {-2: 0.3533, 1: 0.5907, 2: 0.053, 3: 0.002, 4: 0.001},
    3: {-3: 0.162, 0: 0.5, 1: 0.194, 2: 0.141, 3: 0.002, 4: 0.001},
    99: {-4: 0.02, -3: 0.04, -2: 0.085, -1: 0.105, 0: 0.5, 1: 0.105, 2: 0.085, 3: 0.04, 4: 0.02},
}


@pytest.mark.parametrize("count", MATRIX)
def test_the_constants_are_those_of_the_published_matrix(count: int) -> None:
    row = MATRIX[count]
    assert sum(row.values()) == pytest.approx(1)
    assert sum(p * d for d, p in row.items()) == pytest.approx(0, abs=0.002)
    assert sum(p * d**2 for d, p in row.items()) == pytest.approx(VARIANCE, abs=0.03)
    assert max(map(abs, row)) <= LARGEST


def _noise(count: int, rng: np.random.Generator) -> int:
    """A count as it is printed; nobody stays nobody."""
    row = MATRIX.get(count, MATRIX[99])
    return count and count + int(rng.choice(list(row), p=np.array(list(row.values())) / sum(row.values())))


AGES = ["0-17", "18-29", "30-64", "65-79", "80+"]


def _town(tmp_path: Path, seed: int, spoilt: int = 0) -> Table:
    """Counts by sex and age with every total, each changed by itself; one total is wrong by ``spoilt``."""
    rng = np.random.default_rng(seed)
    true = {cell: int(rng.choice([0, 1, 2, 3, 7, 40, 900])) for cell in product("ab", "mw", AGES)}
    rows = []
    for area, sex, age in product("ab", ["m", "w", "insgesamt"], [*AGES, "insgesamt"]):
        wanted = [{area}, {sex} - {"insgesamt"} or set("mw"), {age} - {"insgesamt"} or set(AGES)]
        printed = _noise(sum(true[cell] for cell in product(*wanted)), rng)
        is_spoilt = (area, sex, age) == ("b", "w", "insgesamt")
        rows.append(f"2022;{area};{sex};{age};{printed + is_spoilt * spoilt}")
    return read_table(write(tmp_path, tidy(rows, HEADER), f"zensus_{seed}.csv"))


@pytest.mark.parametrize("seed", range(6))
def test_what_noise_explains_is_one_warning_with_its_size(tmp_path: Path, seed: int) -> None:
    table = _town(tmp_path, seed)
    printed_only = check(table).errors.frame
    assert set(printed_only["rule"]) == {"T06"}
    found = check(with_universe(table, "Zensus 2022", secrecy="cell-key"))
    assert len(found.errors) == 0, found.summary()
    warnings = found.warnings.frame
    assert warnings["rule"].tolist() == ["T06"]
    assert abs(warnings["value"].item()) == printed_only["value"].abs().max()
    assert f"abweichen: {len(printed_only)}, höchstens" in warnings["message"].item()


def test_what_noise_cannot_explain_stays_an_error(tmp_path: Path) -> None:
    found = check(with_universe(_town(tmp_path, 1, spoilt=60), "Zensus 2022", secrecy="cell-key"))
    assert set(found.errors.frame["rule"]) == {"T06"}
    assert set(found.errors.frame["area"]) == {"b"}


def test_a_table_beside_it_has_to_add_up(tmp_path: Path) -> None:
    noisy = with_universe(_town(tmp_path, 1), "Zensus 2022", secrecy="cell-key")
    exact = _town(tmp_path, 2)
    errors = check(concat_tables([noisy, exact.with_cells(exact.cells.assign(year=2023))])).errors.frame
    assert set(errors["year"]) == {2023}


def test_areas_may_exceed_their_whole_by_noise_only(tmp_path: Path) -> None:
    def found(parts: int) -> list[tuple[str, str]]:
        rows = ["2022;03;1000", f"2022;03101;{parts}", "2022;03102;500"]
        table = read_table(write(tmp_path, tidy(rows, "jahr;gebiet;anzahl")))
        frame = check(with_universe(table, "Zensus 2022", secrecy="cell-key")).frame
        return list(frame.loc[frame["rule"] == "T07", ["rule", "severity"]].itertuples(index=False, name=None))

    assert found(500) == []
    assert found(512) == [("T07", "warning")]
    assert found(513) == [("T07", "error")]


def test_the_tolerance_grows_like_the_noise_of_a_sum() -> None:
    """Three counts can be off by four each; of many, six standard deviations are less than the largest amount."""
    assert tolerance(np.array([3])) == 12
    assert tolerance(np.array([400])) == pytest.approx(6 * 1.5 * 20)


def test_hidden_cells_stay_hidden(tmp_path: Path) -> None:
    rows = ["2022;a;m;0-17;.", "2022;a;w;0-17;20", "2022;a;insgesamt;0-17;27"]
    table = with_universe(read_table(write(tmp_path, tidy(rows, HEADER))), "Zensus 2022", secrecy="cell-key")
    with pytest.raises(TableError, match="Cell-Key-Methode"):
        resolve_status(table, hidden="impute_from_total")
    assert resolve_status(table, hidden="keep").cells["status"].tolist().count("hidden") == 1


def test_the_census_is_recognised_with_its_day() -> None:
    table = read_table(FIXTURES / "1000A-9999_de_flat.csv")
    assert (table.source.secrecy, table.source.universe) == ("cell-key", "Zensus 2022, Stichtag 15.05.2022")
    assert table.cells["year"].unique().tolist() == [2022]
    warnings = check(table).warnings.frame
    assert "T25" in set(warnings["rule"])
    assert warnings["message"].str.contains(r"15\.05\.2022").any()


@pytest.mark.parametrize(("year", "noisy"), [(2024, False), (2025, True)])
def test_births_carry_noise_from_2025_on(tmp_path: Path, year: int, noisy: bool) -> None:
    text = (FIXTURES / "1000A-9999_de_flat.csv").read_text(encoding="utf-8-sig")
    births = text.replace("2022-05-15", str(year)).replace("1000A", "12612").replace("STAG;Stichtag", "JAHR;Jahr")
    assert (read_table(write(tmp_path, births)).source.secrecy == "cell-key") == noisy


def test_a_footnote_about_the_method_is_heard(tmp_path: Path) -> None:
    text = (
        "Einwohner am 31.12.2025\nNr.;Stadtteil;männlich;weiblich;insgesamt\n01;Altstadt;103;104;209\n"
        "02;Neustadt;95;96;190\n\nDie Cell-Key-Methode sichert die Geheimhaltung.\n"
    )
    findings = check(read_table(write(tmp_path, text)))
    assert len(findings.errors) == 0
    assert findings.warnings.frame["rule"].tolist() == ["T06"]
