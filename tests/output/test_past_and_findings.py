"""Earlier years and findings give no small number away."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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
