"""What the commands do: results, findings, and refusals that write nothing."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from support.results import RESULTS
from support.town import Count, write_town

from zwkprognose.cli import main
from zwkprognose.german import number, percent, signed
from zwkprognose.output import open_netcdf


def test_run_writes_results_and_says_where(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "PROJEKT.toml"]) == 0
    text = capsys.readouterr().out
    assert {path.name for path in (town / "ergebnisse").iterdir()} == RESULTS
    # 18 groups of both sexes: 18 · (1600 + 400) − 2 · 3 · (0 + 5 + … + 85) + 2 · 20 persons each
    assert "Kleinstadt: 62.900 Personen am 31.12.2020\n\nAm 31.12.2025:\n" in text
    persons = open_netcdf(town / "ergebnisse" / "prognose.nc")["population"].sel(year_end=2025)
    end = round(float(persons.isel(scenario=0).sum()))
    assert re.search(rf"Mittlere Variante  +{number(end)}  \({re.escape(percent(100 * (end / 62900 - 1)))}\)", text)
    assert "Mittlere Variante" in text
    assert "Weniger Zuzug" in text
    assert "bericht.html" in text


@pytest.mark.parametrize(
    "count", [lambda year, area, age: 1 + (year > 2015) * (age % 3), lambda year, area, age: 100 + 80 * (year > 2015)]
)
def test_percentages_are_those_of_the_printed_numbers(
    count: Count, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a village a rounded person is some per cent, and a town may grow by a third."""
    monkeypatch.chdir(tmp_path)
    write_town(tmp_path, count, range(0, 90, 5), {"middle": None})
    assert main(["run", "PROJEKT.toml"]) == 0
    text = capsys.readouterr().out
    (start,) = (int(said.replace(".", "")) for said in re.findall(r": ([\d.]+) Personen am", text))
    found = re.findall(r"  ([\d.]+)  \((.*)\u202f%\)", text)
    assert len(found) == 1
    for said, share in found:
        end = int(said.replace(".", ""))
        assert share == signed(100 * (end - start) / start, 1)
        assert end != start
    assert start < 200 or abs(end / start - 1) > 0.1


def test_the_recorded_project_gives_the_same_population(town: Path) -> None:
    assert main(["run", "PROJEKT.toml", "--out", "eins"]) == 0
    assert main(["run", "eins/projekt.toml", "--out", "zwei"]) == 0
    one, two = (open_netcdf(town / name / "prognose.nc") for name in ("eins", "zwei"))
    assert one["population"].equals(two["population"])


def test_a_folder_with_results_needs_force(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "PROJEKT.toml"]) == 0
    before = (town / "ergebnisse" / "prognose.nc").read_bytes()
    assert main(["run", "PROJEKT.toml"]) == 1
    assert "liegen schon Ergebnisse" in capsys.readouterr().err
    assert (town / "ergebnisse" / "prognose.nc").read_bytes() == before
    assert main(["run", "PROJEKT.toml", "--force"]) == 0


def test_a_last_year_that_may_be_a_slip_is_asked_about(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = town / "PROJEKT.toml"
    document.write_text(re.sub(r"bis = \d+", "bis = 2300", document.read_text(encoding="utf-8")), encoding="utf-8")
    assert main(["check", "PROJEKT.toml"]) == 0
    assert re.search(r"P04 .*\n.*Gerechnet wird bis 2300, \d+ Jahre über den letzten Bestand", capsys.readouterr().out)


def test_check_reports_findings(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "bestand.csv", "--out", "befunde.csv"]) == 0
    assert capsys.readouterr().out.strip()
    assert (town / "befunde.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_check_tries_the_whole_project(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "PROJEKT.toml"]) == 0
    scenario = town / "s.toml"
    scenario.write_text(scenario.read_text().replace("Hafen", "Hafn"), encoding="utf-8")
    assert main(["check", "PROJEKT.toml"]) == 1
    assert "02 (Hafen)" in capsys.readouterr().err


OUTLINES = '{"features": [{"properties": {"area": "01"}}]}'


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('[[bedarf]]\nquote = "hort"\n', "„hort“ gibt es nicht"),
        ('[ausgabe]\nbezirke = "b.csv"\n', "b.csv"),
        ('[ausgabe]\nkarte = "karte.json"\n', "die Zeile „karte“ aus dem Projekt löschen"),
        ('[ausgabe]\nordner = "bestand.csv"\n', "bestand.csv ist eine Datei, kein Ordner"),
        ('meilensteine = "fehlt.toml"\n', "fehlt.toml gibt es nicht"),
        ('gesamtzahlen = "shrunk"\n', "gibt es nicht; möglich sind"),
        ('[[szenario]]\nname = "e"\n[[szenario.eckwert]]\npersonen = { 2099 = 1000 }\n', "2099"),
        ('[[szenario]]\nname = "e"\n[[szenario.eckwert]]\npersonen = { 2023 = -5 }\n', "eine Zahl unter null ist"),
    ],
)
def test_check_refuses_what_run_would_refuse(
    town: Path, more: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (town / "karte.json").write_text(OUTLINES, encoding="utf-8")
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    (town / "PROJEKT.toml").write_text(f"{document}\n{more}", encoding="utf-8")
    assert main(["check", "PROJEKT.toml"]) == 1
    assert named in capsys.readouterr().err
    assert main(["run", "PROJEKT.toml"]) == 1
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_last_year_that_is_not_after_the_stock_is_named_by_its_key(
    town: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    (town / "PROJEKT.toml").write_text(document.replace("bis = 2025", "bis = 2020"), encoding="utf-8")
    assert main([command, "PROJEKT.toml"]) == 1
    error = capsys.readouterr().err
    assert "prognose: bis: Die Prognose soll bis 2020 reichen" in error
    assert "Bei „bis“ ein Jahr ab 2021 angeben" in error


def test_a_path_of_windows_is_explained(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    (town / "PROJEKT.toml").write_text(document.replace("bestand.csv", "C:\\Daten\\bestand.csv"), encoding="utf-8")
    assert main(["check", "PROJEKT.toml"]) == 1
    assert "Pfade mit / schreiben" in capsys.readouterr().err


def test_a_new_project_runs_with_the_table_of_another_town(tmp_path: Path, town: Path) -> None:
    assert main(["new", str(tmp_path / "neu")]) == 0
    (tmp_path / "neu" / "bestand.csv").write_bytes((town / "bestand.csv").read_bytes())
    document = tmp_path / "neu" / "projekt.toml"
    text = document.read_text(encoding="utf-8").replace(', "szenario.toml"', "")
    document.write_text(text.replace("bis = 2040", "bis = 2024"), encoding="utf-8")
    assert main(["check", str(document)]) == 0
    assert main(["run", str(document)]) == 0


def test_new_writes_a_project_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "projekt")]) == 0
    assert "zwkprognose run" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "projekt" / "projekt.toml")]) == 0
    assert main(["new", str(tmp_path / "projekt")]) == 1


def spoiled(town: Path, old: str, new: str) -> None:
    path = town / "bestand.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


ROW = "2015;02;Hafen;w;40;44;280\n"

MISTAKES = {
    "unknown sign": (lambda t: spoiled(t, ROW, ROW.replace("280", "?")), "?"),
    "text in a number": (lambda t: spoiled(t, ROW, ROW.replace("280", "zweihundert")), "zweihundert"),
    "duplicate cell": (lambda t: spoiled(t, ROW, ROW + ROW), "02"),
    "missing age": (lambda t: spoiled(t, ROW, ""), "40"),
    "missing area": (
        lambda t: (t / "bestand.csv").write_text(
            "".join(
                line + "\n"
                for line in (t / "bestand.csv").read_text().splitlines()
                if not line.startswith("2020;02;")
            )
        ),
        "02",
    ),
    "wrong encoding": (
        lambda t: (t / "bestand.csv").write_bytes((t / "bestand.csv").read_bytes().replace(b"Hafen", b"K\x94ln")),
        "bestand.csv",
    ),
    "empty file": (lambda t: (t / "bestand.csv").write_text(""), "bestand.csv"),
    "directory": (lambda t: ((t / "bestand.csv").unlink(), (t / "bestand.csv").mkdir()), "bestand.csv"),
    "unknown area": (lambda t: (t / "s.toml").write_text(
        'name = "s"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\ngebiete = ["Hafn"]\n'), "02 (Hafen)"),
    "rate out of range": (lambda t: (t / "s.toml").write_text(
        'name = "s"\n[[annahme]]\ngroesse = "sterblichkeit"\nfaktor = 90\n'), "über 1"),
    "broken document": (lambda t: (t / "PROJEKT.toml").write_text("name = Kleinstadt\n"), "Zeile 1"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_bad_input_is_named_and_nothing_is_written(
    town: Path, mistake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make, named = MISTAKES[mistake]
    make(town)
    assert main(["run", "PROJEKT.toml"]) == 1
    captured = capsys.readouterr()
    assert named in captured.err
    assert "Was tun:" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert sorted(path.name for path in town.iterdir()) == ["PROJEKT.toml", "bestand.csv", "s.toml"]


def test_totals_that_differ_from_their_parts_stop_the_run(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoiled(town, "2015;01;Altstadt;m;0;4;", "2015;01;Altstadt;m;;;99999\n2015;01;Altstadt;m;0;4;")
    assert main(["run", "PROJEKT.toml"]) == 1
    assert "99" in capsys.readouterr().err
    assert not (town / "ergebnisse").exists()


def test_keys_that_lost_their_zero_are_named(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = town / "bestand.csv"
    path.write_text(path.read_text().replace("2020;01;", "2020;1;"), encoding="utf-8")
    assert main(["run", "PROJEKT.toml"]) == 1
    assert "Null" in capsys.readouterr().err


def test_a_file_without_read_permission_is_named(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Permissions do not bind the superuser, so the refusal is made by hand."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "bestand.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["run", "PROJEKT.toml"]) == 1
    error = capsys.readouterr().err
    assert "bestand.csv" in error
    assert "Permission" not in error


def test_a_full_disk_leaves_nothing_behind(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("zwkprognose.output.files.run_folder.write_csv", full)
    assert main(["run", "PROJEKT.toml"]) == 1
    assert "kein Platz" in capsys.readouterr().err
    assert sorted(path.name for path in town.iterdir()) == ["PROJEKT.toml", "bestand.csv", "s.toml"]


def test_a_mistake_of_the_program_is_not_blamed_on_the_data(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("geteilt durch null")

    monkeypatch.setattr("zwkprognose.projects.run.rates_of", broken)
    assert main(["run", "PROJEKT.toml"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Fehler im Programm, nicht in den Daten: ZeroDivisionError: geteilt durch null")
    assert "Traceback" not in error
    monkeypatch.setenv("ZWK_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["run", "PROJEKT.toml"])


def test_milestones_and_doubts_are_told(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (town / "plan.toml").write_text(
        '[[meilenstein]]\nname = "Kinder"\nalter = "0-5"\njahr = 2025\nziel = 10\n', encoding="utf-8"
    )
    project = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    (town / "PROJEKT.toml").write_text(f'{project}meilensteine = "plan.toml"\n', encoding="utf-8")
    (town / "s.toml").write_text('name = "s"\n[[annahme]]\ngroesse = "geburten"\nziel = 3.5\n', encoding="utf-8")
    assert main(["run", "PROJEKT.toml"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"Kinder: [\d.]+ Personen am 31\.12\.2025", text)
    assert "Ziel mindestens 10 Personen: erreicht, auf Dauer ab 2020." in text
    assert "Kinder" in (town / "ergebnisse" / "bericht.html").read_text(encoding="utf-8")
    assert "Kinder;" in (town / "ergebnisse" / "meilensteine.csv").read_text(encoding="utf-8-sig")
    assert "3,5 ist ungewöhnlich" in (town / "ergebnisse" / "befunde.csv").read_text(encoding="utf-8-sig")
    assert main(["run", "ergebnisse/projekt.toml", "--out", "noch-einmal"]) == 0
    assert main(["check", "PROJEKT.toml"]) == 0
    assert "3,5 ist ungewöhnlich" in capsys.readouterr().out


def test_report_writes_the_report_again(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "PROJEKT.toml"]) == 0
    before = (town / "ergebnisse" / "bericht.html").read_bytes()
    assert main(["report", "ergebnisse/prognose.nc"]) == 1
    assert "bericht.html gibt es schon" in capsys.readouterr().err
    assert main(["report", "ergebnisse/prognose.nc", "--out", "neu.html"]) == 0
    assert "Bericht: neu.html" in capsys.readouterr().out
    assert (town / "neu.html").read_bytes() == before
    assert main(["report", "ergebnisse/prognose.nc", "--force", "--intern", "--karte", "fehlt.geojson"]) == 1
    assert (town / "ergebnisse" / "bericht.html").read_bytes() == before


def test_hindcast_looks_back_or_says_what_is_missing(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hindcast", "PROJEKT.toml"]) == 1
    assert "erlauben keinen Rückblick" in capsys.readouterr().err
    document = 'name = "b"\n[daten]\nbeispiel = "berlin"\n[prognose]\nbis = 2030\n'
    (town / "berlin.toml").write_text(document, encoding="utf-8")
    call = ["hindcast", "berlin.toml", "--start", "2016", "--voraus", "4"]
    assert main(call) == 0
    assert "rueckblick.html" in capsys.readouterr().out
    assert {path.name for path in (town / "rueckblick").iterdir()} == {f"rueckblick.{k}" for k in ("html", "md", "csv")}
    assert main(call) == 1
    assert "schon Ergebnisse" in capsys.readouterr().err


def test_the_lab_is_public_unless_it_stays_inside(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", "PROJEKT.toml"]) == 0
    page = (town / "labor.html").read_bytes()
    assert "aus veröffentlichten Zahlen nachgebildet" in page.decode()
    assert "INTERN" not in page.decode()
    assert main(["lab", "PROJEKT.toml", "--intern"]) == 1
    assert "--force" in capsys.readouterr().err
    assert (town / "labor.html").read_bytes() == page
    assert main(["lab", "PROJEKT.toml", "--intern", "--force"]) == 0
    assert "INTERN" in (town / "labor.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("out", "told"), [("labor.pdf", ".html"), ("bestand.csv", "wird gelesen"), ("fehlt/x.html", "Ordner")]
)
def test_the_lab_goes_nowhere_else(town: Path, capsys: pytest.CaptureFixture[str], out: str, told: str) -> None:
    before = {path: path.read_bytes() for path in town.iterdir()}
    assert main(["lab", "PROJEKT.toml", "--intern", "--force", "--out", out]) == 1
    assert told in capsys.readouterr().err
    assert {path: path.read_bytes() for path in town.iterdir()} == before
