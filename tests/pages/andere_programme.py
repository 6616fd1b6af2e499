"""docs/andere-programme.md: the results of a run, for the lines that read them; more is in ``output``'s own tests."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd
from support.pages import Visit

from zwkprognose import Scenario, estimate_rates, load_example, project, write_netcdf


def around(visit: Visit) -> Iterator[None]:
    inputs = load_example("bremerhaven")
    scenarios = [Scenario.bundled(name) for name in ("lower", "middle")]
    projection = project(inputs, estimate_rates(inputs), scenarios, until=2030)
    visit.names["projection"] = projection
    write_netcdf(projection, visit.folder / "prognose.nc")
    yield
    assert pd.read_parquet(visit.folder / "bevoelkerung.parquet")["gebiet"].unique().tolist() == ["04012"]
    assert (visit.folder / "bevoelkerung-struktur.xml").is_file()
    assert "population" in json.loads(visit.said["prognose.nc"])["arrays"]
    assert (visit.folder / "geburten.nc").is_file()
