"""One table of all measures: by launch, and their mean over the launches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import measures as m
from zwkprognose.german import number_text, stated
from zwkprognose.inputs.handed import is_number, require_dataset

#: Measures of totals: column of the table → function of forecast and observed.
TOTALS = {
    "mape": m.mape, "medape": m.medape, "malpe": m.malpe, "ape90": m.ape90,
    "above_10": m.share_above, "misallocation": m.misallocation,
}  # fmt: skip
#: Age spans of the weighted errors: column → (first age, age after the last or None).
SPANS: Mapping[str, tuple[int, int | None]] = {
    "wape_0_4": (0, 5), "wape_5_19": (5, 20), "wape_20_64": (20, 65), "wape_65": (65, None), "wape_80": (80, None)
}  # fmt: skip
KEYS = ["eckwert", "method", "lead", "launch"]


def score(hindcast: xr.Dataset, *, smallest: float = 1000, largest: float = 10000) -> pd.DataFrame:
    """Hold a hindcast against what happened.

    Parameters
    ----------
    hindcast : xr.Dataset
        From :func:`zwkprognose.evaluation.hindcast`.
    smallest, largest : float, persons
        Areas with so many inhabitants at the launch count.

    Returns
    -------
    pandas.DataFrame
        One row per ``eckwert``, ``method``, ``lead`` and ``launch``: number of areas, the measures of totals
        in percent and, where ages are known, the median (``ase``) and mean (``ase_mean``) age-structure error
        and weighted errors of age spans. Methods that were not run are left out.

    Raises
    ------
    EvaluationError
        If no area has that size at a launch.

    Examples
    --------
    >>> from zwkprognose import hindcast, load_example
    >>> result = hindcast(load_example("berlin"), 2016, 4, ["unchanged", "linear"], eckwert="none")
    >>> table = score(result, largest=100_000)
    >>> table.index.get_level_values("method").tolist(), "mape" in table
    (['linear', 'unchanged'], True)
    """
    remedy = "Das Ergebnis von hindcast(…) übergeben."
    needed = ("launch", "lead", "forecast", "start")
    require_dataset(hindcast, *needed, what="ein Rückblick", remedy=remedy, error=EvaluationError)
    for name, value in (("smallest", smallest), ("largest", largest)):
        if not is_number(value) or not value >= 0:
            raise EvaluationError(
                f"Die Grenze der Größe ({name}) ist keine Zahl ab 0: {stated(value)}.",
                remedy="Eine Personenzahl angeben.",
            )
    if not hindcast["launch"].size or not hindcast["lead"].size or not hindcast["forecaster"].size:
        raise EvaluationError("Der Rückblick enthält keine Vorausberechnung.", remedy=remedy)
    rows = [row for launch in hindcast["launch"].values for row in _launch(hindcast, int(launch), smallest, largest)]
    table = pd.DataFrame(rows).sort_values(KEYS, kind="stable", ignore_index=True)
    return table.set_index(KEYS)


def over_launches(table: pd.DataFrame) -> pd.DataFrame:
    """Mean of the measures over the launches, each launch weighing the same."""
    return table.groupby(level=KEYS[:-1], sort=False).mean()


def in_size(hindcast: xr.Dataset, launch: int, smallest: float, largest: float) -> xr.Dataset:
    """The part of a hindcast from one launch for areas that had that size."""
    part = hindcast.sel(launch=launch)
    inside = ((part["start"] >= smallest) & (part["start"] <= largest)).values
    if not inside.any():
        raise EvaluationError(
            f"Am 31.12.{launch} hat kein Gebiet {number_text(smallest)} bis {number_text(largest)} Personen.",
            cells=[{"launch": launch}],
            remedy="Die Größenklasse weiter fassen.",
        )
    return part.isel(area=inside)


def _launch(hindcast: xr.Dataset, launch: int, smallest: float, largest: float) -> Iterator[dict[str, object]]:
    part = in_size(hindcast, launch, smallest, largest)
    values = {name: f(part["forecast"], part["observed"]) for name, f in TOTALS.items()}
    if "forecast_ages" in part:
        values |= _ages(part["forecast_ages"], part["observed_ages"])
    dims = ("eckwert", "forecaster", "lead")
    frame = xr.Dataset(values).to_dataframe(dim_order=list(dims))[list(values)].dropna(subset=["mape"])
    for key, row in frame.iterrows():
        assert isinstance(key, tuple)
        labels = dict(zip(KEYS, key, strict=False))
        yield labels | {"launch": launch, "areas": part.sizes["area"]} | {str(k): v for k, v in row.items()}


def _ages(forecast: xr.DataArray, observed: xr.DataArray) -> dict[str, xr.DataArray]:
    error = m.age_structure_error(forecast, observed)
    out = {"ase": error.median("area", skipna=False), "ase_mean": error.mean("area", skipna=False)}
    starts = observed["age_group"].values.tolist()
    for name, (first, end) in SPANS.items():
        inside = [g for g in starts if g >= first and (end is None or g < end)]
        if first in starts and (end is None or end in starts):
            out[name] = m.wape(forecast, observed, inside)
    return out
