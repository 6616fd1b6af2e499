"""Base and patch: what overrides what, undo, differences and grids."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario, apply_scenario
from zwkprognose.scenarios.family import cross, unfolded

BASE = Scenario.from_toml("""
name = "basis"
titel = "Grundlage"
[gebietstypen]
zentrum = ["0101"]
[[annahme]]
groesse = "zuzuege"
prozent = -10
[[annahme]]
groesse = "geburten"
ziel = 1.6
[[erstbezug]]
name = "Hafen"
gebiet = "0101"
wohnungen = 300
von = 2028
anteil_von_aussen = 0.5
""")
PATCH = Scenario.from_toml("""
name = "nachtrag"
[[annahme]]
groesse = "zuzuege"
prozent = 5
[[halten]]
prozent = 20
alter = "18-30"
[[streichung]]
art = "erstbezug"
angabe = { name = "Hafen", gebiet = "0101" }
""")


def test_a_patch_replaces_appends_and_removes() -> None:
    both = BASE | PATCH
    assert both.name == "basis"
    assert [(a.quantity, a.percent, a.goal) for a in both.assumptions] == [
        ("zuzuege", 5, None),
        ("geburten", None, 1.6),
    ]
    assert [r.percent for r in both.retention] == [20]
    assert both.housing == ()


def test_undo_gives_the_same_hash() -> None:
    both = BASE | PATCH
    assert both.digest != BASE.digest
    assert (both | BASE.undo(PATCH)).digest == BASE.digest


def test_undo_takes_back_statements_that_are_said_twice() -> None:
    twice = Scenario.from_toml('name = "x"\n' + 2 * '[[halten]]\nprozent = 5\nalter = "18-30"\n')
    for base in (BASE, BASE | PATCH):
        assert ((base | twice) | base.undo(twice)) == base


def test_the_order_of_patches_is_the_order_of_precedence() -> None:
    first = Scenario.from_toml('name = "a"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 2\n')
    second = Scenario.from_toml('name = "b"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 3\n')
    assert (BASE | first | second).assumptions[0].factor == 3
    assert (BASE | second | first).assumptions[0].factor == 2


def test_a_patch_with_nothing_changes_nothing() -> None:
    assert (BASE | Scenario(name="leer")) == BASE
    assert (BASE | BASE) == BASE


def test_conflicts_are_told_in_words() -> None:
    (said,) = BASE.conflicts(PATCH)
    assert "um 10 % niedriger" in said
    assert "um 5 % höher" in said


def test_differences_are_told_in_words() -> None:
    lines = BASE.diff(BASE | PATCH).splitlines()
    assert lines[0].startswith("Geändert: Die Zuzüge")
    assert any(line.startswith("Neu: Halten") for line in lines)
    assert any(line.startswith("Entfällt: Erstbezug Hafen") for line in lines)
    assert BASE.diff(BASE) == "Die Szenarien sagen dasselbe."


def test_a_removal_of_nothing_is_refused() -> None:
    gone = Scenario.from_toml('name = "x"\n[[streichung]]\nart = "ereignis"\nangabe = { name = "Flucht" }\n')
    with pytest.raises(ScenarioError, match="Eine solche Angabe steht nicht in „basis“"):
        BASE | gone


def test_types_of_areas_must_agree() -> None:
    other = Scenario.from_toml('name = "x"\n[gebietstypen]\nzentrum = ["0102"]\n')
    with pytest.raises(ScenarioError, match="Gebietstyp „zentrum“"):
        BASE | other


def test_composed_scenarios_are_written_and_read_back() -> None:
    both = BASE | PATCH
    assert Scenario.from_toml(both.to_toml()) == both


def test_equal_scenarios_have_equal_effects(rates: xr.Dataset) -> None:
    plain = Scenario.from_toml('name = "a"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0.9\n')
    patch = Scenario.from_toml('name = "b"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0.5\n')
    again = (plain | patch) | plain.undo(patch)
    years = range(2021, 2026)
    xr.testing.assert_identical(apply_scenario(rates, again, years), apply_scenario(rates, plain, years))


def moves_of(rates: xr.Dataset, members: list[Scenario]) -> xr.Dataset:
    """In-moves of 2021 under every member of a grid; where nothing changes they carry no year."""
    applied = [apply_scenario(rates, s, [2021])["in_moves"] for s in members]
    of_year = [moves.sel(year=2021, drop=True) if "year" in moves.dims else moves for moves in applied]
    return xr.Dataset({"moves": xr.concat(of_year, xr.Variable("scenario", [s.name for s in members]))})


def test_a_grid_holds_every_combination(rates: xr.Dataset) -> None:
    members = cross(births=[0.9, 1.1], in_moves=[0.5, 1.0, 1.5])
    assert len({s.name for s in members}) == 6
    run = moves_of(rates, members)
    grid = unfolded(run, births=[0.9, 1.1], in_moves=[0.5, 1.0, 1.5])
    assert set(grid.sizes) >= {"births", "in_moves"}
    np.testing.assert_allclose(grid["moves"].sel(in_moves=1.5), 15)
    with pytest.raises(ScenarioError, match="Die Achse „tfrr“ gibt es nicht"):
        cross(tfrr=[1.0])


def test_a_grid_goes_by_name_whatever_the_order(rates: xr.Dataset) -> None:
    members = cross(births=[0.9, 1.1], in_moves=[0.5, 1.0, 1.5])
    run = moves_of(rates, members)
    grid = unfolded(run, births=[0.9, 1.1], in_moves=[0.5, 1.0, 1.5])
    for order in (run.isel(scenario=[3, 0, 5, 1, 4, 2]), run):
        other = unfolded(order, in_moves=[1.5, 0.5, 1.0], births=[1.1, 0.9])
        same = other["moves"].sel(in_moves=[0.5, 1.0, 1.5], births=[0.9, 1.1]).transpose(*grid["moves"].dims)
        xr.testing.assert_equal(same, grid["moves"])
    with pytest.raises(ScenarioError, match="in_moves"):
        unfolded(run, births=[0.9, 1.1], in_moves=[0.5, 1.0])


def test_side_by_side_nothing_is_replaced() -> None:
    both = BASE.plus(PATCH)
    assert [a.percent for a in both.assumptions if a.quantity == "zuzuege"] == [-10, 5]
    assert both.housing == BASE.housing
