"""What the pictures draw is what the datasets hold; each says it in words too, and refuses what it cannot draw."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.text import Text
from PIL import Image

import zwkprognose as zwk
from zwkprognose.errors import OutputError
from zwkprognose.evaluation import Case
from zwkprognose.examples import geometry
from zwkprognose.german import number
from zwkprognose.output.figures.colours import colour, line_styles
from zwkprognose.plots.small_multiples import shortened
from zwkprognose.scenarios import Scenario

MIDDLE = "middle"


@pytest.fixture(scope="session")
def decomposition(berlin: xr.Dataset) -> xr.Dataset:
    rates = zwk.estimate_rates(berlin)
    return zwk.decompose(Case(berlin, rates), Case(berlin, rates, Scenario.bundled("obere")), until=2026)


@pytest.fixture(scope="session")
def coverage(berlin: xr.Dataset) -> dict[int, xr.Dataset]:
    return {2016: zwk.intervals(berlin.sel(year_end=berlin["year_end"] <= 2016), [2020])}


@pytest.fixture(scope="session")
def pictures(
    berlin: xr.Dataset, projection: xr.Dataset, limits: xr.Dataset, decomposition: xr.Dataset, coverage: Any
) -> dict[str, Callable[..., Axes]]:
    outlines = geometry("berlin")
    assert outlines is not None
    return {
        "pyramid": lambda **k: zwk.plot_pyramid(projection, "Mitte", **k),
        "trend": lambda **k: zwk.plot_trend(projection, inputs=berlin, limits=limits, **k),
        "components": lambda **k: zwk.plot_components(projection, "0102", **k),
        "map": lambda **k: zwk.plot_map(projection, outlines, **k),
        "small_multiples": lambda **k: zwk.plot_small_multiples(projection, inputs=berlin, limits=limits, **k),
        "decomposition": lambda **k: zwk.plot_decomposition(decomposition, **k),
        "coverage": lambda **k: zwk.plot_coverage(coverage, berlin, **k),
        "lexis": lambda **k: zwk.plot_lexis(projection, quantity="migration", birth_year=2000, **k),
    }


NAMES = [name.removeprefix("plot_") for name in zwk.__all__ if name.startswith("plot_")]
each = pytest.mark.parametrize("name", NAMES)


@each
def test_a_picture_says_in_words_what_it_shows(name: str, pictures: Any) -> None:
    axes = pictures[name]()
    assert isinstance(axes, Axes)
    assert len(axes.alt.splitlines()) >= 2
    assert all(line.endswith((".", ").")) for line in axes.alt.splitlines())
    shown = axes._repr_html_()
    assert shown.startswith('<img alt="')
    assert axes.alt.splitlines()[0].split(",")[0] in shown
    assert "data:image/png;base64," in shown


@each
def test_numbers_of_the_axes_are_german(name: str, pictures: Any) -> None:
    axes = pictures[name]()
    axes.figure.canvas.draw()
    texts = [text.get_text() for axis in axes.figure.axes for text in axis.get_xticklabels() + axis.get_yticklabels()]
    texts += [text.get_text() for text in axes.texts]
    texts = [re.sub(r"31\.12\.(\d{4})?", "", text) for text in texts]
    assert not [text for text in texts if re.search(r"\d\.\d{1,2}\b|\d,\d{3}|(?<!\w)-\d", text)]


@each
def test_the_words_travel_in_the_file(name: str, pictures: Any, tmp_path: Path) -> None:
    axes = pictures[name]()
    axes.figure.savefig(tmp_path / "bild.png")
    axes.figure.savefig(tmp_path / "bild.svg")
    with Image.open(tmp_path / "bild.png") as image:
        assert image.info["Description"] == axes.alt
    first = axes.alt.splitlines()[0].replace("&", "&amp;")
    assert first in (tmp_path / "bild.svg").read_text("utf-8")


@each
def test_a_picture_can_be_drawn_on_axes_of_ones_own(name: str, pictures: Any) -> None:
    own = Figure().add_subplot()
    assert pictures[name](ax=own) is own
    assert len(str(own.get_gid()).splitlines()) >= 2


@each
def test_a_picture_is_drawn_at_once(name: str, pictures: Any) -> None:
    """Processor time, the best of three: less than 0.3 s."""
    pictures[name]()
    spent = []
    for _ in range(3):
        start = time.process_time()
        pictures[name]()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.3


def test_the_pyramid_draws_the_persons_of_the_area(projection: xr.Dataset) -> None:
    axes = zwk.plot_pyramid(projection, "Mitte", year=2030, base=2020)
    bars = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    people = projection["population"].sel(scenario=MIDDLE, area="0101").sum("nationality")
    widths = np.diff(bars[0].get_data().edges)
    for bar, (sex, year, side) in zip(
        bars, [("male", 2030, -1), ("male", 2020, -1), ("female", 2030, 1), ("female", 2020, 1)], strict=True
    ):
        drawn = side * bar.get_data().values * widths
        np.testing.assert_allclose(drawn, people.sel(sex=sex, year_end=year).values)


def test_ages_of_a_pyramid_join_and_the_open_group_is_five_years_high(projection: xr.Dataset) -> None:
    """Nothing is cut off at the top, and both sides are as wide as each other, though the numbers are not."""
    axes = zwk.plot_pyramid(projection, "Mitte")
    ages = projection["age"].values.tolist()
    bars = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    assert bars
    for bar in bars:
        assert bar.get_data().edges.tolist() == [*ages, ages[-1] + 5]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    longest = max(abs(bar.get_data().values).max() for bar in bars)
    assert bottom == 0
    assert ages[-1] + 5 < top < ages[-1] + 15
    assert longest < right == -left < 1.1 * longest
    assert axes.get_yticks().tolist() == list(range(0, ages[-1] + 6, 10))


def test_small_pictures_say_of_how_many_areas_they_are_some(projection: xr.Dataset) -> None:
    some, few = (zwk.plot_small_multiples(projection, areas).alt for areas in (["0101", "0102", "0901"], ["0101"]))
    assert some.startswith("Bevölkerung 2020–2030 · 3 Gebiete von 94. ")
    assert few.startswith("Bevölkerung 2020–2030 · 1 Gebiet von 94. ")
    town = zwk.examples.musterstadt(years=1)
    assert zwk.plot_small_multiples(town.inputs).alt.startswith("Bevölkerung 2013–2014 · 20 Gebiete. ")


def test_small_pictures_stand_in_rows_and_each_below_its_name(projection: xr.Dataset) -> None:
    """Two beside each other, the third below the first; the line of an area lies in its own square."""
    keys = ["0101", "0102", "0901"]
    axes = zwk.plot_small_multiples(projection, keys, columns=2)
    names = dict(zip(projection["area"].values.tolist(), projection["area_name"].values.tolist(), strict=True))
    places = {text.get_text(): text.get_position() for text in axes.texts}
    _, _, own = (c for c in axes.collections if isinstance(c, LineCollection))
    for key, (column, row), path in zip(keys, ((0, 0), (1, 0), (0, 1)), own.get_segments(), strict=True):
        across, up = places[names[key]]
        assert across == column
        assert -row < up < 1 - row
        assert path[0, 0] == column
        assert column + 0.5 < path[-1, 0] < column + 1
        assert ((-row <= path[:, 1]) & (path[:, 1] < up)).all()


def test_a_line_is_named_where_it_ends(projection: xr.Dataset) -> None:
    """Far enough apart, each name stands at its own height; the outer ones a little further in, to be seen whole."""
    levels = {"Wenig": 0.5, "Mittel": 1.0, "Viel": 1.5}
    flat = projection.sel(scenario=MIDDLE)
    runs = {name: flat.assign(population=flat["population"] * level) for name, level in levels.items()}
    axes = zwk.plot_trend(runs)
    people = float(flat["population"].sel(year_end=2030).sum())
    low, high = axes.get_ylim()
    for name, level in levels.items():
        (told,) = (text for text in axes.texts if text.get_text().startswith(f"{name}\n"))
        assert told.get_text() == f"{name}\n{number(level * people)}"
        moved = told.get_position()[1] - (level * people - low) / (high - low)
        assert abs(moved) < (0.001 if name == "Mittel" else 0.05)


def test_a_name_a_key_and_several_areas_are_understood(projection: xr.Dataset) -> None:
    by_name, by_key = (zwk.plot_trend(projection, asked).alt for asked in ("mitte", "0101"))
    assert by_name == by_key
    names = dict(zip(projection["area"].values.tolist(), projection["area_name"].values.tolist(), strict=True))
    a, b, c = (names[key] for key in ("0101", "0102", "0103"))
    assert f"{a}, {b} und {c}" in zwk.plot_trend(projection, ["0101", "0102", "0103"]).alt.splitlines()[0]
    assert f"{a}, {b}, {c} und weitere" in zwk.plot_trend(projection, ["0101", "0102", "0103", "0104"]).alt
    both = projection["population"].sel(scenario=MIDDLE, area=["0101", "0102"], year_end=2030).sum()
    assert number(float(both)) in zwk.plot_trend(projection, ["Mitte", "0102"]).alt


def test_the_trend_draws_every_scenario_and_the_counts(projection: xr.Dataset, berlin: xr.Dataset) -> None:
    axes = zwk.plot_trend(projection, inputs=berlin)
    counted, *lines = axes.lines
    everybody = projection["population"].sum(["area", "nationality", "sex", "age"])
    ends = sorted(float(line.get_ydata()[-1]) for line in lines)
    np.testing.assert_allclose(ends, sorted(everybody.sel(year_end=2030).values))
    np.testing.assert_allclose(counted.get_ydata(), berlin["population"].sum(["area", "nationality", "sex", "age"]))
    upper = zwk.project(berlin, zwk.estimate_rates(berlin), Scenario.bundled("obere"), until=2030)
    lower = zwk.project(berlin, zwk.estimate_rates(berlin), Scenario.bundled("untere"), until=2030)
    assert zwk.plot_trend({"Mehr": upper, "Weniger": lower}).alt.splitlines()[1].startswith("Mehr: von ")


def test_the_grey_area_is_that_of_the_limits_and_says_of_how_many(projection: xr.Dataset, berlin: xr.Dataset) -> None:
    limits = zwk.intervals(berlin, [2025, 2030], levels=[0.5, 0.8])
    axes = zwk.plot_trend(projection, "0101", inputs=berlin, limits=limits)
    assert any("Graue Fläche: Spanne für 50 und 80 von 100 Fällen." in text.get_text() for text in axes.texts)
    wide, narrow = (area.get_paths()[0].vertices[:, 1] for area in axes.collections[:2])
    for level, drawn in ((0.8, wide), (0.5, narrow)):
        own = limits[["lower", "upper"]].sel(level=level, area="0101", year_end=2030)
        assert {round(float(value), 3) for value in own.to_dataarray()} <= {round(float(v), 3) for v in drawn}


def test_draws_make_a_band(berlin: xr.Dataset) -> None:
    drawn = zwk.project(berlin, zwk.estimate_rates(berlin), until=2022, draws=20, seed=1)
    for area, limits in ((None, drawn["drawn_city_quantiles"]), ("0101", drawn["drawn_quantiles"].sel(area="0101"))):
        axes = zwk.plot_trend(drawn, area)
        edges = axes.collections[0].get_paths()[0].vertices[:, 1]
        wanted = limits.isel(age_band=0).sel(quantile=[0.1, 0.9]).values
        assert {round(v, 6) for v in wanted.ravel()} <= {round(v, 6) for v in edges}


def test_areas_taken_out_of_a_city_do_not_get_its_ranges(berlin: xr.Dataset, limits: xr.Dataset) -> None:
    drawn = zwk.project(berlin, zwk.estimate_rates(berlin), until=2022, draws=20, seed=1)
    part = drawn.sel(area=["0101", "0102"])
    assert not zwk.plot_trend(part).collections
    with pytest.raises(OutputError, match="keine Grenzen"):
        zwk.plot_trend(part, limits=limits)
    with pytest.raises(OutputError, match="80 von 100"):
        zwk.plot_trend(drawn.sel(quantile=[0.5]))


def test_components_add_up_to_the_change(projection: xr.Dataset) -> None:
    axes = zwk.plot_components(projection, "0102")
    heights: dict[int, float] = {}
    for bar in axes.patches:
        year = round(bar.get_x() + bar.get_width() / 2)
        heights[year] = heights.get(year, 0) + bar.get_height()
    stock = projection["population"].sel(scenario=MIDDLE, area="0102").sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(list(heights.values()), np.diff(stock.values), atol=1e-9)


def test_components_of_areas_taken_out_of_a_city_add_up_too() -> None:
    town = zwk.examples.musterstadt(years=1)
    part = zwk.project(town.inputs, town.rates, until=2017).sel(area=["03", "04"])
    balance = zwk.plot_components(part).lines[0].get_ydata()
    np.testing.assert_allclose(balance, np.diff(part["population"].sum(["area", "nationality", "sex", "age"])))


def test_the_map_colours_every_area_by_its_change(projection: xr.Dataset) -> None:
    outlines = geometry("berlin")
    assert outlines is not None
    axes = zwk.plot_map(projection, outlines, year=2030, base=2020)
    (areas,) = [c for c in axes.collections if isinstance(c, PathCollection)]
    stock = projection["population"].sel(scenario=MIDDLE).sum(["nationality", "sex", "age"])
    change = stock.sel(year_end=2030) / stock.sel(year_end=2020) - 1
    warm = {colour(f"k{k}") for k in range(3)}
    shades = ["#" + "".join(f"{round(255 * part):02x}" for part in face[:3]) for face in areas.get_facecolors()]
    assert sum(shade in warm for shade in shades) == int((change.values < -0.0005).sum())
    assert len(shades) == stock.sizes["area"]


def test_the_map_draws_any_number_by_area(projection: xr.Dataset) -> None:
    outlines = geometry("berlin")
    assert outlines is not None
    old = zwk.indicators(projection)["old_age_ratio"].sel(scenario=MIDDLE, year_end=2030)
    alt = zwk.plot_map(old, outlines).alt
    oldest = str(old["area_name"].values[int(old.values.argmax())])
    assert f"Am höchsten: {oldest} " in alt
    with pytest.raises(OutputError, match=r"eine Zahl je Gebiet; übrig sind außerdem: Stichtag 31\.12\."):
        zwk.plot_map(zwk.indicators(projection)["old_age_ratio"].sel(scenario=MIDDLE), outlines)


def test_small_multiples_keep_one_scale(projection: xr.Dataset) -> None:
    axes = zwk.plot_small_multiples(projection, ["0101", "0102", "0901"], columns=2)
    hundred, _, own = (c for c in axes.collections if isinstance(c, LineCollection))
    stock = projection["population"].sel(scenario=MIDDLE).sum(["nationality", "sex", "age"])
    for path, flat, key in zip(own.get_segments(), hundred.get_segments(), ("0101", "0102", "0901"), strict=True):
        index = (stock.sel(area=key) / stock.sel(area=key, year_end=2020)).values
        rises = path[:, 1] - flat[0, 1]
        np.testing.assert_allclose(rises / rises[-1], (index - 1) / (index[-1] - 1), atol=1e-9)


def test_a_decomposition_calls_an_area_by_its_name(decomposition: xr.Dataset, berlin: xr.Dataset) -> None:
    names = dict(zip(berlin["area"].values.tolist(), berlin["area_name"].values.tolist(), strict=True))
    assert decomposition["area_name"].values.tolist() == [names[key] for key in decomposition["area"].values.tolist()]
    axes = zwk.plot_decomposition(decomposition, area="0102", year=2026)
    assert names["0102"] == "Moabit"
    assert "Moabit" in axes.alt
    assert "0102" not in axes.alt
    words = [text.get_text() for text in axes.get_figure(root=True).findobj(Text)]
    assert "Was den Unterschied ausmacht · Moabit" in words


def test_long_names_of_small_pictures_stay_apart() -> None:
    names = [
        "Industrie- und Gewerbegebiet Nord", "Industrie- und Gewerbegebiet Süd", "Industrie- und Gewerbegebiet Süd-Ost",
        "Verwaltungsgemeinschaft Bad Sankt Oberfeld", "Altstadt",
    ]  # fmt: skip
    short = shortened(names, 20)
    assert len(set(short)) == len(names)
    assert max(map(len, short)) <= 20
    assert short[-1] == "Altstadt"
    assert [name.endswith(end) for name, end in zip(short[:3], ("Nord", "Süd", "Ost"), strict=True)] == [True] * 3


@given(st.lists(st.text("ab c-", min_size=1, max_size=45), min_size=1, max_size=12, unique=True), st.integers(8, 30))
def test_shortened_names_are_told_apart_whatever_they_are(names: list[str], longest: int) -> None:
    short = shortened(names, longest)
    assert len(set(short)) == len(names)
    assert max(map(len, short)) <= longest
    assert all(one == name for one, name in zip(short, names, strict=True) if len(name) <= longest)


def test_the_steps_of_a_decomposition_end_at_the_second(decomposition: xr.Dataset) -> None:
    axes = zwk.plot_decomposition(decomposition, year=2026, titles=("A", "B"))
    steps = sum(bar.get_width() for bar in axes.patches)
    now = decomposition.sel(year_end=2026).sum(["area", "age_group"])
    assert steps == pytest.approx(float(now["other"] - now["one"]), abs=0.5)


def test_coverage_counts_areas_within_limits(berlin: xr.Dataset, coverage: Any) -> None:
    limits = coverage[2016].sel(level=0.8, year_end=2020)
    seen = berlin["population"].sel(year_end=2020).sum(["nationality", "sex", "age"])
    inside = 100 * np.mean((limits["lower"].values <= seen.values) & (seen.values <= limits["upper"].values))
    assert f"für 80 von 100: nach 4 Jahren {number(inside)} von 100." in zwk.plot_coverage(coverage, berlin).alt


def test_coverage_of_a_look_back(berlin: xr.Dataset) -> None:
    back = zwk.hindcast(berlin, 2016, 4, ["unchanged"], eckwert="none")
    near = (abs(back["forecast"] / back["observed"] - 1) <= 0.1).mean()
    assert f"unverändert: nach 4 Jahren {number(100 * float(near))} von 100." in zwk.plot_coverage(back).alt


def test_a_tenth_more_or_less_is_still_near() -> None:
    """Of eight areas four lie within a tenth of 1,000; areas below the smallest and empty ones do not count."""
    ends = [900.0, 899.0, 1000.0, 1100.0, 1101.0, 1099.0, 800.0, 1200.0, 1000.0, 5.0]
    dims, coords = ("launch", "lead", "forecaster", "eckwert", "area"), {"launch": [2016], "lead": [4]}
    coords |= {"forecaster": ["unchanged"], "eckwert": ["none"], "area": [f"{k:02}" for k in range(10)]}
    observed = np.array([1000.0] * 9 + [0.0])
    start = np.array([1000.0] * 8 + [999.0] + [1000.0])
    back = xr.Dataset({"forecast": (dims, np.reshape(ends, (1, 1, 1, 1, 10)))}, coords)
    back = back.assign(
        observed=(("launch", "lead", "area"), observed[None, None]), start=(("launch", "area"), start[None])
    )
    assert "unverändert: nach 4 Jahren 50 von 100." in zwk.plot_coverage(back, smallest=1000).alt


def test_names_of_lines_that_end_close_to_each_other_stay_apart() -> None:
    """Of a hundred areas 76, 78 and 96 lie near after five years: the first two are moved apart, each as far."""
    near = {"unchanged": 76, "cohorts": 78, "trend": 96}
    ends = np.array([[1000.0] * n + [2000.0] * (100 - n) for n in near.values()])
    dims, coords = ("launch", "lead", "forecaster", "eckwert", "area"), {"launch": [2016], "lead": [1, 5]}
    coords |= {"forecaster": list(near), "eckwert": ["none"], "area": [f"{k:02}" for k in range(100)]}
    forecast = np.stack([ends, ends])[None, :, :, None]
    counted = xr.DataArray(1000.0, {name: coords[name] for name in ("launch", "lead", "area")}, dims[:2] + dims[-1:])
    back = xr.Dataset({"forecast": (dims, forecast), "observed": counted, "start": counted.isel(lead=0)}, coords)
    axes = zwk.plot_coverage(back)
    assert axes.get_ylim() == (60, 102)
    told = {text.get_text().rpartition(": ")[2]: text.get_position()[1] for text in axes.texts}
    heights = [told[str(n)] for n in near.values()]
    assert heights[1] - heights[0] == pytest.approx(0.075, abs=0.001)
    assert (heights[0] + heights[1]) / 2 == pytest.approx((77 - 60) / 42, abs=0.001)
    assert heights[2] == pytest.approx((96 - 60) / 42, abs=0.001)


def test_an_account_is_drawn_as_the_way_of_its_cohort() -> None:
    """Born in 2016, followed from the end of that year: between two 31.12. the cohort is of two ages."""
    town = zwk.examples.musterstadt(years=3)
    projection = zwk.project(town.inputs, town.rates, until=town.inputs["year_end"].values[-1] + 3)
    base = int(projection["year_end"][0])
    account = zwk.trace(projection, "01", base - 4)
    axes = zwk.plot_lexis(account)
    (band,) = axes.collections
    corners = [path.vertices[:4].tolist() for path in band.get_paths()]
    assert corners == [
        [[year - 1, age - 1], [year - 1, age], [year, age + 1], [year, age]]
        for year, age in ((base + 1, 5), (base + 2, 6), (base + 3, 7))
    ]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert left < base
    assert right > base + 3
    assert low < 4
    assert high > 8


def test_without_sexes_or_ages_there_is_no_pyramid(berlin: xr.Dataset) -> None:
    for lost in ("sex", "age"):
        with pytest.raises(OutputError, match="müssen Geschlecht und Alter bekannt sein"):
            zwk.plot_pyramid(berlin.sum(lost))
    with pytest.raises(OutputError, match="müssen Geschlecht und Alter bekannt sein"):
        zwk.plot_pyramid(berlin.sel(sex=["female"]))


def test_a_look_back_without_large_areas_is_refused(berlin: xr.Dataset) -> None:
    back = zwk.hindcast(berlin, 2016, 4, ["unchanged"], eckwert="none")
    with pytest.raises(OutputError, match=r"Kein Gebiet ist so groß wie verlangt \(1\.000\.000\.000 Personen\)"):
        zwk.plot_coverage(back, smallest=1e9)


def test_a_lexis_diagram_holds_every_event(projection: xr.Dataset) -> None:
    axes = zwk.plot_lexis(projection, quantity="deaths")
    cells = axes.collections[0]
    deaths = projection["deaths"].sel(scenario=MIDDLE).isel(age=slice(0, -1)).sum()
    assert float(cells.get_array().sum()) == pytest.approx(float(deaths))
    corners = cells.get_paths()[5].vertices[:4]  # the cohort that becomes five in the first year
    assert corners.tolist() == [[2020, 4], [2020, 5], [2021, 6], [2021, 5]]


def test_a_family_of_many_names_the_outer_ones(berlin: xr.Dataset) -> None:
    family = zwk.scenarios.cross(tfr=[1.2, 1.4, 1.6], in_moves=[0.8, 1.0, 1.2])
    few = berlin.sel(area=["0101", "0102"])
    axes = zwk.plot_trend(zwk.project(few, zwk.estimate_rates(few), family, until=2024))
    assert len(axes.lines) == 9
    assert len(axes.texts) == 3  # the first, which is the lowest too, and the highest; and how to read the picture


def test_the_colours_are_those_of_the_report() -> None:
    sheet = (Path(zwk.__file__).parent / "output" / "templates" / "report.css").read_text("utf-8")
    assert f"--blue: {colour('blue')}" in sheet
    assert f".c0 {{ fill: {colour('c0')}" in sheet
    assert line_styles()[0] == (colour("blue"), ())
    assert line_styles()[1] == (colour("red"), (7, 4))


def test_pictures_leave_no_figure_of_pyplot_open(projection: xr.Dataset) -> None:
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    zwk.plot_pyramid(projection).figure.savefig(io.BytesIO(), format="png")
    assert plt.get_fignums() == before


def _calls(
    projection: xr.Dataset, berlin: xr.Dataset, limits: xr.Dataset
) -> dict[str, tuple[Callable[[], object], str]]:
    published = zwk.publish(projection)
    outlines: Any = geometry("berlin")
    return {
        "area": (lambda: zwk.plot_pyramid(projection, "Moabitt"), "„Moabit“ .0102."),
        "number": (lambda: zwk.plot_pyramid(projection, 101), "die Zahl 101"),  # type: ignore[arg-type]
        "year": (lambda: zwk.plot_pyramid(projection, year=2400), r"31\.12\.2400 .*\n.*2020 bis 2030"),
        "text": (lambda: zwk.plot_pyramid(projection, year="2030"), "ganze Zahl"),  # type: ignore[arg-type]
        "scenario": (lambda: zwk.plot_components(projection, scenario="schnell"), "„schnell“"),
        "stock": (lambda: zwk.plot_components(berlin), "Vorausberechnung nötig"),
        "published": (lambda: zwk.plot_trend(published), "ungerundeten"),
        "path": (lambda: zwk.plot_trend("prognose.nc"), "prognose.nc"),  # type: ignore[arg-type]
        "inputs": (lambda: zwk.plot_trend(projection, inputs=limits), "gezählter Bestände"),
        "limits": (lambda: zwk.plot_trend(projection, limits=berlin), "eine Spanne"),
        "sums": (lambda: zwk.plot_trend(projection, ["0101", "0102"], limits=limits), "keine Grenzen"),
        "quantity": (lambda: zwk.plot_lexis(projection, quantity="geburten"), "Möglich sind"),
        "cohort": (lambda: zwk.plot_lexis(projection, birth_year=1900), "Jahrgang 1900"),
        "outlines": (lambda: zwk.plot_map(projection, {}), "features"),
        "map": (lambda: zwk.plot_map([1, 2], outlines), "nötig"),  # type: ignore[arg-type]
        "columns": (lambda: zwk.plot_small_multiples(projection, columns=0), "mindestens ein Bild"),
        "none": (lambda: zwk.plot_small_multiples(projection, []), "kein Gebiet"),
        "titles": (lambda: zwk.plot_decomposition(projection), "Zerlegung"),
        "counts": (lambda: zwk.plot_coverage({2020: limits}), "Ohne gezählte"),
        "future": (lambda: zwk.plot_coverage({2020: limits}, berlin), "keine gezählten Bestände"),
        "small": (lambda: zwk.plot_coverage({2020: limits.assign_coords(year_end=[2019, 2020])}, berlin, smallest=1e9),
                  "Kein Gebiet ist so groß"),
        "bare": (lambda: zwk.plot_coverage(limits, berlin), "je Startpunkt"),
        "mixed": (lambda: zwk.plot_coverage({2020: limits, "2021": limits}, berlin), "je Startpunkt"),
    }  # fmt: skip


def test_what_cannot_be_drawn_is_told(projection: xr.Dataset, berlin: xr.Dataset, limits: xr.Dataset) -> None:
    for name, (call, told) in _calls(projection, berlin, limits).items():
        with pytest.raises(OutputError) as caught:
            call()
        assert re.search(told, str(caught.value)), f"{name}: {caught.value}"
        assert caught.value.remedy, name


def test_one_small_picture_leaves_room_for_its_title_and_source() -> None:
    inputs = zwk.load_example("bremerhaven")
    figure = zwk.plot_small_multiples(inputs).get_figure(root=True)
    assert figure is not None
    assert figure.get_figwidth() > 6
