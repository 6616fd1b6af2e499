"""A project in parts: the draws and the projection of the same project, by the command and by its function."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support.town import write_town

from zwkprognose.cli import main
from zwkprognose.engine import project_draws
from zwkprognose.errors import ScenarioError
from zwkprognose.output import open_netcdf
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.parts import run_project_parts
from zwkprognose.projects.run import read_inputs


@pytest.fixture
def small_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_town(tmp_path, lambda year, area, age: 30 + (year > 2015) * (age % 3), range(0, 90, 5), {"middle": None})
    return tmp_path


def test_the_projection_in_parts_is_that_of_the_run(small_town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "PROJEKT.toml"]) == 0
    run = open_netcdf(small_town / "ergebnisse" / "prognose.nc")
    assert main(["cluster", "PROJEKT.toml", "--teil", "1", "--out", "teile"]) == 0
    text = capsys.readouterr().out
    assert "Personen" in text
    assert "nur intern" in text
    stored = run_project_parts("PROJEKT.toml", areas=1, out="teile").results
    own = run.sel(scenario="middle") if "scenario" in run.dims else run
    for name in stored:
        assert np.array_equal(stored[name].values, own[name].values), name


def test_draws_of_a_project(small_town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "PROJEKT.toml", "--ziehungen", "20", "--json"]) == 0
    folder = small_town / json.loads(capsys.readouterr().out)["ordner"]
    assert (folder / "gesamt.nc").exists()
    stored = run_project_parts("PROJEKT.toml", draws=20).results
    project = load_project("PROJEKT.toml")
    inputs = read_inputs(project)
    (middle,) = (one for one in scenarios_of(project) if one.name == "middle")
    wanted = project_draws(inputs, rates_of(project, inputs), middle, until=project.horizon.until, draws=20)
    for name in wanted:
        assert np.array_equal(stored[name].values, wanted[name].values), name
    assert main(["cluster", "PROJEKT.toml", "--ziehungen", "20"]) == 0
    assert "in 80 von 100 Ziehungen zwischen" in capsys.readouterr().out


def test_what_the_command_refuses(small_town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cluster", "PROJEKT.toml", "--scheduler", "hier"]) == 1
    assert "Der Scheduler hier antwortet nicht" in capsys.readouterr().err
    assert main(["cluster", "fehlt.toml"]) == 2
    with pytest.raises(ScenarioError, match=r"„anders“ hat das Projekt nicht(.|\n)*middle"):
        run_project_parts("PROJEKT.toml", scenario="anders")


def test_who_stops_the_command_learns_how_to_go_on(
    small_town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zwkprognose.cluster import run

    def stop(task: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "carry_out", stop)
        assert main(["cluster", "PROJEKT.toml"]) == 1
    assert "derselbe Befehl macht weiter" in capsys.readouterr().err
    assert main(["cluster", "PROJEKT.toml"]) == 0
