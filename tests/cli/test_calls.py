"""Calls, help and exit codes: 0 done, 1 errors in the input, 2 wrong call; never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from zwkprognose.cli import main

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
