"""Small tables beside the stock: what a spreadsheet does to their keys and numbers is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tidy_files import write

from zwkprognose import build_inputs
from zwkprognose.errors import InputError, OutputError, TableError, ZwkError
from zwkprognose.output.demand import places_of
from zwkprognose.output.named_areas import check_named, hint
from zwkprognose.projects.household_tables import read_known
from zwkprognose.projects.pairs import read_numbers, read_pairs
from zwkprognose.projects.service_tables import read_sites
from zwkprognose.tables import apply_crosswalk, check, read_crosswalk, read_table
from zwkprognose.tables.areas.zeros import lost_zero

AREAS = ["01", "02", "03"]


def _file(folder: Path, text: str, name: str = "tabelle.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _refusal(named: list[str]) -> OutputError:
    with pytest.raises(OutputError) as raised:
        check_named(AREAS, named, "Plätze", "Für jedes Gebiet eine Zahl angeben.")
    return raised.value


def test_areas_left_out_and_areas_unknown_are_told_apart() -> None:
    error = _refusal(["01", "02", "04"])
    assert error.message == (
        "Plätze: 1 Gebiet der Vorausberechnung ist nicht genannt, 1 genanntes Gebiet gibt es nicht."
    )
    assert [(cell["area"], cell["Angabe"]) for cell in error.cells] == [("03", "fehlt"), ("04", "gibt es nicht")]
    assert "Null" not in error.remedy


def test_keys_that_lost_their_zero_are_recognised() -> None:
    assert "Fehlt die führende Null (1 statt 01)?" in _refusal(["1", "2", "3"]).remedy


def test_names_in_the_place_of_keys_are_recognised() -> None:
    assert "Gebiete mit ihrem Schlüssel nennen" in _refusal(["Oberdorf", "Mühlfeld", "Am Hang"]).remedy


def test_the_service_whose_places_do_not_fit_is_named() -> None:
    with pytest.raises(OutputError, match="Plätze für „Kita“: 1 Gebiet"):
        places_of(AREAS, {"01": 1.0, "02": 1.0}, "Kita")


@pytest.mark.parametrize("head", ["gebiet;plaetze", "Gebiet;Plätze", "GEBIET;PLAETZE", "gebiet ; plätze"])
def test_heads_may_be_written_as_people_write_them(tmp_path: Path, head: str) -> None:
    assert read_numbers(_file(tmp_path, f"{head}\n01;30\n02;12,5\n"), "plaetze") == {"01": 30.0, "02": 12.5}


def test_other_columns_are_not_taken_for_the_one_that_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fehlt die Spalte bezirk"):
        read_pairs(_file(tmp_path, "gebiet;Bezirke\n01;Nord\n"), "bezirk")


@pytest.mark.parametrize("places", ["1.030", "1 030", "-5", "viele", ""])
def test_places_that_are_no_plain_number_are_refused_everywhere(tmp_path: Path, places: str) -> None:
    """A point may be one of thousands: 1.030 places are never 1,03."""
    with pytest.raises(InputError):
        read_numbers(_file(tmp_path, f"gebiet;plaetze\n01;{places}\n"), "plaetze")
    sites = _file(tmp_path, f"standort;plaetze\nNord;{places}\n", "standorte.csv")
    catchments = _file(tmp_path, "standort;gebiet;anteil\nNord;01;1\n", "einzug.csv")
    with pytest.raises(InputError, match="Zeile 2"):
        read_sites(sites, catchments)


def test_households_with_a_point_of_thousands_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ZwkError, match=r"1\.030"):
        read_known(_file(tmp_path, "gebiet;haushalte\n01;1.030\n"))
    assert read_known(_file(tmp_path, "gebiet;haushalte\n01;1030\n")).total == {"01": 1030.0}


def test_a_lost_zero_in_the_tables_of_the_next_year_is_recognised() -> None:
    assert "Fehlt die führende Null (1 statt 01)?" in hint(["01", "02"], ["1", "2"])
    assert not hint(["03"], [])
    assert not hint([], ["04"])


def test_every_door_says_a_lost_zero_in_the_same_words(tmp_path: Path) -> None:
    """Areas asked for, areas of another year, keys of an Umsteigetabelle: one wording."""
    said = "Fehlt die führende Null (1 statt 01)? Die Schlüssel als Text speichern."
    assert lost_zero(["01", "02"], ["1", "2"]) == said
    rows = [f"2023;{area};{sex};{age};5" for area in ("01", "02") for sex in "mw" for age in ("0;84", "85;")]
    head = "jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl"
    table = read_table(write(tmp_path, "\n".join([head, *rows]) + "\n"))
    with pytest.raises(InputError) as asked:
        build_inputs(table, areas=["1"])
    assert said in asked.value.remedy
    with pytest.raises(InputError) as other:
        build_inputs(table, areas=["07"])
    assert "führende Null" not in other.value.remedy
    later = read_table(write(tmp_path, "\n".join([head, *rows]).replace("2023;0", "2024;") + "\n", "spaeter.csv"))
    frame = check(table, later).frame
    assert any(said in message for message in frame.loc[frame["rule"] == "T05", "message"])
    crosswalk = tmp_path / "umsteige.csv"
    crosswalk.write_text("alt;neu;anteil\n1;03;1\n", "utf-8")
    with pytest.raises(TableError) as turned:
        apply_crosswalk(table, read_crosswalk(crosswalk))
    assert said in turned.value.remedy
