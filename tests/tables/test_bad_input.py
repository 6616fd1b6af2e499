"""Bad input: a German error or finding that names file, line or cell, and what to do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from support.tidy_files import full_tidy, tidy, write

from zwkprognose.errors import TableError
from zwkprognose.tables import check, read_table


def _refused(path: object, match: str) -> TableError:
    with pytest.raises(TableError, match=match) as caught:
        read_table(path)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("sign", ["?", "n.v.", "#WERT!", "zwölf", "1.2.3", "12 Personen"])
def test_unknown_sign_or_text_in_a_number(tmp_path: Path, sign: str) -> None:
    error = _refused(write(tmp_path, tidy([*full_tidy(), f"2020;0103;C;m;D;0;;{sign}"])), "weder eine Zahl noch")
    assert error.cells == ({"line": 50, "column": "anzahl", "text": sign},)
    assert "tabelle.csv" in error.message


def test_a_row_that_begins_with_nothing_is_a_row(tmp_path: Path) -> None:
    error = _refused(write(tmp_path, tidy([*full_tidy(), ";0103;C;m;D;0;;5"])), "Zeile 50: In der Spalte „jahr“ steht")
    assert error.cells == ({"line": 50, "column": "jahr", "text": ""},)
    assert len(read_table(write(tmp_path, tidy([*full_tidy(), ";;;;;;;"]))).cells) == 48


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("2020;0101;A;d;D;0;4;17", "geschlecht"),
        ("20;0101;A;m;D;0;4;17", "jahr"),
        ("1.7.2020;0101;A;m;D;0;4;1", "jahr"),
        ("2020;0101;A;m;?;0;4;17", "staatsangehoerigkeit"),
        ("2020;0101;A;m;D;null;4;17", "alter_von"),
        ("2020;0101;A;m;D;0;vier;17", "alter_bis"),
        ("2020;0101;A;m;D;0;4.5;17", "alter_bis"),
    ],
)
def test_unknown_words_name_line_and_column(tmp_path: Path, row: str, word: str) -> None:
    error = _refused(write(tmp_path, tidy([row])), word)
    assert error.cells[0]["line"] == 2
    assert error.cells[0]["column"] == word


def test_ages_that_run_backwards(tmp_path: Path) -> None:
    error = _refused(write(tmp_path, tidy(["2020;0101;A;m;D;10;4;17"])), "vor dem ersten")
    assert error.cells == ({"line": 2, "text": "10 bis 4"},)


def test_rows_with_too_few_or_too_many_fields(tmp_path: Path) -> None:
    _refused(write(tmp_path, tidy(["2020;0101;A;m;D;0;4"])), "7 statt 8 Felder")
    _refused(write(tmp_path, tidy(["2020;0101;A;m;D;0;4;17;18"])), "9 statt 8 Felder")


def test_unknown_column_suggests_the_nearest(tmp_path: Path) -> None:
    _refused(write(tmp_path, tidy(["2020;1;17"], "jahr;gebit;anzahl")), "Gemeint ist vielleicht „gebiet“")


@pytest.mark.parametrize(
    ("wrong", "meant"), [("quartier", "gebiet"), ("stadtteil", "gebiet"), ("bezirk", "gebiet"), ("stichtag", "jahr"),
                         ("einwohner", "anzahl"), ("personen", "anzahl")]
)  # fmt: skip
def test_usual_names_of_columns_are_understood_as_what_they_mean(tmp_path: Path, wrong: str, meant: str) -> None:
    header = ("jahr;gebiet;name;geschlecht;staatsangehoerigkeit;alter_von;alter_bis;anzahl").replace(meant, wrong)
    _refused(
        write(tmp_path, tidy(full_tidy(), header)), f"„{wrong}“ ist nicht bekannt. Gemeint ist vielleicht „{meant}“"
    )


def test_a_lacking_column_is_named_and_not_taken_for_a_crosstab(tmp_path: Path) -> None:
    rows = [row.rpartition(";")[0] for row in full_tidy()]
    header = "jahr;gebiet;name;geschlecht;staatsangehoerigkeit;alter_von;alter_bis"
    _refused(write(tmp_path, tidy(rows, header)), "Die Spalte „anzahl“ fehlt")


def test_every_line_with_an_unknown_word_is_counted(tmp_path: Path) -> None:
    rows = [row.replace(";m;", ";divers;") for row in full_tidy([f"{n:02d}" for n in range(1, 41)])]
    error = _refused(write(tmp_path, tidy(rows)), "divers")
    assert len(error.cells) == 40 * 2 * 2 * 3


def test_a_mistyped_key_is_recognised_by_its_years(tmp_path: Path) -> None:
    rows = [row.replace("2020;0106", "2020;0116") for row in full_tidy(["0101", "0106"], [2019, 2020, 2021])]
    found = check(read_table(write(tmp_path, tidy(rows)))).frame
    said = found.loc[found["rule"] == "T05", ["area", "message"]].set_index("area")["message"]
    assert "dasselbe Gebiet wie 0116" in said["0106"]
    assert "dasselbe Gebiet wie 0106" in said.loc[["0116"]].iloc[0]


@pytest.mark.parametrize("key", ["01.01.2024", "Mrz 24", "03. Mrz", "2024-03-01 00:00:00"])
def test_keys_that_became_dates(tmp_path: Path, key: str) -> None:
    (message,) = _found(tmp_path, full_tidy(["0101", key], [2020]), "T27")
    assert f"„{key}“" in message
    assert "Datum" in message


def test_date_cells_of_a_workbook_as_keys(tmp_path: Path) -> None:
    frame = pd.DataFrame([row.split(";") for row in full_tidy(["01"], [2020])], columns=tidy([]).strip().split(";"))
    path = tmp_path / "tabelle.xlsx"
    days = frame.assign(gebiet=pd.Timestamp("2024-03-01"), jahr=2020)
    days.to_excel(path, index=False, engine="xlsxwriter")
    assert check(read_table(path)).errors.frame["rule"].tolist() == ["T27"]


def test_empty_cells_are_named_with_their_lines(tmp_path: Path) -> None:
    rows = [row.rpartition(";")[0] + ";" if i in (3, 20) else row for i, row in enumerate(full_tidy())]
    found = check(read_table(write(tmp_path, tidy(rows)))).warnings.frame
    assert found["rule"].tolist() == ["T14"]
    assert "(Zeilen 5, 22)" in found["message"].iloc[0]


def test_ambiguous_thousands_are_not_guessed(tmp_path: Path) -> None:
    _refused(write(tmp_path, tidy(["2020;1.234", "2021;12345"], "jahr;anzahl")), "Punkt oder Komma")


def test_destination_belongs_to_moves_only(tmp_path: Path) -> None:
    _refused(write(tmp_path, tidy(["2020;a;geburten;b;5"], "jahr;gebiet;ereignis;ziel;anzahl")), "Ziel")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n \n", b";;;;\n"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leer.csv"
    path.write_bytes(content)
    _refused(path, "leer")


def test_header_without_figures(tmp_path: Path) -> None:
    _refused(write(tmp_path, tidy([])), "keine Zahlen")


def test_directory_missing_file_and_empty_list(tmp_path: Path) -> None:
    _refused(tmp_path, "Ordner")
    _refused(tmp_path / "fehlt.csv", "gibt es nicht")
    _refused([], "keine Datei")
    _refused("a\0b.csv", "gibt es nicht|lässt sich nicht öffnen")


def test_file_without_read_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, tidy(full_tidy()))

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # A real chmod does not stop the superuser, who may run the tests.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    _refused(path, "keine Leserechte")


def test_wrong_encoding_is_named(tmp_path: Path) -> None:
    rows = tidy(["2020;0101;Köpenick;m;D;0;;17"])
    _refused(write(tmp_path, rows, encoding="cp850"), "Umlaute zerstört")
    error = _refused(write(tmp_path, rows.replace("ö", "\ufffd")), "Umlaute zerstört")
    assert error.cells[0]["line"] == 2


def test_binary_and_unknown_tables_say_what_they_look_like(tmp_path: Path) -> None:
    path = tmp_path / "bild.csv"
    path.write_bytes(b"\x89PNG\r\n\0\0")
    _refused(path, "keine Textdatei")
    error = _refused(write(tmp_path, "Name,Farbe\nBaum,rot\n"), "beginnt mit: Name")
    assert "tidy" in error.remedy


def test_lines_and_archives_are_bounded(tmp_path: Path) -> None:
    _refused(write(tmp_path, "jahr;anzahl\n" + "1;" * 600_000), "zu lang")
    broken = tmp_path / "kaputt.csv.gz"
    broken.write_bytes(b"\x1f\x8b\x08\0" + b"quatsch" * 5)
    _refused(broken, "beschädigt")
    zipped = tmp_path / "kaputt.zip"
    zipped.write_bytes(b"PK\x03\x04" + b"quatsch" * 5)
    _refused(zipped, "beschädigt")
    book = tmp_path / "kaputt.xlsx"
    book.write_bytes(b"PK\x03\x04" + b"quatsch" * 5)
    _refused(book, "beschädigt")


def _found(tmp_path: Path, rows: list[str], rule: str, header: str | None = None) -> list[str]:
    text = tidy(rows) if header is None else tidy(rows, header)
    findings = check(read_table(write(tmp_path, text)))
    frame = findings.errors.frame
    assert set(frame["rule"]) == {rule}, findings.summary()
    assert frame["remedy"].ne("").all()
    with pytest.raises(TableError) as caught:
        findings.raise_errors()
    assert caught.value.cells
    assert f"  – {frame['message'].iloc[0]}\n" in str(caught.value)  # the finding in its own words
    return frame["message"].tolist()


def test_complete_table_has_no_findings(tmp_path: Path) -> None:
    several = check(read_table(write(tmp_path, tidy(full_tidy()))))
    assert set(several.frame["severity"]) == {"info"}, several.summary()
    findings = check(read_table(write(tmp_path, tidy(full_tidy(["0101"])))))
    assert findings.frame.empty, findings.summary()
    assert "Keine Befunde" in findings.summary()
    findings.raise_errors()


def test_duplicate_cell(tmp_path: Path) -> None:
    (message,) = _found(tmp_path, [*full_tidy(), full_tidy()[3]], "T01")
    assert "Zeile 5" in message
    assert "Zeile 50" in message


def test_missing_age(tmp_path: Path) -> None:
    rows = full_tidy()
    (message,) = _found(tmp_path, [r for r in rows if r != rows[1]], "T02")
    assert "18 bis 64" in message


def test_missing_open_age(tmp_path: Path) -> None:
    rows = full_tidy()
    (message,) = _found(tmp_path, [r for r in rows if r != rows[2]], "T02")
    assert "65 und älter" in message


def test_overlapping_ages(tmp_path: Path) -> None:
    messages = _found(tmp_path, [r.replace("0;17;", "0;18;") for r in full_tidy()], "T03")
    assert "0 bis 18 und 18 bis 64" in messages[0]


def test_missing_group(tmp_path: Path) -> None:
    areas = ["0101", "0102", "0103"]
    rows = [r for r in full_tidy(areas) if not r.startswith("2020;0102;Ort 0102;w;A")]
    (message,) = _found(tmp_path, rows, "T04")
    assert "0102" in message
    assert "weiblich" in message


def test_missing_area(tmp_path: Path) -> None:
    rows = [r for r in full_tidy() if not r.startswith("2020;0102")]
    (message,) = _found(tmp_path, rows, "T05")
    assert "Gebiet 0102 fehlt 2020" in message


@pytest.mark.parametrize(
    ("last", "said"), [(2017, "2013, 2014, 2015, 2016, 2017"), (2018, "2013 bis 2018 (6 Jahre)")]
)
def test_many_missing_years_are_said_as_a_span(tmp_path: Path, last: int, said: str) -> None:
    rows = full_tidy(["0101", "0102"], list(range(2011, last + 1)))
    (message,) = _found(tmp_path, [r for r in rows if r[:9] not in {f"{y};0102" for y in range(2013, last + 1)}], "T05")
    assert message.startswith(f"Gebiet 0102 fehlt {said}, kommt vorher aber vor.")


def test_totals_that_differ_from_their_parts(tmp_path: Path) -> None:
    header = "jahr;gebiet;geschlecht;alter;anzahl"
    parts = ["2020;a;m;0-17;10", "2020;a;w;0-17;20", "2020;a;m;18+;30", "2020;a;w;18+;40"]
    totals = ["2020;a;insgesamt;0-17;30", "2020;a;insgesamt;18+;70", "2020;a;insgesamt;insgesamt;100"]
    margins = ["2020;a;m;insgesamt;40", "2020;a;w;insgesamt;60"]
    assert check(read_table(write(tmp_path, tidy([*parts, *totals, *margins], header)))).frame.empty
    wrong = [*parts, *totals[:2], "2020;a;insgesamt;insgesamt;101", *margins]
    messages = _found(tmp_path, wrong, "T06", header)
    assert len(messages) == 2  # against the sexes, and against the ages
    assert all("Differenz 1." in message for message in messages)


def test_key_that_lost_its_zero(tmp_path: Path) -> None:
    messages = _found(tmp_path, full_tidy(areas=["101", "1201"]), "T08")
    assert "0101" in messages[0]


def test_key_that_lost_its_zero_in_one_of_two_files(tmp_path: Path) -> None:
    good = read_table(write(tmp_path, tidy(full_tidy(["0101"], [2019])), "a.csv"))
    bad = read_table(write(tmp_path, tidy(full_tidy(["101"], [2020])), "b.csv"))
    assert "T08" in set(check(good, bad).errors.frame["rule"])


def test_negative_count(tmp_path: Path) -> None:
    (message,) = _found(tmp_path, [*full_tidy()[:-1], full_tidy()[-1].replace(";102", ";-102")], "T09")
    assert "−102 Personen" in message


def test_impossible_age(tmp_path: Path) -> None:
    rows = [r.replace("65;;", "65;199;") for r in full_tidy()] + [
        r.replace("65;;102", "200;;0") for r in full_tidy() if "65;;" in r
    ]
    messages = _found(tmp_path, rows, "T11")
    assert "200" in messages[0]


def test_findings_add_up_and_are_written_for_excel(tmp_path: Path) -> None:
    findings = check(read_table(write(tmp_path, tidy([r.replace(";102", ";.") for r in full_tidy()]))))
    assert findings.warnings.frame["rule"].tolist() == ["T13"]
    both = findings + findings
    assert len(both) == 2
    both.to_csv(tmp_path / "befunde.csv")
    text = (tmp_path / "befunde.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "severity;rule;area;year;sex;age;value;message;remedy"
    assert "unbekannt oder geheim" in both.summary()
    assert "Zeichen statt Zahl" in both.summary()


@pytest.mark.parametrize("key", ["=1+1", "+49", "-x", "@SUM(A1)"])
def test_no_key_becomes_a_formula_in_a_spreadsheet(tmp_path: Path, key: str) -> None:
    rows = [f"2020;{key};-5", "2020;b;5"]
    check(read_table(write(tmp_path, tidy(rows, "jahr;gebiet;anzahl")))).to_csv(tmp_path / "befunde.csv")
    fields = (tmp_path / "befunde.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(";")
    assert fields[2] == f"'{key}"
