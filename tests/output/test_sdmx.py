"""What another office gets as SDMX is read by an SDMX library: every person, every code with its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sdmx
import xarray as xr

from zwkprognose import publish
from zwkprognose.errors import OutputError
from zwkprognose.output import write_sdmx
from zwkprognose.output.files.sdmx import FLOW, STRUCTURE, structure_path


def read(path: Path, **how: Any) -> Any:
    """As another program reads it; by its path, sdmx1 would leave the file open."""
    with path.open("rb") as file:
        return sdmx.read_sdmx(file, format="CSV" if path.suffix == ".csv" else "XML", **how)


def said(observation: Any, dimension: str) -> str:
    """The code of an observation."""
    value = observation.key[dimension].value
    return str(getattr(value, "id", value))


@pytest.fixture
def exchanged(city: xr.Dataset, tmp_path: Path) -> tuple[Any, Any]:
    """Structure and observations, as another program reads them."""
    path = write_sdmx(city, tmp_path / "bevoelkerung.csv", agency="BREMERHAVEN")
    message = read(structure_path(path))
    structure = message.structure[STRUCTURE]
    return message, read(path, structure=structure).data[0].obs


def test_all_persons_arrive(city: xr.Dataset, exchanged: tuple[Any, Any]) -> None:
    _, observations = exchanged
    persons = sum(
        int(one.value) for one in observations
        if said(one, "SCENARIO") == "middle" and said(one, "TIME_PERIOD") == "2020" and one.value
    )  # fmt: skip
    assert persons == int(publish(city)["city_total"].sel(scenario="middle", year_end=2020))


def test_every_code_has_its_german_name(exchanged: tuple[Any, Any]) -> None:
    message, observations = exchanged
    for concept in ("SCENARIO", "REF_AREA", "SEX", "CITIZENSHIP", "AGE"):
        codes = message.codelist[f"CL_{concept}"].items
        assert {said(one, concept) for one in observations} == set(codes)
    names = {code.id: str(code.name) for code in message.codelist["CL_AGE"].items.values()}
    assert names["Y0T2"] == "0 bis 2 Jahre"
    assert str(message.codelist["CL_REF_AREA"].items["0002"].name) == "<script>alert(1)</script>"
    assert message.dataflow[FLOW].structure.id == STRUCTURE


def test_the_base_year_is_observed_and_what_follows_is_forecast(exchanged: tuple[Any, Any]) -> None:
    _, observations = exchanged
    seen = {
        (said(one, "TIME_PERIOD") == "2020", str(one.attached_attribute["OBS_STATUS"].value)) for one in observations
    }
    assert seen <= {(True, "A"), (False, "F"), (True, "Q"), (False, "Q")}
    assert {(True, "A"), (False, "F")} <= seen


def test_a_hidden_number_is_suppressed_and_no_zero(city: xr.Dataset, tmp_path: Path) -> None:
    tiny = city.copy()
    tiny["population"] = city["population"] * xr.where(city["area"] == "0001", 1e-4, 1.0)
    path = write_sdmx(tiny, tmp_path / "bevoelkerung.csv")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    hidden = [row for row in rows if row[-1] == "Q"]
    assert hidden
    assert {row[rows[0].index("OBS_VALUE")] for row in hidden} == {""}


def test_names_that_are_no_codes_stay_apart(city: xr.Dataset, tmp_path: Path) -> None:
    named = city.isel(scenario=[0, 0]).assign_coords(scenario=["in_moves=1.1", "in_moves:1.1"])
    path = write_sdmx(named, tmp_path / "bevoelkerung.csv")
    codes = read(structure_path(path)).codelist["CL_SCENARIO"].items
    assert len(codes) == 2
    assert all(code.replace("_", "").isalnum() for code in codes)


def test_the_same_run_gives_the_same_bytes(city: xr.Dataset, tmp_path: Path) -> None:
    first, second = (write_sdmx(city, tmp_path / name) for name in ("first.csv", "second.csv"))
    assert first.read_bytes() == second.read_bytes()
    assert structure_path(first).read_bytes() == structure_path(second).read_bytes()


@pytest.mark.parametrize("agency", ["", "1A", "Düren", "a b", "A:B"])
def test_an_agency_that_sdmx_does_not_know(city: xr.Dataset, tmp_path: Path, agency: str) -> None:
    with pytest.raises(OutputError, match="Kürzel"):
        write_sdmx(city, tmp_path / "bevoelkerung.csv", agency=agency)
    assert not list(tmp_path.iterdir())


def test_another_ending(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.csv"):
        write_sdmx(city, tmp_path / "bevoelkerung.xml")
