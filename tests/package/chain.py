"""From tables to projections with everything on the way; prints a checksum of the bits of every number."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import xarray as xr

from zwkprognose import Scenario, build_inputs, estimate_rates, project
from zwkprognose.examples import example_tables
from zwkprognose.rates import change_fertility, improve_mortality

GOALS = """
name = "ziele"
[[annahme]]
groesse = "sterblichkeit"
geschlecht = "w"
ziel = 85.0
verlauf = "gleitend"
bis = 2030
[[annahme]]
groesse = "geburten"
ziel = 1.5
[[annahme]]
groesse = "zuzuege"
prozent = 1.5
verlauf = "jaehrlich"
[[ereignis]]
name = "zuzug"
personen = 500
von = 2027
bis = 2027
profil = "standard"
"""


def main() -> None:
    """Berlin from stocks as in the demo, Konstanz from events, Bremerhaven by compiled code."""
    checksums: dict[str, str] = {}
    for city in ("berlin", "konstanz", "bremerhaven"):
        inputs = build_inputs(*example_tables(city))
        rates = estimate_rates(inputs, half_life=4.5, outliers="downweight")
        note(checksums, city, inputs=inputs, rates=rates)
        until = int(inputs["year_end"][-1]) + 10
        if city == "berlin":
            demo = [Scenario.bundled(name) for name in ("lower", "middle", "upper", "natural")]
            note(checksums, city, demo=project(inputs, rates, demo, until=until))
            note(checksums, city, totals=project(inputs, rates, until=until, totals="shrunk"))
        elif city == "konstanz":
            goals = project(inputs, rates, Scenario.from_toml(GOALS), until=until)
            note(checksums, city, goals=goals)
        else:
            years = range(until - 9, until + 1)
            changed = change_fertility(improve_mortality(rates, years), years, mean_age_shift=0.7)
            note(checksums, city, path=project(inputs, changed, until=until, method="kernel"))
    print(json.dumps(checksums))


def note(checksums: dict[str, str], city: str, **datasets: xr.Dataset) -> None:
    """Add the checksums of all numbers of some Datasets."""
    for step, dataset in datasets.items():
        for name, values in dataset.variables.items():
            if values.dtype.kind in "fiu":
                bits = np.ascontiguousarray(values.to_numpy()).tobytes()
                checksums[f"{city}, {step}: {name}"] = hashlib.sha256(bits).hexdigest()


if __name__ == "__main__":
    main()
