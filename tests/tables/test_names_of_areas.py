"""Names and keys of areas: two spellings of one place, places under another's key, keys that are renamed."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pandas as pd
import pytest
from support.tidy_files import full_tidy, tidy, write

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, check, read_table

NAMES = {"01": "Mühlfeld", "02": "Am Hang", "03": "Oberdorf"}


def _rows(names: dict[str, str], year: int) -> list[str]:
    rows = full_tidy(names, [year])
    return [row.replace(f"Ort {key}", name) for key, name in names.items() for row in rows if f"Ort {key}" in row]


def _table(folder: Path, *years: dict[str, str]) -> Table:
    rows = [row for number, names in enumerate(years) for row in _rows(names, 2018 + number)]
    return read_table(write(folder, tidy(rows)))


def _said(found: pd.DataFrame, rule: str, severity: str) -> list[str]:
    return found.loc[(found["rule"] == rule) & (found["severity"] == severity), "message"].tolist()


def test_places_that_change_their_keys_are_refused(tmp_path: Path) -> None:
    swapped = {"01": "Am Hang", "02": "Mühlfeld", "03": "Oberdorf"}
    table = _table(tmp_path, NAMES, swapped)
    messages = _said(check(table).frame, "T34", "error")
    assert len(messages) == 2
    assert "„Mühlfeld“ hat 2018 den Schlüssel 01, 2019 den Schlüssel 02, und 01 heißt dort „Am Hang“" in messages[0]
    with pytest.raises(InputError, match="„Mühlfeld“ hat 2018 den Schlüssel 01"):
        build_inputs(table)


def test_a_place_whose_key_another_has_taken_is_refused(tmp_path: Path) -> None:
    table = _table(tmp_path, NAMES, {"01": "Neudorf", "02": "Am Hang", "03": "Oberdorf", "04": "Mühlfeld"})
    (message,) = _said(check(table).frame, "T34", "error")
    assert "2019 den Schlüssel 04, und 01 heißt dort „Neudorf“" in message


def test_keys_of_events_are_those_of_the_stock(tmp_path: Path) -> None:
    stock = _table(tmp_path, NAMES)
    header = "jahr;gebiet;name;ereignis;anzahl"
    names = {"01": "Am Hang", "02": "Mühlfeld", "03": "Oberdorf"}
    rows = [f"2018;{key};{name};geburten;5" for key, name in names.items()]
    events = read_table(write(tmp_path, tidy(rows, header), "geburten.csv"))
    message = _said(check(stock, events).frame, "T34", "error")[0]
    assert "2018 in „geburten.csv“" in message
    assert "2018 in „tabelle.csv“" in message


def test_a_new_name_of_a_key_is_asked_about(tmp_path: Path) -> None:
    found = check(_table(tmp_path, NAMES, NAMES | {"03": "Rathausviertel"})).frame
    assert _said(found, "T34", "info") == ["Gebiet 03 heißt 2018 „Oberdorf“, 2019 „Rathausviertel“."]
    assert not _said(found, "T34", "error")


@pytest.mark.parametrize("spelled", ["MUEHLFELD", "Mühl-Feld", "Mühlfeld, Stadt", normalize("NFD", "Mühlfeld")])
def test_another_spelling_is_no_other_name(tmp_path: Path, spelled: str) -> None:
    assert "T34" not in set(check(_table(tmp_path, NAMES, NAMES | {"01": spelled})).frame["rule"])


def test_places_of_one_name_may_have_several_keys(tmp_path: Path) -> None:
    alike = {"01": "Mitte", "02": "Mitte", "03": "Oberdorf"}
    assert "T34" not in set(check(_table(tmp_path, alike, alike)).frame["rule"])


def _by_name(folder: Path, *years: dict[str, str]) -> Table:
    """The same without keys, as many offices keep it."""
    lines = ["jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl"]
    for number, names in enumerate(years):
        for sex in "mw":
            for name in (names[f"{key}{sex}"] if f"{key}{sex}" in names else names[key] for key in NAMES):
                lines += [f"{2018 + number};{name};{sex};0;17;100", f"{2018 + number};{name};{sex};18;;300"]
    return read_table(write(folder, "\n".join(lines)))


def test_two_spellings_from_year_to_year_are_asked_about(tmp_path: Path) -> None:
    found = check(_by_name(tmp_path, NAMES, NAMES | {"01": "MUEHLFELD"})).frame
    assert "Ist es dasselbe Gebiet wie MUEHLFELD" in _said(found, "T05", "error")[0]


def test_two_spellings_within_a_year_are_asked_about(tmp_path: Path) -> None:
    found = check(_by_name(tmp_path, NAMES | {"01m": "Mühlfeld", "01w": "Muehlfeld"})).frame
    assert "Mühlfeld, 2018, weiblich: Diese Gruppe fehlt. Ist es dasselbe Gebiet wie Muehlfeld" in " ".join(
        _said(found, "T04", "error")
    )


def test_keys_in_one_year_and_names_in_another_are_brought_together(tmp_path: Path) -> None:
    old, new = tmp_path / "alt", tmp_path / "neu"
    old.mkdir()
    new.mkdir()
    keyed = read_table(write(old, tidy(_rows(NAMES, 2017)), "alt.csv"))
    found = check(keyed, _by_name(new, NAMES)).frame
    assert "Gebiet 01 fehlt 2018, kommt vorher aber vor. Ist es dasselbe Gebiet wie Mühlfeld" in " ".join(
        _said(found, "T05", "error")
    )


def test_an_umlaut_of_two_signs_is_the_umlaut(tmp_path: Path) -> None:
    """As files that were made on a Mac have it."""
    table = _by_name(tmp_path, NAMES, NAMES | {"01": normalize("NFD", "Mühlfeld")})
    assert build_inputs(table)["area"].values.tolist() == sorted(NAMES.values())
