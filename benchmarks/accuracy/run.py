"""Accuracy of the library and of all references: writes docs/genauigkeit.md, startpunkte.md, wie-gut-ist-das.md anew.

    python benchmarks/accuracy/run.py [--json FILE] [--bremen FOLDER] [--zuerich FOLDER] [--docs FOLDER]

Berlin and Konstanz are beside this script; the files of Bremen and Zürich are not part of the repository and are
looked for in ../shared/data.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from band_coverage import age_coverage_table, coverage_table  # noqa: E402
from births import children, levels, returning  # noqa: E402
from cities import berlin, bremen, konstanz, with_sexes, zurich, zurich_official  # noqa: E402
from contests import TOTALS, Contest, contests  # noqa: E402
from council import council_page  # noqa: E402
from deviations import every_deviation  # noqa: E402
from every_launch import age_errors, errors_of_all, limits_of_all  # noqa: E402
from launches import launches_page  # noqa: E402
from page import page  # noqa: E402
from picture import picture  # noqa: E402
from sensitivity import sensitivity  # noqa: E402
from shocks import without_shocks  # noqa: E402
from trends import every_trend  # noqa: E402

from zwkprognose.evaluation import flow_errors, hindcast, over_launches, score  # noqa: E402
from zwkprognose.evaluation import measures as m  # noqa: E402
from zwkprognose.evaluation.official import compare_official  # noqa: E402
from zwkprognose.evaluation.page import skill_rows  # noqa: E402
from zwkprognose.examples import load_example  # noqa: E402

ROOT = HERE.parents[1]
COVERAGE_CASES = [(launch, 5) for launch in (2006, 2010, 2011, 2012, 2013, 2014, 2015)] + [(2006, 10), (2010, 10)]


@dataclass(frozen=True)
class Results:
    """Everything that the pages say."""

    contests: list[tuple[Contest, pd.DataFrame]]
    skills: list[list[str]]
    refugees: pd.DataFrame
    shelf: pd.DataFrame
    coverage: dict[str, pd.DataFrame]
    sensitivity: pd.DataFrame
    ages: pd.DataFrame
    flows: pd.DataFrame
    errors: pd.DataFrame
    limits: pd.DataFrame
    trends: pd.DataFrame
    deviations: pd.DataFrame
    shocks: pd.DataFrame
    children: pd.DataFrame
    births: pd.DataFrame
    official: pd.DataFrame | None
    age_errors: pd.DataFrame

    def mean(self, city: str, lead: int) -> pd.DataFrame:
        """Means over the launches of one contest."""
        return next(over_launches(scores) for c, scores in self.contests if (c.city, c.lead) == (city, lead))


def compute(bremen_folder: Path | None, zurich_folder: Path | None) -> Results:
    """Run all contests."""
    stocks = berlin()
    ortsteile = bremen(bremen_folder) if bremen_folder else None
    quartiere = zurich(zurich_folder) if zurich_folder else None
    found = contests(stocks, konstanz(), ortsteile)
    runs = [(c, c.run()) for c in found]
    all_cities = {"Berlin": stocks, "Bremen": ortsteile, "Konstanz": konstanz(), "Zürich": quartiere}
    cities = {name: city for name, city in all_cities.items() if city is not None}
    by_age = {"Berlin": with_sexes(stocks.to_dataset(name="population")), "Bremen": ortsteile}
    by_age |= {name.capitalize(): load_example(name) for name in ("bremerhaven", "konstanz")}
    ages = {name: city for name, city in by_age.items() if city is not None}
    official = None if quartiere is None else compare_official(zurich_official(zurich_folder), quartiere)
    return Results(
        [(c, score(r, largest=c.largest)) for c, r in runs],
        [[f"{c.city}, {c.lead} Jahre", *row] for c, r in runs for row in skill_rows(r, c.lead, 1000, c.largest)],
        refugee_years(stocks),
        shelf_lives(stocks),
        {told: coverage_table(stocks, COVERAGE_CASES, told=told == "true") for told in ("true", "none")},
        sensitivity(stocks),
        age_coverage_table(ages["Berlin"], (2010, 2011, 2015), 5),
        flow_errors(load_example("konstanz"), (2015, 2020), 5),
        errors_of_all(cities),
        limits_of_all(cities),
        every_trend(cities),
        every_deviation(cities),
        without_shocks({name: ages[name] for name in ("Berlin", "Konstanz")}),
        children(ages),
        returning(levels(ages)),
        official,
        age_errors([(c.city, c.lead, r) for c, r in runs if "forecast_ages" in r]),
    )


def refugee_years(stocks: xr.DataArray) -> pd.DataFrame:
    """MAPE after five years of launches whose horizon has 2015/16 in it, and of the others."""
    result = hindcast(stocks, range(2006, 2016), [5], TOTALS, eckwert=["true"])
    mape = score(result)["mape"].unstack("launch").droplevel(["eckwert", "lead"])
    return pd.DataFrame(
        {
            "alle Startpunkte": mape.mean(axis=1),
            "2006–2009 (ohne 2015/16)": mape[range(2006, 2010)].mean(axis=1),
            "2010–2015 (mit 2015/16)": mape[range(2010, 2016)].mean(axis=1),
        }
    )


def shelf_lives(stocks: xr.DataArray) -> pd.DataFrame:
    """Years for which four of five areas stay within ten percent, by method and launch."""
    out = {}
    for launch in (2006, 2008, 2010):
        leads = range(1, 2021 - launch)
        result = hindcast(stocks, [launch], leads, TOTALS, eckwert=["none"]).isel(launch=0, eckwert=0)
        part = result.isel(area=((result["start"] >= 1000) & (result["start"] <= 10000)).values)
        out[launch] = m.shelf_life(part["forecast"], part["observed"]).to_series()
    return pd.DataFrame(out).loc[list(TOTALS)]


def as_json(results: Results, seconds: float) -> str:
    """All figures for machines."""
    document = {
        "seconds": round(seconds, 1),
        "contests": [
            {
                "city": c.city, "lead": c.lead, "launches": list(c.launches),
                "by_launch": json.loads(scores.reset_index().to_json(orient="records")),
                "mean": json.loads(over_launches(scores).reset_index().to_json(orient="records")),
            }
            for c, scores in results.contests
        ],
        "skill": results.skills,
        "intervals": {k: json.loads(v.to_json(orient="records")) for k, v in results.coverage.items()},
        "shelf_life": json.loads(results.shelf.to_json(orient="index")),
        "age_bands": json.loads(results.ages.to_json(orient="index")),
        "components": json.loads(results.flows.reset_index().to_json(orient="records")),
        "sensitivity": json.loads(results.sensitivity.to_json(orient="index")),
        "every_launch": json.loads(results.errors.reset_index().to_json(orient="records")),
        "limits": json.loads(results.limits.reset_index().to_json(orient="records")),
        "deviations": json.loads(results.deviations.reset_index().to_json(orient="records")),
        "shocks": json.loads(results.shocks.reset_index().to_json(orient="records")),
        "trends": json.loads(results.trends.reset_index().to_json(orient="records")),
        "children": json.loads(results.children.reset_index().to_json(orient="records")),
        "births": json.loads(results.births.reset_index().to_json(orient="records")),
        "ages_of_the_city": json.loads(results.age_errors.reset_index().to_json(orient="records")),
        "refugee_years": json.loads(results.refugees.to_json(orient="index")),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def main() -> None:
    """Compute and write."""
    parser = argparse.ArgumentParser(description="Genauigkeit neu berechnen und die Seiten schreiben.")
    parser.add_argument("--json", type=Path, help="alle Zahlen zusätzlich in diese Datei")
    parser.add_argument("--bremen", type=Path, default=ROOT.parent / "shared" / "data" / "bremen")
    parser.add_argument("--zuerich", type=Path, default=ROOT.parent / "shared" / "data" / "zuerich")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="Ordner der Seiten")
    options = parser.parse_args()
    began = time.perf_counter()
    results = compute(*(folder if folder.is_dir() else None for folder in (options.bremen, options.zuerich)))
    seconds, used = time.perf_counter() - began, time.process_time()
    (options.docs / "genauigkeit.md").write_text(page(results), encoding="utf-8")
    (options.docs / "startpunkte.md").write_text(launches_page(results), encoding="utf-8")
    (options.docs / "wie-gut-ist-das.md").write_text(council_page(results), encoding="utf-8")
    (options.docs / "bilder").mkdir(exist_ok=True)
    picture(results, options.docs / "bilder" / "treffsicherheit.svg")
    if options.json:
        options.json.write_text(as_json(results, seconds), encoding="utf-8")
    print(f"Fertig in {seconds:.0f} Sekunden ({used:.0f} Sekunden Rechenzeit): {options.docs / 'genauigkeit.md'}")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
