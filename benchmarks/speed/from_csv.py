"""The whole way of a large project: tables of 11,000 areas as CSV, every step of a run, and its page in a browser.

    python benchmarks/speed/from_csv.py [--areas 11000] [--stocks 3] [--browser /usr/bin/chromium]

An invented state (both sexes, groups of five years, a thousand persons an area, some of them a handful, in 400 larger
areas) is written as a table in the own form and run as a project. Printed are processor time and the peak of memory
of every step (on Linux), sizes of the files and, where Playwright is installed, what the page weighs in a browser:
elements, seconds to the first picture and to the drawing of another area.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
from way import BASE, write_table

from zwkprognose.projects import run_project

DOCUMENT = """\
schema = 1
name = "land"
titel = "Erfundenes Land"
gesamt = "Land Irgendwo"
ebenen = ["Land", "Amt", "Gemeinde"]

[daten]
bestand = ["bestand.csv"]

[prognose]
bis = {until}
gesamtzahlen = "geschrumpft"
szenarien = ["middle"]

[ausgabe]
ordner = "ergebnisse"
bezirke = "aemter.csv"

[[bedarf]]
quote = "kita_u3"
"""


def write_tables(folder: Path, areas: int, stocks: int, until: int) -> None:
    """Stocks by five years of age and sex, and the larger area of every area."""
    years = range(BASE - stocks + 1, BASE + 1)
    keys = write_table(folder / "bestand.csv", areas, years, open_age=90, kind="Gemeinde")
    larger = [f"Amt {k % 400:03d}" for k in range(areas)]
    pd.DataFrame({"gebiet": keys, "bezirk": larger}).to_csv(folder / "aemter.csv", sep=";", index=False)
    (folder / "projekt.toml").write_text(DOCUMENT.format(until=until), encoding="utf-8")


def peak_since_last() -> float:
    """Most memory, in GB, since this was asked before."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    return int(found[1]) / 2**20 if found else float("nan")


def timed_run(folder: Path) -> None:
    """Run the project; processor time of every step, and the most memory in it."""
    last: list[tuple[str, float, float]] = []

    def tell(step: str, number: int = 0, count: int = 0) -> None:
        last.append((step, time.process_time(), peak_since_last()))

    run_project(folder / "projekt.toml", progress=tell)
    tell("")
    for (step, start, _), (_, end, peak) in pairwise(last):
        print(f"{step:40s} {end - start:8.1f} s {peak:8.2f} GB")
    print(f"{'Zusammen':40s} {time.process_time():8.1f} s {max(peak for *_, peak in last):8.2f} GB")
    for path in sorted((folder / "ergebnisse").iterdir()):
        print(f"{path.name:40s} {path.stat().st_size / 1e6:8.1f} MB")


def opened(page_file: Path, browser_path: str) -> None:
    """What the page weighs in a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(page_file.as_uri())
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
        loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"
        print(f"{'erstes Bild':40s} {page.evaluate(paint):8.2f} s")
        print(f"{'fertig geladen':40s} {page.evaluate(loaded):8.2f} s")
        print(f"{'Elemente':40s} {page.evaluate('document.getElementsByTagName(`*`).length'):8d}")
        browser.close()


def main() -> None:
    """Make the tables, run the project, look at its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=11_000)
    parser.add_argument("--stocks", type=int, default=3)
    parser.add_argument("--until", type=int, default=2030)
    parser.add_argument("--folder", type=Path, help="keep the project there")
    parser.add_argument("--browser", help="path of Chromium; without it the page is not opened")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_tables(folder, asked.areas, asked.stocks, asked.until)
        timed_run(folder)
        if asked.browser:
            opened(folder / "ergebnisse" / "bericht.html", asked.browser)


if __name__ == "__main__":
    main()
