"""How long a hand on a slider waits for the finished picture, in a real browser.

    python benchmarks/speed/lab.py [--areas 94] [--turns 60]

Opens the Demografielabor of the bundled Berlin example (or of that many parts of it) in Debian's Chromium and moves
the slider of the in-moves, each time to another value. Printed are the times from a change to the picture on the screen
as the page measures them, of a decomposition over six levers, of the first picture, the size of the file and the memory
of the page. Run on a quiet machine; the times of the processor hold on a busy one too.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from zwkprognose import Scenario, estimate_rates, load_example
from zwkprognose.examples import geometry
from zwkprognose.lab import lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
#: Turns until the page is translated, and how a slider is moved.
WARM = 15
MOVE = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }"


def parts(areas: int) -> xr.Dataset:
    """Berlin, or so many parts of it as there shall be areas."""
    inputs = load_example("berlin")
    if areas == inputs.sizes["area"]:
        return inputs
    place = np.arange(areas) % inputs.sizes["area"]
    keys = [f"{k:05d}" for k in range(areas)]
    split = inputs.isel(area=place).assign_coords(area=keys, area_name=("area", [f"Gebiet {k}" for k in keys]))
    return (split * (inputs.sizes["area"] / areas)).assign_attrs(inputs.attrs)


def processes(browser: Browser) -> list[Path]:
    """What the system knows of the processes that show pages."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [Path(f"/proc/{one['id']}") for one in found if one["type"] == "renderer"]


def processor_time(browser: Browser) -> float:
    """Seconds that the processes of pages have computed, all threads together."""
    spent = [(one / "stat").read_text().rsplit(") ", 1)[1].split() for one in processes(browser)]
    return sum(int(fields[11]) + int(fields[12]) for fields in spent) / os.sysconf("SC_CLK_TCK")


def memory(browser: Browser) -> float:
    """Bytes that the process of the page has for itself."""
    return max(int((one / "statm").read_text().split()[1]) - int((one / "statm").read_text().split()[2])
               for one in processes(browser)) * os.sysconf("SC_PAGE_SIZE")  # fmt: skip


def main() -> None:
    from support.browser import chromium, visited

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=94)
    parser.add_argument("--turns", type=int, default=60)
    asked = parser.parse_args()
    inputs = parts(asked.areas)
    rates = estimate_rates(inputs)
    outlines = geometry("berlin") if asked.areas == 94 else None
    middle = Scenario.bundled("middle")
    lab(inputs, rates, middle, until=2040, totals="shrunk", geometry=outlines, internal=True)  # compiles
    begun = time.process_time()
    page = lab(inputs, rates, middle, until=2040, totals="shrunk", geometry=outlines, internal=True)
    print(f"written in {time.process_time() - begun:.1f} s of processor time, {len(page.html) / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = page.write(Path(folder) / "labor.html")
        begun = time.perf_counter()
        with visited(browser, path) as visit:
            visit.page.wait_for_selector("html[data-ready]")
            print(f"first picture after {1000 * (time.perf_counter() - begun):.0f} ms (with the start of the page)")
            slider, took, busy = visit.page.get_by_label("Zuzüge", exact=True), [], 0.0
            for turn in range(asked.turns):
                if turn == WARM:
                    busy = processor_time(browser)
                slider.evaluate(MOVE, turn * 37 % 180 - 80)
                visit.page.wait_for_selector("html[data-took]")
                took.append(float(visit.page.evaluate("document.documentElement.dataset.took")))
            quantiles = np.quantile(took[WARM:], [0.5, 0.95])
            each = (processor_time(browser) - busy) / (asked.turns - WARM)
            print(f"slider to picture: median {quantiles[0]:.0f} ms, 95 % {quantiles[1]:.0f} ms ({asked.areas} areas), "
                  f"{1000 * each:.0f} ms of all processors in the process of the page")  # fmt: skip
            print(f"memory of the page: {memory(browser) / 1e6:.0f} MB")
            for kind in ("fortzuege", "geburten", "halten", "anziehen", "ereignis"):
                visit.page.select_option("#art", kind)
                visit.page.click("#dazu")
                visit.page.wait_for_selector("html[data-took]")
            begun = time.perf_counter()
            visit.page.click("#wirkung-los")
            visit.page.wait_for_selector("#wirkung tr.sum")
            print(f"decomposition over six levers: {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
