"""Calls, help and exit codes: 0 done, 1 errors in the input, 2 wrong call; never a traceback."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xarray as xr
from typer.main import get_command

from zwkprognose.cli import main
from zwkprognose.cli.app import app
from zwkprognose.cli.summary import parts_summary

COMMANDS = ("demo", "run", "check", "hindcast", "compare", "report", "new")
ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands|Show this|required|Error|Try|default)\b")


def test_the_program_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {command}" in text for command in COMMANDS)
    assert text.startswith("Aufruf: zwkprognose")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_page_is_german(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Aufruf: zwkprognose {command}")
    assert not ENGLISH.search(text)


def test_a_help_page_shows_what_a_call_may_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments stand behind the options, each with its line; options with a value name it, others stand alone."""
    main(["compare", "--help"])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "Aufruf: zwkprognose compare [OPTIONEN] VORJAHR BESTAND…"
    arguments, options = (lines.index(f"{title}:") for title in ("Angaben", "Optionen"))
    assert [line.split("  ")[1] for line in lines[arguments + 1 : options - 1]] == ["VORJAHR", "BESTAND"]
    assert [line.split("  ")[1] for line in lines[options + 1 :]] == [
        "--ereignisse DATEI", "--szenario NAME", "--jahr JAHR", "--out ORDNER", "--force", "--json", "--help",
    ]  # fmt: skip
    main(["--help"])
    assert capsys.readouterr().out.startswith("Aufruf: zwkprognose [OPTIONEN] BEFEHL …\n")


@pytest.mark.parametrize(("file", "said"), [("tabelle.csv", "(tabelle.csv)"), (None, "(ohne Datei)")])
def test_what_the_system_refuses_is_told_with_its_file(
    file: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", file)

    monkeypatch.setattr("zwkprognose.cli.checking.check_project", refuse)
    (tmp_path / "p.toml").write_text("", encoding="utf-8")
    assert main(["check", str(tmp_path / "p.toml")]) == 1
    assert capsys.readouterr().err.startswith("Fehler: Das System meldet „")
    main(["check", str(tmp_path / "p.toml")])
    assert capsys.readouterr().err.rstrip().endswith(f"“ {said}.")


def stored(**arrays: tuple[tuple[str, ...], object]) -> Any:
    """Results in parts of two areas, 2025 to 2030, under the scenario „Mitte“."""
    coords = {"year_end": [2025, 2030], "area": ["1", "2"], "age_band": ["alle"], "quantile": [0.1, 0.5, 0.9]}
    used = {"area", *(dim for dims, _ in arrays.values() for dim in dims)}
    results = xr.Dataset(arrays, {name: coords[name] for name in used})
    titled = SimpleNamespace(title="Mitte", name="middle")
    project = SimpleNamespace(title="", name="land")
    return SimpleNamespace(results=results, project=project, scenario=titled, folder="aus")


def test_parts_are_summed_up_at_the_end() -> None:
    said = parts_summary(stored(population=(("year_end", "area"), [[1.0, 2.0], [1000.4, 500.0]])))
    assert said.startswith("land, Mitte: 2 Gebiete\n\nAm 31.12.2030: 1.500 Personen\n\nErgebnisse in aus,")


def test_parts_of_draws_are_summed_up_with_eight_in_ten() -> None:
    limits = [[[1.0, 2.0, 3.0]], [[1400.0, 1490.0, 1600.0]]]
    drawn = stored(
        city_quantiles=(("year_end", "age_band", "quantile"), limits),
        city_mean=(("year_end", "age_band"), [[2.0], [1500.0]]),
    )
    assert "Am 31.12.2030: 1.500 Personen; in 80 von 100 Ziehungen zwischen 1.400 und 1.600\n" in parts_summary(drawn)


def test_what_holds_where_nothing_is_said_is_what_the_help_says() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    told = {
        (name, one.opts[0]): (int(found[1]), one.default)
        for name, command in commands.items()
        for one in command.params
        if (found := re.search(r"sonst (\d+)", one.help or ""))
    }
    assert told == {("demo", "--bis"): (2040, 2040), ("cluster", "--teil"): (200, 200)}


def test_an_interrupted_command_says_so_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zwkprognose.cli.checking.check_project", stop)
    (tmp_path / "p.toml").write_text("", encoding="utf-8")
    assert main(["check", str(tmp_path / "p.toml")]) == 1
    assert capsys.readouterr().err == "Abgebrochen; vorhandene Ergebnisse sind unverändert.\n"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ([], "Befehle:"),
        (["rnu"], "Den Befehl „rnu“ gibt es nicht. Gemeint ist vielleicht „run“."),
        (["xyz"], "Es gibt: demo, run, check, hindcast, compare, zwischenbilanz, report, lab, profile, cluster, new."),
        (["run"], "Es fehlt die Angabe PROJEKT.toml."),
        (["check"], "Es fehlt die Angabe DATEI."),
        (["run", "--fource", "x.toml"], "Die Option --fource gibt es nicht. Gemeint ist vielleicht --force"),
        (["demo", "--bis", "bald"], "Der Wert für --bis JAHR ist nicht möglich."),
        (["demo", "--bis"], "Die Option --bis braucht einen Wert."),
        (["demo", "heute"], "Zu viele Angaben: heute."),
        (["run", "fehlt.toml"], "Die Datei fehlt.toml gibt es nicht."),
        (["check", "fehlt.csv"], "Die Datei fehlt.csv gibt es nicht."),
        (["hindcast", "fehlt.toml"], "Die Datei fehlt.toml gibt es nicht."),
        (["hindcast", "--start", "früher", "x.toml"], "Der Wert für --start JAHR ist nicht möglich."),
        (["compare", "fehlt"], "Es fehlt die Angabe BESTAND."),
        (["compare", "fehlt", "fehlt.csv"], "Den Ordner fehlt gibt es nicht."),
        (["compare", ".", "fehlt.csv"], "Die Datei fehlt.csv gibt es nicht."),
        (["report"], "Es fehlt die Angabe PROGNOSE.nc."),
        (["report", "fehlt.nc"], "Die Datei fehlt.nc gibt es nicht."),
    ],
)
def test_wrong_calls_end_with_two(call: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""
    assert not ENGLISH.search(captured.err)


@pytest.mark.parametrize("module", ["zwkprognose", "zwkprognose.cli"])
def test_the_package_runs_as_a_module(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "check", "fehlt.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Die Datei fehlt.csv gibt es nicht." in done.stderr
