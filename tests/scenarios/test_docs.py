"""The page on scenarios says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
import xarray as xr

from zwkprognose.engine import check_balance, project
from zwkprognose.evaluation.milestones import evaluate_milestones
from zwkprognose.examples import load_example
from zwkprognose.projects import load_project
from zwkprognose.projects.estimated import rates_of
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.schema import scenario_schema, schema_text

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "szenarien.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def documents() -> dict[str, Scenario]:
    """The document of the page, as it stands for Berlin and as the page says for Bremerhaven."""
    text = blocks("toml")[0]
    harbour = text.replace("am Westhafen", "am Hafen").replace("Westhafen", "Hafen").replace("Moabit", "Bremerhaven")
    return {"berlin": Scenario.from_toml(text), "bremerhaven": Scenario.from_toml(harbour)}


@pytest.mark.parametrize(("city", "block"), [("berlin", 0), ("bremerhaven", 1)])
def test_the_page_reads_aloud_what_the_program_reads(city: str, block: int) -> None:
    assert documents()[city].describe() == blocks("text")[block].strip()


@pytest.mark.parametrize("city", ["berlin", "bremerhaven"])
def test_the_sentence_runs_on_both_cities(city: str) -> None:
    """618 people move in: half of them are new to the city, and so it grows by 309 more than without."""
    inputs = load_example(city)
    rates = estimate_rates(inputs)
    scenario = documents()[city]
    without = scenario.model_copy(update={"housing": ()}).detached()
    run, base = (project(inputs, rates, s, until=2030) for s in (scenario, without))
    assert check_balance(run) < 1e-9
    cells = ["area", "nationality", "sex", "age"]
    assert float(run["erstbezug"].sel(year=2028).sum()) == pytest.approx(309)
    assert float((run - base)["population"].sel(year_end=2028).sum()) == pytest.approx(309, rel=0.02)
    halved = run["in_moves"].sel(nationality="foreign").sum(cells[:1] + cells[2:])
    assert float(halved.sel(year=2030) / halved.sel(year=2029)) == pytest.approx(0.5)


def test_the_published_schema_is_current() -> None:
    assert (DOCS / "szenario.schema.json").read_text(encoding="utf-8") == schema_text()
    jsonschema.validate(tomllib.loads(blocks("toml")[0]), scenario_schema())


def test_the_milestones_of_the_page_are_answered() -> None:
    inputs = load_example("bremerhaven")
    run = project(inputs, estimate_rates(inputs), Scenario.bundled("middle"), until=2035)
    workshop = next(text for text in blocks("toml") if "[[meilenstein]]" in text)
    table = evaluate_milestones(run, workshop)
    assert table["name"].tolist() == ["Kinder unter sechs", "Altenquotient", "Anteil der Kinder unter sechs"]


def test_every_section_of_the_table_exists() -> None:
    aliases = {field.alias for field in Scenario.model_fields.values()}
    assert set(re.findall(r"^\| `\[+(\w+)\]+`", PAGE, re.MULTILINE)) <= aliases


def test_the_page_quotes_what_is_lost(rates: xr.Dataset) -> None:
    """A hundred dwellings from 2012 to 2021 on a stock of 2020: ten are still to come."""
    text = (
        'name = "a"\n[[erstbezug]]\nname = "Hang"\ngebiet = "Hafen"\nwohnungen = 100\nvon = 2012\nbis = 2021\n'
        "anteil_von_aussen = 0.5\n"
    )
    stock = xr.ones_like(rates["in_moves"]).assign_coords(year_end=2020, area_name=rates["area_name"])
    told = Scenario.from_toml(text).describe(rates, stock, until=2030)
    (quoted,) = [block.strip() for block in blocks("text") if block.startswith("Von 100 Wohnungen")]
    assert told.endswith(quoted)


#: Head of a document of which the page shows a part.
HEAD = 'schema = 1\nname = "teil"\n'


def parts() -> list[str]:
    """Documents and parts of them for Bremerhaven, apart from the first one, which is that of Berlin."""
    return [text for text in blocks("toml")[1:] if "[[meilenstein]]" not in text and "[raten]" not in text]


@pytest.mark.parametrize("text", parts(), ids=range(len(parts())))
def test_every_document_of_the_page_is_computed(text: str) -> None:
    inputs = load_example("bremerhaven")
    scenario = Scenario.from_toml(text if "name =" in text else HEAD + text)
    run = project(inputs, estimate_rates(inputs), scenario, until=2030)
    assert check_balance(run) < 1e-9
    assert scenario.controls or scenario.text
    for control in scenario.controls:
        people = run["population"].sel(age=slice(*(control.ages or (0, None))))
        whole = people.sum(["area", "nationality", "sex", "age"])
        for key in control.stated:
            for year in range(2024, 2031):
                wanted = control.targets(key, [year], {2023: float(whole.sel(year_end=2023))}).get(year)
                if wanted is not None and key != "mindestens":
                    gap = float(whole.sel(year_end=year)) / wanted - 1
                    assert gap < 1e-9 if key == "hoechstens" else abs(gap) < 1e-9


def test_the_rates_of_the_page_are_those_of_a_project(tmp_path: Path) -> None:
    (text,) = [block for block in blocks("toml") if block.startswith("[raten]")]
    document = f'name = "a"\n[daten]\nbeispiel = "bremerhaven"\n{text}[prognose]\nbis = 2026\n'
    rates = rates_of(chosen := load_project(document), load_example("bremerhaven"))
    assert rates.attrs["migration"] == "totals"
    coming = rates["in_moves"].sum(["area", "sex", "age"]).sel(nationality="german")
    assert 3500 <= float(coming) <= 3600
    assert chosen.rates.city_moves is not None


def test_the_json_of_the_page_says_what_its_toml_would() -> None:
    (text,) = blocks("json")
    scenario = Scenario.from_json(text)
    assert Scenario.from_toml(Scenario.from_json(text).to_toml()).digest == scenario.digest
    assert [a.quantity for a in scenario.assumptions] == ["zuzuege", "sterblichkeit"]
