"""The project's own tidy table."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest
from support.tidy_files import full_tidy, tidy, total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import COLUMNS, check, concat_tables, kinds, read_table


def test_inclusive_ages_become_half_open(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, tidy(["2020;0101;Mitte;m;D;0;4;17", "2020;0101;Mitte;w;A;95;;3"])))
    assert tuple(table.cells.columns[: len(COLUMNS)]) == COLUMNS
    first, last = table.cells.iloc[0], table.cells.iloc[1]
    assert (first["age_from"], first["age_to"], first["sex"], first["nationality"]) == (0, 5, "male", "german")
    assert last["age_from"] == 95
    assert last["age_to"] is pd.NA
    assert (last["sex"], last["nationality"], last["value"]) == ("female", "foreign", 3)
    assert table.cells["area"].tolist() == ["0101", "0101"]
    assert (table.source.kind, len(table.source.sha256)) == ("tidy", 64)


def test_missing_columns_mean_not_split(tmp_path: Path) -> None:
    cell = read_table(write(tmp_path, tidy(["2020;17"], "jahr;anzahl"))).cells.iloc[0]
    assert (cell["area"], cell["sex"], cell["nationality"], cell["age_from"]) == ("", "total", "total", 0)
    assert cell["age_to"] is pd.NA
    assert cell["variable"] == "population"


def test_events_and_moves(tmp_path: Path) -> None:
    rows = ["2020;a;geburten;;5", "2020;a;umzuege;b;2", "2020;a;fortzuege;;1"]
    cells = read_table(write(tmp_path, tidy(rows, "jahr;gebiet;ereignis;ziel;anzahl"))).cells
    assert cells["variable"].tolist() == ["births", "moves", "out_moves"]
    assert cells["destination"].tolist() == ["", "b", ""]


def test_titles_above_the_header_are_passed_over_with_a_finding(tmp_path: Path) -> None:
    plain = read_table(write(tmp_path, tidy(full_tidy()), "ohne.csv"))
    titles = "Stadt Neu;;;;;;;\nStand 2020;;;;;;;\n\n"
    table = read_table(write(tmp_path, titles + tidy(full_tidy())))
    pd.testing.assert_frame_equal(table.cells[list(COLUMNS)], plain.cells[list(COLUMNS)])
    assert table.cells["line"].iloc[0] == 5
    found = check(table).warnings.frame
    assert found["rule"].tolist() == ["T15"]
    assert "erst in Zeile 4" in found["message"].iloc[0]
    assert "Stadt Neu" in found["message"].iloc[0]


def test_births_need_no_sex(tmp_path: Path) -> None:
    header = "jahr;gebiet;ereignis;geschlecht;anzahl"
    cells = read_table(write(tmp_path, tidy(["2020;a;geburten;;5", "2020;a;sterbefaelle;m;2"], header))).cells
    assert cells["sex"].tolist() == ["total", "male"]
    with pytest.raises(TableError, match="geschlecht"):
        read_table(write(tmp_path, tidy(["2020;a;geburten;;5", "2020;a;sterbefaelle;;2"], header)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    text = tidy(["2020;0101;Weißensee;m;D;0;4;17", "2020;0102;Köpenick;m;D;0;4;18"]).replace(";", separator)
    cells = read_table(write(tmp_path, text, encoding=encoding)).cells
    assert cells["area_name"].tolist() == ["Weißensee", "Köpenick"]


def test_compressed_and_tagged_by_line(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.csv.gz"
    path.write_bytes(gzip.compress(tidy(["2020;1;A;m;D;0;4;17", "", "2020;1;A;m;D;5;;18"]).encode()))
    cells = read_table(path).cells
    assert cells["line"].tolist() == [2, 4]
    assert cells["file"].unique().tolist() == ["tabelle.csv.gz"]


def test_age_labels_in_one_column(tmp_path: Path) -> None:
    rows = ["2020;unter 3;1", "2020;3 - 6;2", "2020;6 - 10;3", "2020;10 und mehr;4"]
    cells = read_table(write(tmp_path, tidy(rows, "jahr;alter;anzahl"))).cells
    assert cells["age_from"].tolist() == [0, 3, 6, 10]
    assert cells["age_to"].tolist()[:3] == [3, 6, 10]


def test_umlauts_that_were_encoded_twice_come_back_with_a_finding(tmp_path: Path) -> None:
    broken = "Neukölln".encode().decode("latin-1")
    table = read_table(write(tmp_path, tidy([f"2020;0801;{broken};m;D;0;;17"])))
    assert table.cells["area_name"].tolist() == ["Neukölln"]
    assert check(table).warnings.frame["rule"].tolist() == ["T15"]


def test_workbook_reads_like_csv(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.xlsx"
    rows = [row.split(";") for row in full_tidy()]
    frame = pd.DataFrame(rows, columns=tidy([]).strip().split(";"))
    numbers = frame.astype({"jahr": int, "alter_von": int, "anzahl": float})
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        pd.DataFrame({"Hinweise": ["Stand: heute"]}).to_excel(writer, sheet_name="Hinweise", index=False)
        numbers.to_excel(writer, sheet_name="Daten", index=False)
    text = read_table(write(tmp_path, tidy(full_tidy()))).cells
    workbook = read_table(path).cells
    pd.testing.assert_frame_equal(workbook[list(COLUMNS)], text[list(COLUMNS)])


def test_several_files_keep_their_sources(tmp_path: Path) -> None:
    paths = [write(tmp_path, tidy(full_tidy(years=[year])), f"{year}.csv") for year in (2019, 2020)]
    table = read_table(paths)
    assert [part.file for part in table.source.parts] == ["2019.csv", "2020.csv"]
    assert table.source.kind == "tidy"
    nested = concat_tables([table, read_table(paths[0])])
    assert len(nested.source.parts) == 3
    assert total(table) == 2 * total(read_table(paths[0]))


def test_kind_can_be_named_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, tidy(full_tidy()))
    assert read_table(path, kind="tidy").source.kind == "tidy"
    assert "tidy" in kinds()
    with pytest.raises(TableError, match="Gemeint ist vielleicht „tidy“"):
        read_table(path, kind="tydi")
    for kind in kinds():
        if kind not in ("tidy", "kreuztabelle"):
            with pytest.raises(TableError, match=f"nicht die Form „{kind}“"):
                read_table(path, kind=kind)
