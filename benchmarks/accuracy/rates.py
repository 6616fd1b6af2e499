"""What estimated rates are worth, and a figure for every method: regenerates docs/raten.md.

    python benchmarks/accuracy/rates.py [--docs FOLDER] [--aargau FOLDER]

The files of Aargau are not part of the repository and are looked for in ../shared/data/aargau.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import levels  # noqa: E402
import rates_checks as checks  # noqa: E402
from cities import berlin  # noqa: E402
from rates_gallery import gallery  # noqa: E402

from zwkprognose.evaluation.tables import score_text  # noqa: E402
from zwkprognose.examples import load_example  # noqa: E402
from zwkprognose.german import decimal  # noqa: E402

ROOT = HERE.parents[1]
HEADINGS = {
    "pooled": "Wert der Stadt",
    "raw": "eigener Wert, roh",
    "empirical_bayes": "geschrumpft",
    "shrunk": "geschrumpft",
    "germany": "Deutschland",
    "error": "Fehler",
    "one_inside": "in der Spanne: eine Varianz",
    "all_inside": "alle Varianzen",
    "last_year": "letztes Jahr",
    "five_years": "fünf Jahre",
    "none": "ohne Wanderung",
    "estimated": "geschätzt",
    "cohorts": "aus den Kohorten",
    "published": "veröffentlicht",
    "births": "Geburten",
    "deaths": "Sterbefälle",
    "1000": "1.000",
    "5000": "5.000",
    "ch": "Schweiz",
    "int": "Ausland",
}


def main() -> None:
    """Compute everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    parser.add_argument("--aargau", type=Path, default=ROOT.parent / "shared/data/aargau")
    given = parser.parse_args()
    aargau = given.aargau if given.aargau.is_dir() else None
    (given.docs / "bilder").mkdir(parents=True, exist_ok=True)
    pictures = gallery(given.docs / "bilder", aargau)
    (given.docs / "raten.md").write_text(page(aargau, pictures), encoding="utf-8")


def page(aargau: Path | None, pictures: list[tuple[str, str, str]]) -> str:
    """The whole page as Markdown."""
    stock, konstanz = berlin(), load_example("konstanz")
    inputs = checks.as_inputs(stock)
    every = levels.table(levels.AREAS, levels.EVENTS, levels.VARIANCES)
    values = {
        "niveaus": table(levels.shown(), "Gebiete | Ereignisse je Gebiet", 2),
        "zahl": str(len(every)),
        "innen": str(int(every["all_inside"].between(75, 84).sum())),
        "darunter": str(int((every["all_inside"] < 75).sum())),
        "momente": str(int(every["one_inside"].between(75, 84).sum())),
        "kleinster": decimal(every["one_inside"].min() / 100, 2),
        "simulation": table(checks.simulation(), "Frauen je Gebiet", 2),
        "kohorten": table(checks.berlin_cohorts(inputs), "Start 31.12.", 1),
        "geburten": table(checks.berlin_births(inputs), "Start 31.12.", 2),
        "konstanz_niveau": table(checks.konstanz_levels(konstanz), "Ereignis | Start 31.12.", 1),
        "konstanz_kohorten": table(checks.konstanz_cohorts(konstanz), "Start 31.12.", 2),
        "konstanz_saldo": table(checks.konstanz_balance(konstanz), "Jahr", 0),
        "aargau": "Die Dateien des Kantons Aargau lagen beim Schreiben dieser Seite nicht vor.",
        "zeit": score_text(checks.timing(stock, 447), 2),
        "zeit_gross": score_text(checks.timing(stock, 11_000), 1),
        "bilder": "\n\n".join(f"### {t}\n\n![{t}: {s}](bilder/{f})\n\n{s}" for f, t, s in pictures),
    }
    if aargau is not None:
        fits = checks.aargau_schedules(aargau).rename(columns=lambda size: f"R² mit {size} Parametern")
        values["aargau"] = table(fits, "Staatsangehörigkeit | Region", 3)
    return (HERE / "vorlagen" / "raten.md").read_text(encoding="utf-8").format(**values)


def table(frame: pd.DataFrame, index: str, digits: int) -> str:
    """A frame as a German Markdown table; ``index`` names the columns of its index, parted by |."""
    columns = [HEADINGS.get(str(c), str(c)) for c in frame.columns]
    head = [*index.split(" | "), *columns]
    keys = [k if isinstance(k, tuple) else (k,) for k in frame.index]
    rows = [
        [*(HEADINGS.get(str(k), str(k)) for k in key), *(score_text(float(v), digits) for v in values)]
        for key, values in zip(keys, frame.to_numpy(), strict=True)
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
