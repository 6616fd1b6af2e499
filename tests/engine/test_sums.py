"""The compiled sums agree with the readable reference, feature by feature and all together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from support.cities import City, rates_of, stock_of, with_moves

from zwkprognose.engine.case.base import Base
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.compiled.comparisons import sums
from zwkprognose.engine.grid import grid_of
from zwkprognose.engine.model import Model, allocate
from zwkprognose.engine.who_can import can
from zwkprognose.errors import EngineError
from zwkprognose.scenarios import Scenario

TOWN = City(areas=3, groups=2, open_age=90, seed=5)
BAND = np.searchsorted([0, 18, 65], np.arange(91), side="right") - 1
FEATURES = {
    "plain": "",
    "dwellings": '[[erstbezug]]\nname = "Hafen"\ngebiet = "01"\nwohnungen = 40\nvon = 2022\nbis = 2023\n'
    "anteil_von_aussen = 0.5\n",
    "facility": '[[sondergruppe]]\nname = "Heim"\ngebiet = "02"\nplaetze = { 2021 = 30, 2022 = 50 }\nschliesst = 2024\n'
    'bleibeanteil = 0.6\nalter = { "65+" = 1.0 }\n',
    "total": "[[eckwert]]\npersonen = { 2022 = 17000, 2024 = 12500 }\n",
    "newborn": '[[eckwert]]\nalter = "0"\npersonen = { 2022 = 400 }\n',
    "areas and ages": '[[eckwert]]\ngebiete = ["01"]\npersonen = { 2023 = 4600 }\n'
    '[[eckwert]]\nalter = "18-64"\npersonen = { 2023 = 7000, 2024 = 5500 }\n',
}


def inputs() -> xr.Dataset:
    return stock_of(TOWN, least=1.0)


def rates() -> xr.Dataset:
    return with_moves(rates_of(TOWN), TOWN, "pool")


def model(features: str, given: xr.Dataset | None = None) -> Model:
    text = 'name = "a"\n[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -1\nverlauf = "jaehrlich"\n' + features
    grid = grid_of(inputs()["population"], 2025)
    return Base(inputs(), rates() if given is None else given, grid).model(Scenario.from_toml(text))


def expected(one: Model, band: np.ndarray) -> np.ndarray:
    flows = {name: values[0] for name, values in allocate([one]).items()}
    compute.run(one, flows, "reference")
    by_age = flows["population"].sum(axis=(2, 3))
    return np.stack([by_age[..., band == k].sum(axis=-1) for k in range(band.max() + 1)], axis=-1)


@pytest.mark.parametrize("name", [*FEATURES, "everything"])
def test_sums_agree_with_the_reference(name: str) -> None:
    one = model("".join(FEATURES.values()) if name == "everything" else FEATURES[name])
    assert can("comparisons", one)
    np.testing.assert_allclose(sums([one], BAND)[0], expected(one, BAND), rtol=1e-9)


@pytest.mark.parametrize("without", ["move_out_prob", "naturalisation_prob", "birth_group_share"])
def test_movements_may_be_missing(without: str) -> None:
    names = [without, *(["move_in_share"] if without == "move_out_prob" else [])]
    one = model(FEATURES["facility"], rates().drop_vars(names))
    np.testing.assert_allclose(sums([one], BAND)[0], expected(one, BAND), rtol=1e-9)


def test_planned_out_moves_count() -> None:
    more = rates().assign(out_moves=xr.full_like(rates()["in_moves"], 0.3))
    one = model(FEATURES["total"], more)
    np.testing.assert_allclose(sums([one], BAND)[0], expected(one, BAND), rtol=1e-9)


def test_a_matrix_counts() -> None:
    one = model(FEATURES["dwellings"] + FEATURES["total"], with_moves(rates_of(TOWN), TOWN, "matrix"))
    assert can("comparisons", one)
    np.testing.assert_allclose(sums([one], BAND)[0], expected(one, BAND), rtol=1e-9)


def test_without_eckwerte_the_sums_are_those_of_the_projection_to_rounding_of_sums() -> None:
    """The year itself has the bits of the reference; only adding up its cells differs."""
    one = model(FEATURES["dwellings"] + FEATURES["facility"])
    np.testing.assert_allclose(sums([one], np.arange(91))[0], expected(one, np.arange(91)), rtol=1e-15, atol=0)


def test_many_models_in_any_company_give_the_same() -> None:
    models = [model(text) for text in FEATURES.values()]
    together = sums(models, BAND, threads=2)
    for k, one in enumerate(models):
        np.testing.assert_array_equal(together[k], sums([one], BAND, threads=1)[0])


def test_what_it_does_not_know_it_says() -> None:
    one = model("")
    late = replace(one, timing=replace(one.timing, late_mothers=False))
    assert not can("comparisons", late)
    assert not can("comparisons", replace(one, exists=np.ones((len(one.years), 3), dtype=bool)))


def test_targets_out_of_reach_are_refused() -> None:
    nobody = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\n[[eckwert]]\npersonen = { 2022 = 60000 }\n'
    with pytest.raises(EngineError, match="nicht erreichbar"):
        sums([model(nobody)], BAND)
