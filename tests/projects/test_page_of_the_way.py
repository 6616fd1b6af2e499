"""What docs/weg.md lists is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

from zwkprognose.cli.app import app
from zwkprognose.output.files.run_folder import RESULTS
from zwkprognose.projects import load_project
from zwkprognose.projects.document import RateOptions

PAGE = (Path(__file__).parents[2] / "docs" / "weg.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_services_of_the_page_are_a_project() -> None:
    (services,) = blocks("toml")
    project = load_project('name = "a"\n[daten]\nbeispiel = "berlin"\n[prognose]\nbis = 2040\n\n' + services)
    assert [service.quota for service in project.services] == ["kita_u3", None]


def test_commands_and_files_are_those_of_the_program() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(re.findall(r"`zwkprognose (\w+)", PAGE)) == commands
    table = PAGE.split("| Datei | wofür |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\S+)`", table, re.MULTILINE)) == set(RESULTS)


def test_every_option_of_the_rates_is_explained() -> None:
    keys = {str(info.alias) for info in RateOptions.model_fields.values()}
    table = PAGE.split("**Wie Raten geschätzt werden.**")[1].split("**Besondere Tabellen.**")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == keys
