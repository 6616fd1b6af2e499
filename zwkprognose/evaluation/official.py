"""Official forecasts as opponents: variants by area, held against what happened and against ours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.hindcast import hindcast
from zwkprognose.evaluation.measures.errors import absolute_percent_error

#: Columns of a variant table; ages and other columns are summed over.
COLUMNS = ("start", "variante", "jahr", "gebiet", "anzahl")


def variants_of(table: pd.DataFrame) -> xr.DataArray:
    """Published variants in long form as one array.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per figure with the columns ``start`` (31.12. from which the forecast starts), ``variante``,
        ``jahr``, ``gebiet`` (text key) and ``anzahl``; rows that differ in other columns, such as ages, are
        added up.

    Returns
    -------
    xr.DataArray [launch, scenario, lead, area], persons
        NaN where a variant has no figure.

    Raises
    ------
    EvaluationError
        If a column is missing, a figure is not a number, or a year does not lie after the start.
    """
    missing = [c for c in COLUMNS if c not in table.columns]
    if missing:
        raise EvaluationError(
            f"Der Variantentabelle fehlen Spalten: {', '.join(missing)}.",
            remedy=f"Spalten {', '.join(COLUMNS)} führen, eine Zeile je Zahl.",
        )
    wrong = table[~(pd.to_numeric(table["anzahl"], errors="coerce") >= 0) | (table["jahr"] <= table["start"])]
    if len(wrong):
        raise EvaluationError(
            "Die Variantentabelle enthält Zeilen ohne Zahl oder mit einem Jahr, das nicht nach dem Start liegt.",
            cells=[{c: row[c] for c in COLUMNS} for _, row in wrong.iterrows()],
            remedy="Die genannten Zeilen berichtigen.",
        )
    frame = table.assign(lead=table["jahr"] - table["start"], area=table["gebiet"].astype(str))
    keys = {"start": "launch", "variante": "scenario", "lead": "lead", "area": "area"}
    return frame.groupby(list(keys), sort=True)["anzahl"].sum().rename_axis(list(keys.values())).to_xarray()


def compare_official(
    official: xr.DataArray,
    inputs: xr.Dataset | xr.DataArray,
    *,
    methods: tuple[str, ...] = ("default", "average", "unchanged"),
) -> pd.DataFrame:
    """Say who was better where: every variant against our methods, from the same launch and for the same areas.

    Parameters
    ----------
    official : xr.DataArray [launch, scenario, lead, area], persons
        From :func:`variants_of`.
    inputs : xr.Dataset or xr.DataArray
        Stocks before the launch and of the years forecast.
    methods : tuple of str
        Opponents among the methods of :func:`zwkprognose.evaluation.hindcast`.

    Returns
    -------
    pandas.DataFrame
        By ``launch``, ``lead`` and ``scenario``: number of areas, ``mape`` of the variant; for every method its
        ``mape_…`` and the share of areas in percent in which the variant was closer (``closer_than_…``).
        ``scenario`` „alle“ has the share of areas between the lowest and the highest variant.

    Raises
    ------
    EvaluationError
        If no area or no year is in both.
    """
    rows = [row for launch in official["launch"].values.tolist() for row in _launch(official, inputs, launch, methods)]
    if not rows:
        raise EvaluationError(
            "Kein Jahr der amtlichen Prognose ist schon eingetreten und im Bestand enthalten.",
            cells=[{"launch": int(y)} for y in official["launch"].values],
            remedy="Bestände der vorausberechneten Jahre und des Starts einlesen.",
        )
    return pd.DataFrame(rows).set_index(["launch", "lead", "scenario"])


def _launch(
    official: xr.DataArray, inputs: xr.Dataset | xr.DataArray, launch: int, methods: tuple[str, ...]
) -> list[dict[str, object]]:
    population = inputs["population"] if isinstance(inputs, xr.Dataset) else inputs
    known = population["year_end"].values.tolist()
    part = official.sel(launch=launch).dropna("area", how="any")
    leads = [k for k in part["lead"].values.tolist() if launch + k in known]
    areas = [a for a in part["area"].values.tolist() if a in population["area"].values.tolist()]
    if launch not in known or not leads or not areas:
        return []
    ours = hindcast(inputs, [launch], leads, methods, eckwert=["none"]).isel(launch=0, eckwert=0).sel(area=areas)
    return [row for k in leads for row in _lead(part.sel(lead=k, area=areas), ours.sel(lead=k), launch, k)]


def _lead(variants: xr.DataArray, ours: xr.Dataset, launch: int, lead: int) -> list[dict[str, object]]:
    truth = ours["observed"]
    own = absolute_percent_error(ours["forecast"], truth)
    rows: list[dict[str, object]] = []
    for scenario in variants["scenario"].values.tolist():
        error = absolute_percent_error(variants.sel(scenario=scenario, drop=True), truth)
        row: dict[str, object] = {"launch": launch, "lead": lead, "scenario": scenario}
        row |= {"areas": truth.sizes["area"], "mape": float(error.mean())}
        for method in own["forecaster"].values.tolist():
            theirs = own.sel(forecaster=method)
            row |= {
                f"mape_{method}": float(theirs.mean()),
                f"closer_than_{method}": 100 * float((error < theirs).mean()),
            }
        rows.append(row)
    inside = (truth >= variants.min("scenario")) & (truth <= variants.max("scenario"))
    band = {"launch": launch, "lead": lead, "scenario": "alle", "areas": truth.sizes["area"]}
    return [*rows, band | {"between": 100 * float(np.mean(inside))}]
