"""Rogers–Castro schedules and fits: closed formulas, known parameters, real municipal moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zwkprognose.errors import RatesError
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.textbook.rogers_castro_fit import MODELS, fit_rogers_castro

AGE = np.arange(101)


@pytest.fixture
def parameters(shared: Path) -> dict[str, float]:
    """Thirteen parameters of the reference program, which calls the slope's exponent lambda4."""
    table = pd.read_csv(shared / "oracles/rogers_castro/in_pars_DemoTools.csv")
    return {name.replace("lambda4", "alpha4"): float(v) for name, v in zip(table["name"], table["value"], strict=True)}


@pytest.mark.shared
@pytest.mark.parametrize("size", [7, 13])
def test_schedule(shared: Path, parameters: dict[str, float], size: int) -> None:
    theirs = pd.read_csv(shared / f"oracles/rogers_castro/out_DemoTools_mig_calculate_rc_{size}par.csv")
    ours = rogers_castro(theirs["age"].to_numpy(), **{n: parameters[n] for n in MODELS[size]})
    np.testing.assert_allclose(ours, theirs["rate"], atol=1e-14)


@pytest.mark.shared
def test_standard_schedule(shared: Path) -> None:
    theirs = pd.read_csv(shared / "oracles/rogers_castro/out_migest_rc9_fundamental.csv")
    ours = rogers_castro(theirs["age"].to_numpy(), **STANDARD)
    np.testing.assert_allclose(ours, theirs["unscaled"], atol=1e-14)
    np.testing.assert_allclose(ours / ours.sum(), theirs["scaled"], atol=1e-14)


@pytest.mark.shared
@pytest.mark.parametrize("size", [7, 9, 11, 13])
def test_known_parameters_are_found_again(parameters: dict[str, float], size: int) -> None:
    truth = {name: parameters[name] for name in MODELS[size]}
    fit = fit_rogers_castro(AGE, rogers_castro(AGE, **truth), size=size)  # type: ignore[arg-type]
    assert fit.r_squared > 1 - 1e-9
    for name, value in truth.items():
        assert fit.parameters[name] == pytest.approx(value, rel=1e-5)


@pytest.mark.shared
@pytest.mark.parametrize(("size", "enough"), [(7, 0.96), (11, 0.975)])
def test_moves_of_the_regions_of_aargau(shared: Path, size: int, enough: float) -> None:
    moves = pd.read_csv(shared / "data/aargau/ag_migration_subregional.csv").query("nat == 'ch' and 0 < age < 90")
    by_age = moves.groupby(["spatial_unit", "age"])[["n_jan", "emi_n"]].sum()
    found = []
    for region in by_age.index.levels[0]:
        rows = by_age.loc[region]
        exposure = rows["n_jan"].to_numpy(dtype=float)
        fit = fit_rogers_castro(
            rows.index.to_numpy(),
            rows["emi_n"].to_numpy() / exposure,
            size=size,
            weights=exposure,  # type: ignore[arg-type]
        )
        found.append(fit.r_squared)
    assert min(found) > enough


def test_without_moves_there_is_no_schedule() -> None:
    with pytest.raises(RatesError, match="Rogers-Castro"):
        fit_rogers_castro(AGE, np.zeros(101))
    with pytest.raises(RatesError, match="Zu wenige Alter"):
        fit_rogers_castro(AGE[:7], np.ones(7), size=7)
