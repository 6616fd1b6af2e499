"""Every account closes, to the tenth that is printed and to the last bit that was computed, whatever is switched on."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cities import START, City, cities, eckwerte_near, plan_of, rates_of, stock_of, with_moves

import zwkprognose as zwk
from zwkprognose.engine import Eckwert
from zwkprognose.errors import OutputError
from zwkprognose.output import Account

UNTIL = START + 6


def everything(city: City, kind: str) -> tuple[xr.Dataset, xr.Dataset]:
    """A projection with every feature on, and its rates."""
    stock, rates = stock_of(city, least=1.0), with_moves(rates_of(city, range(START + 1, UNTIL + 1)), city, kind)
    plan: dict[str, object] = {"citizens": city.coords["nationality"][0]} | plan_of(city)
    eckwerte = eckwerte_near(zwk.project(stock, rates, until=UNTIL, **plan), city)  # type: ignore[arg-type]
    return zwk.project(stock, rates, until=UNTIL, eckwerte=eckwerte, **plan), rates  # type: ignore[arg-type]


def years_of(account: Account) -> dict[int, list[tuple[str, float, float]]]:
    """Entries of every year of events: name, tenths, persons."""
    found: dict[int, list[tuple[str, float, float]]] = {}
    for entry in account.entries:
        year = entry.year + 1 if entry.name == "opening" else entry.year
        found.setdefault(year, []).append((entry.name, entry.shown, entry.exact))
    return found


@settings(max_examples=12)
@given(cities(areas=3, open_age=12), st.sampled_from(["pool", "matrix"]), st.data())
def test_every_account_closes(city: City, kind: str, data: st.DataObject) -> None:
    projection, rates = everything(city, kind)
    born = data.draw(st.integers(START - 10, UNTIL), "born")
    known = {dim: [None, *projection[dim].values.tolist()] for dim in ("sex", "nationality")}
    chosen = {dim: data.draw(st.sampled_from(values)) for dim, values in known.items()}
    area = data.draw(st.sampled_from([None, *projection["area"].values.tolist()]), "area")
    account = zwk.trace(projection, area, born, rates=data.draw(st.sampled_from([None, rates])), **chosen)
    before = None
    for year, entries in years_of(account).items():
        opening = [e for e in entries if e[0] == "opening"]
        closing = next(e for e in entries if e[0] == "closing")
        assert len(opening) == (year > born)
        assert before is None or opening[0][1] == before
        lines = [e for e in entries if e[0] != "closing"]
        assert sum(round(10 * shown) for _, shown, _ in lines) == round(10 * closing[1])
        assert sum(exact for *_, exact in lines) == pytest.approx(closing[2], abs=1e-8)
        assert all(abs(shown - exact) < 0.1 + 1e-9 for _, shown, exact in entries)
        before = closing[1]
        people = projection["population"].sel(year_end=year, age=year - born)
        picked = {dim: one for dim, one in (chosen | {"area": area}).items() if one is not None}
        assert closing[2] == pytest.approx(float(people.sel(picked).sum()))


@settings(max_examples=3)
@given(cities(areas=2, open_age=8), st.sampled_from(["pool", "matrix"]))
def test_all_accounts_together_hold_every_event(city: City, kind: str) -> None:
    """Components of all cohorts but the open group, added up over areas and birth years."""
    projection, _ = everything(city, kind)
    told: dict[str, float] = {}
    for area in projection["area"].values.tolist():
        for born in range(START - 6, UNTIL + 1):
            for entry in zwk.trace(projection, area, born).entries:
                told[entry.name] = told.get(entry.name, 0.0) + entry.exact
    ages = projection["age"] < 8
    # the cohort that is oldest at the start is not followed, it enters the open group in the first year
    not_followed = projection["deaths"]["year"] - projection["deaths"]["age"] < START - 6
    for name in ("deaths", "in_moves", "out_moves", "moves_in", "moves_out", "erstbezug", "sondergruppe"):
        events = projection[name].where(ages & ~not_followed, 0.0).sum()
        assert abs(told.get(name, 0.0)) == pytest.approx(abs(float(events)), abs=1e-7)
    assert told["births"] == pytest.approx(float(projection["births"].sum()))


def test_an_eckwert_is_told_with_its_factor() -> None:
    """Nobody dies: the factor f of the account meets T = S + f·I − O/f with the flows of the rates."""
    ages, target = range(6), 65.0
    cell = {"area": ["1"], "nationality": ["total"], "sex": ["female", "male"], "age": list(ages)}
    full = xr.DataArray(np.ones((1, 1, 2, 6)), cell)
    stock = (25.0 * full).expand_dims(year_end=[2020]).to_dataset(name="population")
    rates = xr.Dataset(
        {"death_prob": 0 * full, "out_prob": 0.1 * full, "in_moves": 4.0 * full,
         "fertility_rate": 0 * full.isel(sex=0, drop=True)}
    )  # fmt: skip
    wanted = Eckwert("Alter 2", xr.DataArray([[target]], {"year_end": [2021], "band": ["2"]}),
                     groups={"band": ("age", {2: "2"})})  # fmt: skip
    projection = zwk.project(stock, rates, until=2021, eckwerte=[wanted])
    account = zwk.trace(projection, "1", 2019, rates=rates)
    by_name = {entry.name: entry for entry in account.entries}
    assert by_name["closing"].exact == pytest.approx(target)
    assert by_name["in_moves"].exact == pytest.approx(8.0)
    factor = 1 + by_name["eckwert"].exact / 8.0
    assert 50.0 + factor * 8.0 - 5.0 / factor == pytest.approx(target)
    assert re.search(r"damit der Eckwert erreicht wird \(Faktor \d+,\d+\)", by_name["eckwert"].sentence)


def test_a_sheet_is_read_aloud() -> None:
    inputs = zwk.load_example("berlin")
    projection = zwk.project(inputs, zwk.estimate_rates(inputs), until=2023)
    account = zwk.trace(projection, "Moabit", 2022)
    text = str(account)
    assert text.startswith("Jahrgang 2022, Moabit, 2022 bis 2023\n")
    assert "Kinder werden geboren." in text
    assert len(account.frame) == len(account.entries)
    assert set(account.frame["Posten"]) >= {"Anfangsbestand", "Endbestand", "Geburten", "Sterbefälle"}
    assert "<table>" in account._repr_html_()
    axes = zwk.plot_lexis(account)
    assert axes.alt.startswith("Lexis-Diagramm: Jahrgang 2022, Moabit")
    old = zwk.trace(projection, None, 1927)
    assert old.ends == "Am 31.12.2022 gehört der Jahrgang zur offenen Altersgruppe (95 und älter)."
    assert max(old.stocks) == 2021


def test_one_sex_and_group_by_german_name() -> None:
    inputs = zwk.load_example("berlin")
    projection = zwk.project(inputs, zwk.estimate_rates(inputs), until=2022)
    parts = [zwk.trace(projection, "0101", 1990, sex=sex).entries[0].exact for sex in ("männlich", "female")]
    assert sum(parts) == pytest.approx(zwk.trace(projection, "0101", 1990).entries[0].exact)
    with pytest.raises(OutputError, match="nicht unterschieden"):
        zwk.trace(projection, "0101", 1990, nationality="Schweizer")


def test_areas_taken_out_of_a_city_tell_the_moves_to_the_others() -> None:
    town = zwk.examples.musterstadt(years=1)
    projection = zwk.project(town.inputs, town.rates, until=2017)
    part = projection.sel(area=["03", "04"])
    assert zwk.trace(part, None, 1990).entries == zwk.trace(projection, ["03", "04"], 1990).entries  # type: ignore[arg-type]
    assert zwk.trace(part.isel(area=[0]), None, 1990).entries == zwk.trace(projection, "03", 1990).entries
    assert "moves_out" not in {entry.name for entry in zwk.trace(projection, None, 1990).entries}


def test_an_account_that_does_not_close_is_refused() -> None:
    inputs = zwk.load_example("bremerhaven")
    projection = zwk.project(inputs, zwk.estimate_rates(inputs), until=2025)
    more = projection.assign(in_moves=1.1 * projection["in_moves"])
    for wrong in (more, projection.drop_vars("out_moves")):
        with pytest.raises(OutputError, match=r"Das Konto schließt nicht: Am 31\.12\.2024 wären es"):
            zwk.trace(wrong, None, 1990)
