"""Demand and milestones in the page are those of the package."""

from __future__ import annotations

import json

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from support.cities import City, rates_of, stock_of

from zwkprognose import demand, prepare
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation import evaluate_milestones
from zwkprognose.lab.asked import Asked
from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.payload import payload
from zwkprognose.output import default_quota
from zwkprognose.output.content.services import Service

CITY = City(4, 2, 95, 7)
PLAN = """
[[meilenstein]]
name = "Kinder"
alter = "0-5"
jahr = 2024
ziel = 100
[[meilenstein]]
name = "Frauen im Süden"
alter = "18-44"
geschlecht = "w"
staatsangehoerigkeit = "A"
gebiete = ["02", "0[3]", "00"]
ziel = 10
richtung = "hoechstens"
[[meilenstein]]
name = "Altenquotient"
alter = "65+"
je_hundert = "20-64"
ziel = 40
[[meilenstein]]
name = "Anteil"
alter = "65+"
je_hundert = "alle"
gebiete = "01"
ziel = 40
[[meilenstein]]
name = "Geburten"
groesse = "geburten"
ziel = 5
[[meilenstein]]
name = "Saldo"
groesse = "wanderungssaldo"
ziel = -5
[[meilenstein]]
name = "Zuzug der Jungen"
groesse = "zuzuege"
alter = "18-29"
ziel = 5
[[meilenstein]]
name = "Pflege"
bedarf = "pflege"
ziel = 5
[[meilenstein]]
name = "Natürlicher Saldo"
groesse = "natuerlicher_saldo"
ziel = 0
""".replace('"0[3]"', '"03"')


@pytest.fixture(scope="module")
def case() -> Prepared:
    return prepare(stock_of(CITY, 1.0), rates_of(CITY), until=2026)


def values(case: Prepared, asked: Asked) -> list[list[float | None]]:
    """Of every milestone the value in every year, as the page has it."""
    context, carried = MiniRacer(), payload(case.base())
    context.eval(engine_script())
    head = json.dumps({"facts": carried.facts, "arrays": carried.arrays})
    context.eval(f"const head = {head}, numbers = Float64Array.from({json.dumps(carried.numbers.tolist())});")
    context.eval("const town = laboratory.town(head, laboratory.from(head.arrays, numbers));")
    context.eval(f"const seen = measures.summary(town, {json.dumps(asked.goals)});")
    context.eval("laboratory.follow(town, { name: 'x' }, seen.see, year.room());")
    return json.loads(str(context.eval("JSON.stringify(seen.reached)")))


def test_milestones_have_the_values_of_the_package(case: Prepared) -> None:
    service = Service(default_quota("pflege").rising(1.3, start=2020, end=2026, name="pflege"))
    projection = case.project()
    need = demand(projection, service.quota)["demand"].isel(quota=0)
    asked = Asked.of(case.base().grid, [service], PLAN)
    found = values(case, asked)
    table = evaluate_milestones(projection, PLAN, demand={"pflege": need})
    for row, goal, mine in zip(table.to_dict("records"), asked.goals, found, strict=True):
        assert mine[goal["year"] - 2020] == pytest.approx(row["value"], rel=1e-12), row["name"]
        assert (goal["year"], goal["target"], goal["unit"]) == (row["year"], row["target"], row["unit"])
        assert mine[0] is None if np.isnan(row["today"]) else mine[0] == pytest.approx(row["today"], rel=1e-12)


def test_demand_and_places_are_those_of_the_package(case: Prepared) -> None:
    places = {key: 10.0 * k for k, key in enumerate(CITY.coords["area"])}
    (need,) = Asked.of(case.base().grid, [Service(default_quota("kita_u3"), places)], None).needs
    people = case.project()["population"].sum(["area", "nationality"]).transpose("year_end", "sex", "age")
    mine = (people.values * np.array(need["weights"])).sum(axis=(1, 2)) * need["factors"]
    wanted = demand(case.project(), default_quota("kita_u3"), by=())["demand"].isel(quota=0)
    np.testing.assert_allclose(mine, wanted.values.ravel(), rtol=1e-12)
    assert need["places"] == [60.0, 0.0, 10.0, 20.0, 30.0]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("jahr = 2040", "2040 liegt nicht"), ("jahr = 2020", "2020 liegt nicht"), ('alter = "20-95"', "Ab 95 Jahren"),
        ('gebiete = "Nirgends"', "„Nirgends“"), ('bedarf = "kita_u3"', "Einen Bedarf „kita_u3“ gibt es"),
        ('staatsangehoerigkeit = "EU"', "„EU“ gibt es"), ('je_hundert = "50-99"', "Ab 95 Jahren"),
    ],
)  # fmt: skip
def test_what_the_case_does_not_know_is_refused(case: Prepared, said: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        Asked.of(case.base().grid, [], f'[[meilenstein]]\nname = "x"\nziel = 1\n{said}\n')


def test_an_unknown_demand_is_answered_with_those_that_are_computed(case: Prepared) -> None:
    document = '[[meilenstein]]\nname = "x"\nziel = 1\nbedarf = "hort"\n'
    pflege = default_quota("pflege")
    for services, known in (([], "keiner"), ([Service(pflege)], f"pflege, {pflege.title}")):
        with pytest.raises(ScenarioError) as caught:
            Asked.of(case.base().grid, services, document)
        assert caught.value.remedy == f"Berechnet ist: {known}. Im Projekt unter [[bedarf]] angeben."
