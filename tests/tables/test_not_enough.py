"""A stock that cannot be projected as it is: the check says so, as build_inputs does."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tidy_files import full_tidy, tidy, write

from zwkprognose.errors import InputError, TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check, read_table

_WHOLE = full_tidy(years=[2020])


@pytest.mark.parametrize(
    ("rows", "lack"),
    [
        ([row.replace(";65;;", ";65;79;") for row in _WHOLE], "endet mit dem Alter 79; eine offene Altersgruppe fehlt"),
        ([row for row in _WHOLE if ";D;" in row], "nur eine Gruppe: Deutsche"),
        ([row.replace(";m;", ";insgesamt;") for row in _WHOLE if ";m;" in row], "nicht nach Geschlecht getrennt"),
        ([row for row in _WHOLE if ";m;" in row], "nicht nach Geschlecht getrennt"),
    ],
    ids=["closed", "Germans", "both sexes together", "men"],
)
def test_what_building_refuses_the_check_has_said(tmp_path: Path, rows: list[str], lack: str) -> None:
    table = read_table(write(tmp_path, tidy(rows)))
    found = check(table).frame
    assert lack in found.loc[found["rule"] == "T35", "message"].item()
    with pytest.raises(InputError):
        build_inputs(table)


def test_tables_that_complete_each_other_are_enough(tmp_path: Path) -> None:
    parts = [[row for row in _WHOLE if f";{group};" in row] for group in "DA"]
    files = [write(tmp_path, tidy(rows), f"{number}.csv") for number, rows in enumerate(parts)]
    assert "T35" not in set(check(*map(read_table, files)).frame["rule"])
    build_inputs(*map(read_table, files))


@pytest.mark.parametrize(("head", "right"), [("über 64", True), ("über 65", False), ("mehr als 64", True)])
def test_over_an_age_begins_a_year_later_or_leaves_a_gap(tmp_path: Path, head: str, right: bool) -> None:
    text = f"Einwohner am 31.12.2023\nStadtteil;Geschlecht;unter 18;18 bis 64;{head}\nAu;m;1;2;3\nAu;w;1;2;3\n"
    errors = check(read_table(write(tmp_path, text))).errors.frame["message"].tolist()
    assert not errors if right else all("Das Alter 65 fehlt" in message for message in errors)
    assert right or errors


def test_a_field_too_many_is_named_with_its_row_and_column(tmp_path: Path) -> None:
    text = "Einwohner am 31.12.2023\nStadtteil;Geschlecht;unter 18;ab 18\nAu;m;1;2\nAu;w;1;2;77\n"
    with pytest.raises(TableError, match="Zeile 4: In Spalte E steht „77“"):
        read_table(write(tmp_path, text))


@pytest.mark.parametrize("head", ["01. Okt", "Okt 17"])
def test_an_age_that_became_a_date_is_asked_about(tmp_path: Path, head: str) -> None:
    text = f"Einwohner am 31.12.2023\nStadtteil;Geschlecht;{head};ab 18\nAu;m;1;2\nAu;w;1;2\n"
    with pytest.raises(TableError, match="Altersgruppe wie „1-10“ in ein Datum"):
        read_table(write(tmp_path, text))
