"""Earlier years and findings give no small number away."""

from __future__ import annotations

import re

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zwkprognose.output.content.material import _past
from zwkprognose.output.publication.findings import published_findings
from zwkprognose.output.publication.protection import hidden_totals
from zwkprognose.tables import Findings, check
from zwkprognose.tables.frame import cells_frame
from zwkprognose.tables.table import Source, Table

COUNTS = arrays(np.float64, st.integers(1, 8), elements=st.integers(0, 60).map(float))


@given(COUNTS, st.sampled_from([3, 5, 10]))
def test_what_the_city_and_the_shown_areas_leave_is_never_small(persons: np.ndarray, min_cell: int) -> None:
    hidden = hidden_totals(persons, min_cell)
    assert hidden[(persons > 0) & (persons < min_cell)].all()
    rest = persons[hidden].sum()
    several = (persons[hidden] > 0).sum() > 1
    everybody = hidden[persons > 0].all()
    assert not hidden.any() or (rest >= min_cell and several) or everybody


def test_an_area_is_left_out_in_the_years_in_which_it_was_small() -> None:
    """In 2018 three persons lived in b: it is hidden, and c with it, for city and a are shown. In 2019 none is."""
    persons = [[[[97.0, 3.0]], [[3.0, 0.0]], [[40.0, 0.0]]], [[[98.0, 2.0]], [[50.0, 0.0]], [[20.0, 20.0]]]]
    coords = {"year_end": [2018, 2019], "area": ["a", "b", "c"], "sex": ["total"], "age": [0, 1]}
    inputs = xr.Dataset({"population": (tuple(coords), persons)}, coords)
    both = {"": [(2018, 143.0), (2019, 190.0)], "a": [(2018, 100.0), (2019, 100.0)]}
    assert _past(inputs, ["a", "b", "c"], 5) == {**both, "b": [(2019, 50.0)], "c": [(2019, 40.0)]}
    open_ = _past(inputs, ["c", "b", "elsewhere"], 0)
    assert open_ == {"": both[""], "c": [(2018, 40.0), (2019, 40.0)], "b": [(2018, 3.0), (2019, 50.0)]}
    assert _past(None, ["a"], 5) == {"": []}


@settings(max_examples=20)
@given(st.integers(1, 4), st.integers(900, 3000))
def test_findings_about_areas_are_passed_on_without_numbers_of_persons(before: int, after: int) -> None:
    cells = cells_frame(
        {
            "area": ["01", "01", "02", "02"],
            "year": [2023, 2024, 2023, 2024],
            "variable": "population",
            "value": [float(before), float(after), 5000.0, 5000.0],
            "status": "number",
        }
    )
    found = check(Table(cells, Source("a.csv", "tidy")))
    assert str(before) in " ".join(found.frame.loc[found.frame["rule"] == "T21", "message"])
    own = published_findings(found).frame
    own = own[own["area"] == "01"]
    numbers = {int(text.replace(".", "")) for text in re.findall(r"\d[\d.]*\d|\d", " ".join(own["message"]))}
    assert numbers <= {1, 2023, 2024}
    assert own["value"].isna().all()


def test_findings_about_the_whole_stay_as_they_are() -> None:
    row = {"severity": "info", "rule": "T17", "message": "Gebiete unter 500 Personen: 1 von 3.", "remedy": ""}
    assert published_findings(Findings.of([row])).frame["message"].tolist() == [row["message"]]
