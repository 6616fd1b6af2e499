"""Statements change exactly the cells they speak of."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario, apply_scenario

YEARS = range(2021, 2031)


def scenario(body: str) -> Scenario:
    return Scenario.from_toml(f'name = "probe"\n{body}')


def test_a_step_changes_only_its_cells(rates: xr.Dataset) -> None:
    step = scenario(
        '[[annahme]]\ngroesse = "zuzuege"\nprozent = -50\nvon = 2023\nbis = 2024\ngebiete = ["Hafen"]\n'
        'staatsangehoerigkeit = "A"\ngeschlecht = "w"\nalter = "18-29"'
    )
    moves = apply_scenario(rates, step, YEARS)["in_moves"]
    hit = moves.sel(year=[2023, 2024], area="0101", nationality="foreign", sex="female", age=slice(18, 29))
    assert (hit == 5.0).all()
    assert float(moves.sum()) == pytest.approx(10 * rates["in_moves"].sum() - 2 * 12 * 5.0)
    assert moves.dims == ("year", "area", "nationality", "sex", "age")


def test_unchanged_variables_stay_without_year(rates: xr.Dataset) -> None:
    result = apply_scenario(rates, scenario('[[annahme]]\ngroesse = "geburten"\nfaktor = 1.1'), YEARS)
    assert result["fertility_rate"].dims == ("year", "area", "age")
    xr.testing.assert_identical(result["out_prob"], rates["out_prob"])


def test_a_glide_arrives_in_its_last_year_and_stays(rates: xr.Dataset) -> None:
    glide = scenario('[[annahme]]\ngroesse = "geburten"\nfaktor = 1.5\nvon = 2022\nbis = 2026\nverlauf = "gleitend"')
    factor = apply_scenario(rates, glide, YEARS)["fertility_rate"].sel(area="0101", age=30) / 0.04
    np.testing.assert_allclose(factor, [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.5, 1.5, 1.5, 1.5])


def test_a_yearly_change_compounds(rates: xr.Dataset) -> None:
    yearly = scenario('[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -1\nverlauf = "jaehrlich"\ndauer = 3')
    path = apply_scenario(rates, yearly, YEARS)["death_prob"].sel(sex="male", age=80)
    np.testing.assert_allclose(path[:5], 0.01 * np.array([0.99, 0.9801, 0.970299, 0.970299, 0.970299]))


def test_an_area_filter_gives_a_common_rate_its_own_areas(rates: xr.Dataset) -> None:
    local = scenario('[[annahme]]\ngroesse = "sterblichkeit"\nfaktor = 2\ngebiete = ["0102"]')
    result = apply_scenario(rates, local, YEARS)["death_prob"]
    assert result.dims == ("year", "area", "sex", "age")
    assert result.sel(area="0101").max() == 0.01
    assert result.sel(area="0102").min() == 0.02


def test_order_of_statements_does_not_matter(rates: xr.Dataset) -> None:
    one = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 2\n'
    two = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0.25\nalter = "65+"\n'
    xr.testing.assert_allclose(
        apply_scenario(rates, scenario(one + two), YEARS), apply_scenario(rates, scenario(two + one), YEARS)
    )


def test_a_continued_projection_stays_on_its_glide(rates: xr.Dataset) -> None:
    glide = scenario('[[annahme]]\ngroesse = "geburten"\nfaktor = 2\ndauer = 8\nverlauf = "gleitend"')
    whole = apply_scenario(rates, glide, YEARS)["fertility_rate"]
    later = apply_scenario(rates, glide, range(2025, 2031), anchor=2021)["fertility_rate"]
    xr.testing.assert_identical(later, whole.sel(year=slice(2025, None)))


def test_rates_that_change_over_time_are_multiplied_year_by_year(rates: xr.Dataset) -> None:
    rising = rates.assign(in_moves=rates["in_moves"] * xr.DataArray(np.arange(1.0, 21), [("year", range(2015, 2035))]))
    result = apply_scenario(rising, scenario('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0.5'), YEARS)
    np.testing.assert_allclose(result["in_moves"].isel(area=0, nationality=0, sex=0, age=0), 5 * np.arange(7, 17))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('groesse = "zuzuege"\nfaktor = 0\ngebiete = ["0101", "Haven"]', r"Zeile 5, annahme 1: gebiete 2.*„Haven“"),
        ('groesse = "zuzuege"\nfaktor = 0\nstaatsangehoerigkeit = "X"', "„X“ gibt es in dieser Vorausberechnung nicht"),
        ('groesse = "umzuege"\nfaktor = 0', "enthalten keine Größe „umzuege“"),
        ('groesse = "zuzuege"\nfaktor = 0\nvon = 2035', "gilt 2035 bis zum Ende, gerechnet wird aber 2021 bis 2030"),
        ('groesse = "zuzuege"\nfaktor = 0\nbis = 2020\nvon = 2010', "gilt 2010 bis 2020"),
        ('groesse = "zuzuege"\nfaktor = 0\nalter = "80-95"', "Ab 90 Jahren"),
    ],
)
def test_impossible_statements_are_refused(rates: xr.Dataset, body: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        apply_scenario(rates, scenario(f"[[annahme]]\n{body}"), YEARS)


def test_an_unknown_area_suggests_the_nearest(rates: xr.Dataset) -> None:
    body = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\ngebiete = ["Hafn"]'
    with pytest.raises(ScenarioError) as caught:
        apply_scenario(rates, scenario(body), YEARS)
    assert caught.value.remedy == "Gemeint ist vielleicht 0101 (Hafen)."
    assert caught.value.cells == ({"area": "Hafn"},)


def test_probabilities_above_one_are_named_and_never_clipped(rates: xr.Dataset) -> None:
    rates["out_prob"].loc[{"area": "0102", "sex": "male", "age": 25}] = 0.6
    with pytest.raises(ScenarioError, match="steigt in 20 Zellen über 1") as caught:
        apply_scenario(rates, scenario('[[annahme]]\ngroesse = "fortzuege"\nfaktor = 2'), YEARS)
    assert {(c["area"], c["sex"], c["age"]) for c in caught.value.cells} == {("0102", "male", 25)}


@pytest.mark.parametrize("name", ["lower", "middle", "upper", "natural", "unchanged", "no-foreign-in-moves"])
def test_every_bundled_scenario_applies(rates: xr.Dataset, name: str) -> None:
    result = apply_scenario(rates, Scenario.bundled(name), YEARS)
    assert result["in_moves"].sizes["age"] == rates.sizes["age"]


def test_bundled_variants_are_ordered(rates: xr.Dataset) -> None:
    lower, middle, upper = (apply_scenario(rates, Scenario.bundled(n), YEARS) for n in ("lower", "middle", "upper"))
    for name, sign in (("fertility_rate", 1), ("death_prob", -1), ("in_moves", 1)):
        last = [sign * float(r[name].isel(year=-1).sum()) if "year" in r[name].dims else
                sign * float(r[name].sum()) for r in (lower, middle, upper)]  # fmt: skip
        assert last == sorted(last)
        assert len(set(last)) == 3


def test_natural_has_no_migration(rates: xr.Dataset) -> None:
    result = apply_scenario(rates, Scenario.bundled("natural"), YEARS)
    assert float(result["in_moves"].max()) == 0
    assert float(result["out_prob"].max()) == 0
