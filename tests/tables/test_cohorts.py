"""Slips that only a cohort shows: a mistyped cell, swapped sexes, a whole town that jumps for a year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zwkprognose.tables import Findings, Table, check, read_table
from zwkprognose.tables.frame import cells_frame
from zwkprognose.tables.table import Source

YEARS, AREAS, AGES = range(2018, 2024), ("01", "02", "03"), range(96)
Change = Callable[[pd.DataFrame], pd.Series]


def town(change: Change | None = None, years: range = YEARS) -> Table:
    """Cohorts of different size that die out with age, and a wave of students for three years of life."""
    index = pd.MultiIndex.from_product([years, AREAS, ("female", "male"), AGES])
    frame = index.to_frame(index=False, name=["year", "area", "sex", "age"])
    births = 60 + 20 * np.sin((frame["year"] - frame["age"]) * np.where(frame["sex"] == "male", 1.7, 2.7))
    old = (frame["age"] - np.where(frame["sex"] == "male", 50, 60)).clip(lower=0)
    students = 150 * frame["age"].isin([19, 20, 21]) * (frame["area"] == "02")
    frame["value"] = (births * np.exp(-((old / 30) ** 2)) + students).round()
    if change is not None:
        frame["value"] = change(frame)
    columns = {name: frame[name].to_numpy() for name in ("year", "area", "sex", "value")}
    ages = {"age_from": frame["age"].to_numpy(), "age_to": np.where(frame["age"] < 95, frame["age"] + 1.0, np.nan)}
    rest = {"variable": "population", "status": "number", "file": "a.csv", "line": np.arange(len(frame)) + 2}
    return Table(cells_frame({**columns, **ages, **rest}), Source("a.csv", "tidy"))


def typed(year: int, age: int, number: float) -> Change:
    return lambda f: f["value"].mask(
        (f["year"] == year) & (f["area"] == "03") & (f["sex"] == "male") & (f["age"] == age), number
    )


def warned(change: Change | None, years: range = YEARS) -> pd.DataFrame:
    found: Findings = check(town(change, years)).warnings
    return found.frame


@pytest.mark.parametrize("years", [YEARS, range(2018, 2020), range(2008, 2024, 5)])
def test_waves_of_students_and_chance_are_no_findings(years: range) -> None:
    assert warned(None, years).empty


@pytest.mark.parametrize("number", [150.0, 1234.0])
def test_a_mistyped_cell_is_named_once(number: float) -> None:
    found = warned(typed(2020, 40, number)).query("rule == 'T28'")
    assert found[["area", "year", "sex", "age"]].to_numpy().tolist() == [["03", 2020, "male", "40"]]
    assert f"Alter 40: {number:,.0f} Personen".replace(",", ".") in found["message"].iloc[0]


@pytest.mark.parametrize(("year", "named"), [(2018, (2019, "41")), (2023, (2023, "40"))])
def test_in_the_first_and_last_year_the_one_step_there_is_names_both_numbers(
    year: int, named: tuple[int, str]
) -> None:
    found = warned(typed(year, 40, 777.0)).query("rule == 'T28'")
    assert found[["year", "age"]].apply(tuple, axis=1).tolist() == [named]
    assert "777" in found["message"].iloc[0]


def test_swapped_sexes_of_one_year() -> None:
    def swap(frame: pd.DataFrame) -> pd.Series:
        other = frame.assign(sex=frame["sex"].map({"male": "female", "female": "male"}))
        keys = ["year", "area", "sex", "age"]
        swapped = other.set_index(keys)["value"].reindex(pd.MultiIndex.from_frame(frame[keys])).to_numpy()
        return frame["value"].where(frame["year"] != 2020, swapped)

    found = warned(swap)
    assert found["rule"].tolist() == ["T29", "T29"]
    assert found["year"].tolist() == [2020, 2021]
    assert found["message"].str.startswith("Alle Gebiete zusammen").all()


def test_a_town_that_grows_by_a_tenth_and_shrinks_again() -> None:
    found = warned(lambda f: (f["value"] * np.where(f["year"] == 2020, 1.1, 1.0)).round())
    assert found[["rule", "year"]].to_numpy().tolist() == [["T21", 2020], ["T21", 2021]]
    assert warned(lambda f: (f["value"] * np.where(f["year"] >= 2020, 1.01, 1.0)).round()).empty


@pytest.mark.shared
def test_43_years_of_a_real_university_town_have_no_finding(shared: Path) -> None:
    pyramids = sorted((shared / "data/konstanz/bevoelkerung/pyramiden").glob("*.csv"))
    assert len(pyramids) > 40
    assert not {"T28", "T29"} & set(check(read_table(pyramids)).frame["rule"])
