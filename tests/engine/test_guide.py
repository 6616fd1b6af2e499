"""What the guide to scenarios shows of the engine runs as it stands, section by section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zwkprognose import Scenario, estimate_rates, load_example, project

PAGE = (Path(__file__).parents[2] / "docs" / "szenarien.md").read_text(encoding="utf-8")


def section(title):
    """The text under a heading."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)[1]


def blocks(text, language):
    """The examples of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_eckwerte_of_the_guide_hold():
    """Every example of a rule, on Bremerhaven: the path in equal steps, the bounds, the dwellings."""
    texts = blocks(section("Eckwerte: Wege, Grenzen, Wohnungen"), "toml")
    inputs = load_example("bremerhaven")
    rates = estimate_rates(inputs)
    path, bounds, homes = (
        project(inputs, rates, Scenario.from_toml(f'name = "x"\n{text}'), until=2030)["population"] for text in texts
    )
    total = path.sum(["area", "nationality", "sex", "age"])
    assert float(total.sel(year_end=2030)) == pytest.approx(118_000)
    steps = total.diff("year_end")
    assert float(abs(steps - steps[0]).max()) < 4e-11 * 118_000  # each end is met to 1e-11
    later = bounds.isel(year_end=slice(1, None))
    assert float(later.sum(["nationality", "sex", "age"]).min()) >= 500 * (1 - 1e-9)
    small = later.sel(age=slice(0, 5)).sum(["area", "nationality", "sex", "age"])
    assert float(small.sel(year_end=2028)) <= 7750 * (1 + 1e-9)
    living = homes.sel(area="04012").sum(["nationality", "sex", "age"])
    assert float(living.sel(year_end=2030)) == pytest.approx(9900 * 0.96 * 1.95)
