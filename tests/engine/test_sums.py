"""The compiled sums agree with the readable reference, feature by feature and all together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import compute
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.layout import grid_of
from zwkprognose.engine.model import Model, allocate
from zwkprognose.engine.prepare import prepared
from zwkprognose.engine.sums import sums, supported
from zwkprognose.errors import EngineError
from zwkprognose.scenarios import Scenario

AREAS, GROUPS, SEXES, AGES = ["01", "02", "03"], ["german", "foreign"], ["female", "male"], np.arange(91)
FEATURES = {
    "plain": "",
    "dwellings": '[[erstbezug]]\nname = "Hafen"\ngebiet = "01"\nwohnungen = 40\nvon = 2022\nbis = 2023\n'
    "anteil_von_aussen = 0.5\n",
    "facility": '[[sondergruppe]]\nname = "Heim"\ngebiet = "02"\nplaetze = { 2021 = 30, 2022 = 50 }\nschliesst = 2024\n'
    'bleibeanteil = 0.6\nalter = { "65+" = 1.0 }\n',
    "total": "[[eckwert]]\npersonen = { 2022 = 45000, 2024 = 44000 }\n",
    "areas and ages": '[[eckwert]]\ngebiete = ["01"]\npersonen = { 2023 = 15500 }\n'
    '[[eckwert]]\nalter = "18-64"\npersonen = { 2023 = 24500, 2024 = 24000 }\n',
}


def inputs() -> xr.Dataset:
    coords = {"year_end": [2020], "area": AREAS, "nationality": GROUPS, "sex": SEXES, "age": AGES}
    stock = np.random.default_rng(5).gamma(2.0, 20.0, [len(v) for v in coords.values()])
    return xr.Dataset({"population": (tuple(coords), stock)}, coords)


def rates() -> xr.Dataset:
    rng = np.random.default_rng(6)
    cell = {"area": AREAS, "nationality": GROUPS, "sex": SEXES, "age": AGES}

    def draw(low: float, high: float) -> xr.DataArray:
        return xr.DataArray(rng.uniform(low, high, [len(v) for v in cell.values()]), cell)

    share, foreign = draw(0.5, 1.5), xr.DataArray([0.0, 1.0], {"nationality": GROUPS})
    fertile = xr.DataArray(((AGES >= 15) & (AGES < 45)).astype(float), {"age": AGES})
    children = xr.DataArray([[1.0, 0.0], [0.4, 0.6]], {"nationality": GROUPS, "nationality_child": GROUPS})
    return xr.Dataset(
        {
            "death_prob": draw(0.005, 0.02),
            "out_prob": draw(0.02, 0.1),
            "in_moves": draw(0.5, 3.0),
            "fertility_rate": draw(0.03, 0.07).isel(sex=0, drop=True) * fertile,
            "move_out_prob": draw(0.01, 0.05),
            "move_in_share": share / share.sum("area"),
            "naturalisation_prob": draw(0.005, 0.01) * foreign,
            "birth_group_share": children,
        }
    )


def model(features: str, given: xr.Dataset | None = None) -> Model:
    text = 'name = "a"\n[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -1\nverlauf = "jaehrlich"\n' + features
    grid = grid_of(inputs()["population"], 2025)
    return prepared(inputs(), rates() if given is None else given, Scenario.from_toml(text), grid, Plan())


def expected(one: Model, band: np.ndarray) -> np.ndarray:
    flows = {name: values[0] for name, values in allocate([one]).items()}
    compute.run(one, flows, "reference")
    by_age = flows["population"].sum(axis=(2, 3))
    return np.stack([by_age[..., band == k].sum(axis=-1) for k in range(band.max() + 1)], axis=-1)


BAND = np.searchsorted([0, 18, 65], AGES, side="right") - 1


@pytest.mark.parametrize("name", [*FEATURES, "everything"])
def test_sums_agree_with_the_reference(name: str) -> None:
    one = model("".join(FEATURES.values()) if name == "everything" else FEATURES[name])
    assert supported(one)
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


def test_many_models_in_any_company_give_the_same() -> None:
    models = [model(text) for text in FEATURES.values()]
    together = sums(models, BAND, threads=2)
    for k, one in enumerate(models):
        np.testing.assert_array_equal(together[k], sums([one], BAND, threads=1)[0])


def test_what_it_does_not_know_it_says() -> None:
    one = model("")
    late = replace(one, timing=replace(one.timing, late_mothers=False))
    assert not supported(late)
    newborn = model('[[eckwert]]\nalter = "0"\npersonen = { 2022 = 400 }\n')
    assert not supported(newborn)


def test_targets_out_of_reach_are_refused() -> None:
    nobody = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\n[[eckwert]]\npersonen = { 2022 = 60000 }\n'
    with pytest.raises(EngineError, match="nicht erreichbar"):
        sums([model(nobody)], BAND)
