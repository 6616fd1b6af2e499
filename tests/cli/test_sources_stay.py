"""What is read is never written over, a file is what its name says, results move with their project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zwkprognose import build_inputs, estimate_rates, project, read_table, write_excel, write_netcdf, write_report
from zwkprognose.cli import main
from zwkprognose.cli.console import speak_plainly
from zwkprognose.errors import OutputError
from zwkprognose.output.files.sources import keep_sources
from zwkprognose.projects import review_project

TABLE = "\n".join(
    ["jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl"]
    + [
        f"{year};{area};{sex};{age};{'' if age == 85 else age + 4};{300 - 2 * age}"
        for year in (2019, 2024)
        for area in ("01", "02")
        for sex in "mw"
        for age in range(0, 86, 5)
    ]
)
PROJECT = """schema = 1
name = "stadt"
titel = "Stadt"
[daten]
bestand = "{table}"
[daten.quelle]
herausgeber = "Stadt"
titel = "Einwohner"
[prognose]
bis = 2026
szenarien = ["middle"]
[ausgabe]
ordner = "{folder}"
"""


def _town(path: Path, table: str = "bestand.csv", folder: str = "ergebnisse") -> Path:
    path.mkdir(exist_ok=True)
    (path / table).write_text(TABLE, encoding="utf-8")
    (path / "projekt.toml").write_text(PROJECT.format(table=table, folder=folder), encoding="utf-8")
    return path / "projekt.toml"


@pytest.mark.parametrize("table", ["bevoelkerung.csv", "befunde.csv"])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_run_never_replaces_what_it_reads(tmp_path: Path, table: str, force: tuple[str, ...]) -> None:
    document = _town(tmp_path / "amt", table, ".")
    before = document.read_bytes(), (document.parent / table).read_bytes()
    assert main(["run", str(document), *force]) == 1
    assert (document.read_bytes(), (document.parent / table).read_bytes()) == before


def test_a_look_back_never_replaces_what_it_reads(tmp_path: Path) -> None:
    document = _town(tmp_path / "amt", "rueckblick.csv")
    source = document.parent / "rueckblick.csv"
    (document.parent / "rueckblick.html").write_text("<!-- zwkprognose -->", encoding="utf-8")
    before = source.read_bytes()
    with pytest.raises(OutputError, match="wird gelesen und deshalb nicht überschrieben"):
        review_project(document, out=document.parent, force=True)
    assert source.read_bytes() == before


def test_a_link_to_a_source_is_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(OutputError, match="gelesen"):
        keep_sources([tmp_path / "a.csv"], [tmp_path / "b.csv"])


def test_findings_never_replace_the_table(tmp_path: Path) -> None:
    document = _town(tmp_path)
    for read in ("bestand.csv", "projekt.toml"):
        assert main(["check", str(document), "--out", str(tmp_path / read)]) == 1
    assert (tmp_path / "bestand.csv").read_text(encoding="utf-8") == TABLE


def test_results_and_project_move_together(tmp_path: Path) -> None:
    document = _town(tmp_path / "amt")
    assert main(["run", str(document)]) == 0
    shutil.move(tmp_path / "amt", tmp_path / "archiv")
    recorded = tmp_path / "archiv" / "ergebnisse" / "projekt.toml"
    assert str(tmp_path) not in recorded.read_text(encoding="utf-8")
    assert main(["run", str(recorded), "--out", str(tmp_path / "neu")]) == 0
    again = (tmp_path / "neu" / "bevoelkerung.csv").read_bytes()
    assert again == (tmp_path / "archiv" / "ergebnisse" / "bevoelkerung.csv").read_bytes()
    (tmp_path / "archiv" / "bestand.csv").write_text(TABLE.replace(";300", ";301"), encoding="utf-8")
    assert main(["run", str(recorded), "--out", str(tmp_path / "anders")]) == 1


def test_names_of_another_format_are_refused(tmp_path: Path) -> None:
    _town(tmp_path)
    inputs = build_inputs(read_table(tmp_path / "bestand.csv"))
    projection = project(inputs, estimate_rates(inputs), until=2025)
    for name in ("bericht.pdf", "bericht", "bericht.docx"):
        with pytest.raises(OutputError, match=r"\.html"):
            write_report(projection, tmp_path / name, inputs=inputs)
    with pytest.raises(OutputError, match=r"\.xlsx"):
        write_excel(projection, tmp_path / "mappe.xls", inputs=inputs)
    with pytest.raises(OutputError, match=r"\.nc"):
        write_netcdf(projection, tmp_path / "prognose.csv")


def test_signs_that_a_code_page_lacks_are_written_plainly() -> None:
    speak_plainly()
    assert "Rand: −5\u202f% ≥ Σ 𝄞".encode("cp1252", "zwkprognose.plain") == b"Rand: -5 % >= Summe ?"


@pytest.mark.parametrize("name", ["befunde.xlsx", "befunde", "befunde.pdf"])
def test_findings_are_written_under_the_name_of_a_csv(
    town: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "bestand.csv", "--out", name]) == 1
    assert "Geschrieben wird .csv" in capsys.readouterr().err
    assert not (town / name).exists()


def test_findings_replace_findings_and_nothing_else(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (town / "notizen.csv").write_text("Datum;Notiz\n", encoding="utf-8")
    assert main(["check", "bestand.csv", "--out", "notizen.csv"]) == 1
    assert "notizen.csv gibt es schon, und darin stehen keine Befunde" in capsys.readouterr().err
    assert (town / "notizen.csv").read_text(encoding="utf-8") == "Datum;Notiz\n"
    assert main(["check", "bestand.csv", "--out", "befunde.csv"]) == 0
    assert main(["check", "bestand.csv", "--out", "befunde.csv"]) == 0
    assert "Befunde: befunde.csv" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "hindcast", "check"])
def test_a_table_or_folder_in_the_place_of_a_project_is_explained(
    town: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if command != "check":  # which takes tables
        assert main([command, "bestand.csv"]) == 1
        assert "eine Tabelle, kein Dokument (.toml)" in (said := capsys.readouterr().err)
        assert "zwkprognose new" in said
    (town / "stadt").mkdir()
    (town / "stadt" / "projekt.toml").write_text("", encoding="utf-8")
    assert main([command, "stadt"]) == 1
    assert "stadt" in capsys.readouterr().err


def test_a_report_is_written_from_a_projection_only(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "PROJEKT.toml", "--out", "fertig"]) == 0
    capsys.readouterr()
    for name, told in {"": "ist ein Ordner, keine Datei", "/raten.nc": "keine gespeicherte Vorausberechnung"}.items():
        assert main(["report", f"fertig{name}", "--out", "neu.html"]) == 1
        said = capsys.readouterr().err
        assert told in said
        assert "prognose.nc" in said
