"""The bundled examples are the published figures."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import pandas as pd
import pytest

from zwkprognose.errors import InputError
from zwkprognose.examples import about, encode, geometry, load_example, tables_of


def _total(name: str, year: int) -> float:
    return float(load_example(name)["population"].sel(year_end=year).sum())


@pytest.mark.parametrize(
    ("name", "year", "persons"),
    [
        ("berlin", 2011, 3_427_114),
        ("berlin", 2020, 3_769_962),
        ("bremerhaven", 2023, 114_677),
        ("konstanz", 2025, 87_178),
    ],
)
def test_totals_are_the_published_ones(name: str, year: int, persons: int) -> None:
    assert _total(name, year) == pytest.approx(persons, abs=1e-6)


def test_berlin_has_94_areas_and_an_outline_for_each() -> None:
    inputs = load_example("berlin")
    outlines = {feature["properties"]["area"] for feature in geometry("berlin")["features"]}
    assert set(inputs["area"].to_numpy()) == outlines
    assert len(outlines) == 94


def test_konstanz_has_the_observed_events() -> None:
    inputs = load_example("konstanz").sel(year=2024, area="08335043")
    assert [float(inputs[v]) for v in ("births", "deaths", "in_moves", "out_moves")] == [661, 869, 8328, 7995]


@pytest.mark.parametrize("name", ["berlin", "bremerhaven", "konstanz"])
def test_source_and_licence_are_named(name: str) -> None:
    source = json.loads(load_example(name).attrs["sources"])[0]
    assert source["publisher"] == about(name)["publisher"]
    assert source["licence"]
    assert source["universe"]


def test_unknown_example_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"berlin, bremerhaven, konstanz"):
        load_example("atlantis")


@pytest.mark.shared
def test_bundle_is_what_the_script_makes_of_the_originals(shared: Path, tmp_path: Path) -> None:
    encode.encode(shared / "data", tmp_path)
    for name in ("berlin", "bremerhaven", "konstanz"):
        for path in tables_of(name):
            assert filecmp.cmp(tmp_path / path.name, path, shallow=False), path.name


@pytest.mark.shared
def test_bremerhaven_equals_the_row_printed_since_2022(shared: Path) -> None:
    """Land less Stadt is the published row where there is one."""
    path = shared / "data" / "bremen" / "12411-03-03-2023.csv"
    lines = path.read_text(encoding="latin-1").splitlines()
    printed = [line.split(";") for line in lines if line.startswith("04012;") and ";Insgesamt;" not in line]
    bundled = pd.read_csv(tables_of("bremerhaven")[0], sep=";").query("jahr == 2023")
    for columns, (sex, group) in {8: ("m", "D"), 9: ("w", "D"), 11: ("m", "A"), 12: ("w", "A")}.items():
        chosen = (bundled["geschlecht"] == sex) & (bundled["staatsangehoerigkeit"] == group)
        ours = bundled[chosen].sort_values("alter_von")
        assert ours["anzahl"].tolist() == [int(row[columns].replace("-", "0")) for row in printed]


@pytest.mark.shared
def test_only_borsigwalde_2011_is_not_as_printed(shared: Path) -> None:
    """The one figure that is estimated: 2011 inside two neighbouring areas, every sum over both kept."""
    original = shared / "data" / "berlin_ortsteile" / "ortsteile_94_alter5_geschlecht_nationalitaet.csv"
    printed = pd.read_csv(original, sep=";", dtype={"gebiet": str})
    bundled = pd.read_csv(tables_of("berlin")[0], sep=";", dtype={"gebiet": str})
    keys = ["jahr", "geschlecht", "staatsangehoerigkeit", "alter_von"]
    both = printed.merge(bundled, on=[*keys, "gebiet"], validate="one_to_one", suffixes=("", "_neu"))
    changed = both[both["anzahl"] != both["anzahl_neu"]]
    assert set(changed["gebiet"]) == {"1209", "1210"}
    assert set(changed["jahr"]) == {2011}
    difference = (both["anzahl_neu"] - both["anzahl"]).groupby([both[key] for key in keys]).sum()
    assert (difference == 0).all()
    assert (bundled["anzahl"] >= 0).all()


def test_names_have_their_umlauts() -> None:
    names = load_example("berlin")["area_name"].to_numpy().tolist()
    outlines = {f["properties"]["name"] for f in geometry("berlin")["features"]}
    assert {"Lübars", "Weißensee", "Märkisches Viertel und Borsigwalde"} <= set(names) & outlines
