"""A small invented city, aged by plain rules, for looking at outputs without the engine."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import xarray as xr

OPEN_AGE = 95
#: Names that break careless outputs.
NAMES = ('Alt"stadt"', "<script>alert(1)</script>", "=SUMME(A1:A9)", "Süd-\nWest; Höfe", "Groß Müggel & Söhne")


@dataclass(frozen=True)
class Befunde:
    """Stands for the Findings of the tables room: all that outputs use is the frame."""

    frame: pd.DataFrame


def make_city(sizes: tuple[float, ...], *, scenarios: dict[str, float], until: int = 2027, seed: int = 1) -> xr.Dataset:
    """Projection from 31.12.2020 with exact balance; ``scenarios`` maps a name to its level of in-moves."""
    runs = [_run(np.asarray(sizes, dtype=float), level, until - 2020, seed) for level in scenarios.values()]
    cell = ("area", "nationality", "sex", "age")
    dims = {"population": ("year_end", *cell), "births": ("year", *cell[:3])}
    arrays = {
        name: (("scenario", *dims.get(name, ("year", *cell))), np.stack([run[name] for run in runs]))
        for name in runs[0]
    }
    titles = json.dumps({key: f"Variante {key}" for key in scenarios})
    coords = {
        "scenario": ("scenario", list(scenarios), {"titles": titles}),
        "year_end": np.arange(2020, until + 1),
        "year": np.arange(2021, until + 1),
        "area": [f"{k:04d}" for k in range(1, len(sizes) + 1)],
        "area_name": ("area", [NAMES[k % len(NAMES)] for k in range(len(sizes))]),
        "nationality": ["german", "foreign"],
        "sex": ["female", "male"],
        "age": np.arange(OPEN_AGE + 1),
    }
    provenance = {"version": "0", "sources": json.loads(SOURCES), "scenarios": []}
    return xr.Dataset(arrays, coords, {"provenance": json.dumps(provenance)})


SOURCES = json.dumps(
    [{"file": "stadt.csv", "publisher": "Amt für <b>Statistik</b>", "title": "Melderegister", "licence": "CC0"}]
)


def _run(sizes: np.ndarray, level: float, years: int, seed: int) -> dict[str, np.ndarray]:
    age = np.arange(OPEN_AGE + 1)
    death = np.minimum(5e-5 * np.exp(0.092 * age), 0.4)
    leave = 0.02 + 0.1 * np.exp(-(((age - 27) / 9) ** 2))
    arrive = np.exp(-(((age - 26) / 8) ** 2))
    stocks = [_start(sizes, seed)]
    flows: dict[str, list[np.ndarray]] = {name: [] for name in ("births", "deaths", "in_moves", "out_moves")}
    for _ in range(years):
        start = stocks[-1]
        aged = np.zeros_like(start)
        aged[..., 1:] = start[..., :-1]
        aged[..., -1] += start[..., -1]
        births = start[:, :, :1, 20:40].sum(-1) * 0.05 * np.array([100, 105]) / 205
        coming = level * 0.04 * start.sum(-1, keepdims=True) * arrive / arrive.sum()
        going = aged * leave
        dying = aged * death
        end = aged - dying - going + coming
        end[..., 0] += births
        stocks.append(end)
        for name, values in zip(flows, (births, dying, coming, going), strict=True):
            flows[name].append(values)
    return {"population": np.stack(stocks)} | {name: np.stack(values) for name, values in flows.items()}


def _start(sizes: np.ndarray, seed: int) -> np.ndarray:
    """Whole persons by area, nationality, sex and age, as a register counts them."""
    rng = np.random.default_rng(seed)
    profile = np.concatenate([np.full(60, 1.0), np.linspace(1, 0.02, OPEN_AGE - 59)])
    share = np.array([0.85, 0.15])[:, None, None] * np.array([0.5, 0.5])[:, None] * profile / profile.sum()
    return rng.poisson(sizes[:, None, None, None] * share).astype(float)


@pytest.fixture(scope="session")
def city() -> xr.Dataset:
    """Five areas, one of them with 150 persons, and three scenarios."""
    return make_city((12_000, 150, 5_000, 30_000, 2_400), scenarios={"lower": 0.7, "middle": 1.0, "upper": 1.3})


@pytest.fixture(scope="session")
def inputs(city: xr.Dataset) -> xr.Dataset:
    """What the projection started from, with one earlier count."""
    start = city["population"].isel(scenario=0, year_end=0, drop=True)
    earlier = (start * 0.97).expand_dims(year_end=[2015])
    population = xr.concat([earlier, start.expand_dims(year_end=[2020])], "year_end", join="exact")
    return xr.Dataset({"population": population}, attrs={"title": "Stadt Übungsheim", "sources": SOURCES})


@pytest.fixture(scope="session")
def geometry(city: xr.Dataset) -> dict[str, object]:
    """One square per area, in a row."""
    squares = [
        {
            "type": "Feature",
            "properties": {"area": str(key)},
            "geometry": {"type": "Polygon", "coordinates": [[[k, 50], [k + 1, 50], [k + 1, 51], [k, 51], [k, 50]]]},
        }
        for k, key in enumerate(city["area"].values)
    ]
    return {"type": "FeatureCollection", "features": squares}


@pytest.fixture(scope="session")
def findings() -> Befunde:
    """Two Befunde, one of them with a text that must not become markup or a formula."""
    rows = [
        {"severity": "info", "rule": "graduiert", "area": "", "year": None, "sex": "", "age": "", "value": np.nan,
         "message": "=2+2 <img src=x>", "remedy": ""},
        {"severity": "warning", "rule": "sprung", "area": "0001", "year": 2016, "sex": "", "age": "", "value": 12.5,
         "message": "Sprung um 12,5 %", "remedy": "Quelle prüfen"},
    ]  # fmt: skip
    return Befunde(pd.DataFrame(rows))
