"""What other programs are promised: Datasets by a schema, files with its version, a small tool that uses both."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
import xarray as xr

from zwkprognose import estimate_rates, load_example, open_netcdf, project, write_netcdf
from zwkprognose.contract import KINDS, contract_schema, dataset_schema, schema_text
from zwkprognose.errors import OutputError
from zwkprognose.names import CONTRACT, DatasetKind
from zwkprognose.output import default_quota
from zwkprognose.scenarios import Scenario

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module", params=["bremerhaven", "konstanz", "berlin"])
def datasets(request: pytest.FixtureRequest) -> dict[DatasetKind, xr.Dataset]:
    """The three Datasets of a bundled city."""
    inputs = load_example(request.param)
    rates = estimate_rates(inputs)
    scenarios = [Scenario.bundled("middle"), Scenario.bundled("lower")]
    until = int(inputs["year_end"].values[-1]) + 1
    return {"inputs": inputs, "rates": rates, "projection": project(inputs, rates, scenarios, until=until)}


def head(dataset: xr.Dataset) -> Any:
    """As a program in another language gets it."""
    return json.loads(json.dumps(dataset.to_dict(data=False), default=str))


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_package_hands_over_keeps_the_contract(
    datasets: dict[DatasetKind, xr.Dataset], kind: DatasetKind
) -> None:
    whole: Any = contract_schema() | {"$ref": f"#/$defs/{kind}"}
    jsonschema.validate(head(datasets[kind]), whole)


@pytest.mark.parametrize("kind", KINDS)
def test_every_required_array_is_missed(datasets: dict[DatasetKind, xr.Dataset], kind: DatasetKind) -> None:
    schema = dataset_schema(kind)
    for name in schema["properties"]["data_vars"]["required"]:
        with pytest.raises(jsonschema.ValidationError, match=name):
            jsonschema.validate(head(datasets[kind].drop_vars(name)), schema)


@pytest.mark.parametrize("kind", KINDS)
def test_ages_in_front_or_counts_as_integers_break_it(
    datasets: dict[DatasetKind, xr.Dataset], kind: DatasetKind
) -> None:
    schema, dataset = dataset_schema(kind), datasets[kind]
    name = "death_prob" if kind == "rates" else "population"
    turned = dataset.assign({name: dataset[name].transpose("age", ...)})
    for wrong in (turned, dataset.assign({name: dataset[name].astype("float32")})):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(head(wrong), schema)


def test_the_published_schema_is_current() -> None:
    assert (DOCS / "datensatz.schema.json").read_text(encoding="utf-8") == schema_text()


def test_a_file_of_a_later_contract_is_refused(tmp_path: Path) -> None:
    later = load_example("bremerhaven").assign_attrs(zwkprognose_contract=CONTRACT + 1)
    path = write_netcdf(later, tmp_path / "eingaben.nc")
    with pytest.raises(OutputError, match=f"Fassung {CONTRACT + 1} "):
        open_netcdf(path)


def test_a_file_of_before_the_contract_is_read(tmp_path: Path) -> None:
    path = write_netcdf(load_example("bremerhaven"), tmp_path / "eingaben.nc")
    with xr.open_dataset(path, engine="h5netcdf") as stored:
        old = stored.load()
    assert old.attrs.pop("zwkprognose_contract") == CONTRACT
    old.to_netcdf(tmp_path / "alt.nc", engine="h5netcdf")
    assert "zwkprognose_contract" not in open_netcdf(tmp_path / "alt.nc").attrs
    assert "zwkprognose_contract" not in open_netcdf(path).attrs


def test_the_small_tool_answers_from_the_files_of_a_run(tmp_path: Path) -> None:
    inputs = load_example("bremerhaven")
    write_netcdf(inputs, tmp_path / "eingaben.nc")
    write_netcdf(estimate_rates(inputs), tmp_path / "raten.nc")
    (tmp_path / "plaetze.csv").write_text("gebiet;plaetze\n04012;4100\n", encoding="utf-8")
    documents = [tmp_path / f"{name}.toml" for name in ("lower", "upper")]
    for document in documents:
        document.write_text(Scenario.bundled(document.stem).to_toml(), encoding="utf-8")
    tool = [sys.executable, str(DOCS / "examples" / "kita_luecke.py"), ".", "plaetze.csv", "lower.toml", "upper.toml"]
    done = subprocess.run(tool, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300)
    table = pd.read_csv(StringIO(done.stdout), sep=";", dtype={"area": str}).set_index("scenario")
    assert table["area"].tolist() == ["04012", "04012"]
    assert table.loc["upper", "fehlende_plaetze"] > table.loc["lower", "fehlende_plaetze"]
    # by hand: children of three to six with the package's quota, ten years on
    run = project(inputs, estimate_rates(inputs), Scenario.bundled("upper"), until=2033)
    children = run["population"].sel(year_end=2033).sum(["area", "nationality", "sex"])
    quota = sum(
        rate.share * float(children.sel(age=slice(rate.first, rate.last)).sum())
        for rate in default_quota("kita_ue3").rates
    )
    assert table.loc["upper", "fehlende_plaetze"] == round(max(0.0, quota - 4100))
    (tmp_path / "plaetze.csv").write_text("gebiet;plaetze\n0401;4100\n", encoding="utf-8")
    wrong = subprocess.run(tool, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert wrong.returncode == 1
    assert "0401" in wrong.stderr
    assert "Traceback" not in wrong.stderr
