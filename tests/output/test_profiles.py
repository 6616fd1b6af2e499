"""Profiles: verdicts and likes by hand, files whole or not at all, and nothing that is not published."""

from __future__ import annotations

import importlib.util
import re
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import MissingExtraError, OutputError, ScenarioError
from zwkprognose.evaluation import evaluate_milestones
from zwkprognose.output import Quota, Rate, Service, default_quota, publish
from zwkprognose.output.content.sites import Sites
from zwkprognose.output.profiles import Seat, Survey, default_text, read_thresholds, write_profiles
from zwkprognose.output.profiles.arrivals import AFTER, ARRIVING, NO_RATES, NOT_COUNTED, arrival_sheet
from zwkprognose.output.profiles.care import NO_PLACES, care_sheet
from zwkprognose.output.profiles.indices import INDICES
from zwkprognose.output.profiles.pages import KINDS, Contents, html_of
from zwkprognose.output.profiles.peers import ALIKE, peers
from zwkprognose.output.profiles.verdicts import judged
from zwkprognose.output.profiles.write import contents_of

from .conftest import make_city
from .test_report import Page

ONE = '[[regel]]\nkennzahl = "{key}"\nthema = "T"\nstaerke = "gut"\nschwaeche = "schlecht"\n{more}\n'
PLACES = {f"{k:04d}": places for k, places in enumerate((300.0, 5.0, 100.0, 900.0, 40.0), 1)}


@pytest.fixture(scope="module")
def contents(city: xr.Dataset, inputs: xr.Dataset) -> Contents:
    return contents_of(city, inputs=inputs, services=[Service(default_quota("kita_u3"), PLACES, 0.1)])


def texts(contents: Contents, kind: str, area: int | None) -> str:
    """All words of the page of one place."""
    page = contents.page(KINDS[kind], area)
    return " ".join(" ".join(Page(html_of(contents, KINDS[kind], [page], None)).words).split())


# Thresholds


def test_the_thresholds_that_come_along_are_a_document_to_copy(tmp_path: Path) -> None:
    copy = tmp_path / "schwellen.toml"
    copy.write_text(default_text(), encoding="utf-8")
    assert read_thresholds(copy).rules == read_thresholds(default_text()).rules
    assert {rule.index for rule in read_thresholds(copy).rules} <= set(INDICES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE.format(key="mietpreis", more="staerke_ab = 1"), "regel 1: kennzahl.*„mietpreis“ gibt es nicht.*jugendquo"),
        (ONE.format(key="ab_65", more=""), "nennt keine Schwelle"),
        (ONE.format(key="ab_65", more="staerke_ab = 1\nschwaeche_bis = 2"), "überschneiden sich"),
        (ONE.format(key="ab_65", more="staerke_ab = 1\nschwaeche_ab = 2"), "auf derselben Seite"),
        (ONE.format(key="ab_65", more="staerke_ab = 1\nstaerke_bis = 2"), "nicht beides"),
        (2 * ONE.format(key="ab_65", more="staerke_ab = 1"), "höchstens eine Regel"),
        ('[[regel]]\nkennzahl = "ab_65"\nthema = "T"\nstaerke_ab = 1', "„staerke“ fehlt"),
        ("titel = 'leer'\nregel = []", "regel"),
    ],
)
def test_impossible_thresholds_are_named_with_their_line(text: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=re.compile(words, re.DOTALL)):
        read_thresholds(text)


def test_a_verdict_says_its_number_and_its_rule(contents: Contents) -> None:
    """Old-age ratio of the large area against that of the whole, both counted from the published bands."""
    numbers = contents.material.numbers
    bands = [band.first for band in numbers.broad_bands]

    def ratio(people: np.ndarray) -> float:
        old = people[[age >= 65 for age in bands]].sum()
        return round(100 * old / people[[20 <= age < 65 for age in bands]].sum(), 1)

    own = ratio(numbers.broad_ages[numbers.main, 0, 3])
    at = [band.first for band in numbers.city_bands]
    city = numbers.city[numbers.main, 0].sum(axis=0)
    whole = round(100 * city[np.array(at) >= 65].sum() / city[(np.array(at) >= 20) & (np.array(at) < 65)].sum(), 1)
    apart = round(own - whole, 1)
    assert apart != 0
    side = f"schwaeche_ab = {apart}" if apart > 0 else f"schwaeche_bis = {apart}"
    rules = read_thresholds(ONE.format(key="altenquotient", more=f'bezug = "gesamt"\n{side}'))
    found = judged(contents.values, rules, numbers, 3)
    (verdict,) = found.weaknesses
    comma = [str(value).replace(".", ",") for value in (own, whole, abs(apart))]
    where = "über" if apart > 0 else "unter"
    assert verdict.reason == (
        f"Altenquotient {comma[0]} (Stadt insgesamt {comma[1]}); Regel: ab {comma[2].removesuffix(',0')} {where} "
        "Stadt insgesamt"
    )
    just = f"schwaeche_ab = {apart + 0.1}" if apart > 0 else f"schwaeche_bis = {apart - 0.1}"
    rules = read_thresholds(ONE.format(key="altenquotient", more=f'bezug = "gesamt"\n{just}'))
    assert not judged(contents.values, rules, numbers, 3).weaknesses


def test_three_themes_weaknesses_first(contents: Contents) -> None:
    found = judged(contents.values, contents.thresholds, contents.material.numbers, 3)
    assert len(found.themes) == 3
    kinds = [why.split(":")[0] for _, why in found.themes]
    assert kinds == sorted(kinds, key=["handeln", "erhalten", "beobachten"].index)
    assert kinds.count("handeln") == min(3, len({one.theme for one in found.weaknesses}))


def test_how_far_a_verdict_lies_is_told_in_widths_of_its_rule(contents: Contents) -> None:
    """By hand: 25 from 20 is a quarter, 3 from 2 a half; 18 between 10 and 20 is a tenth short of the nearer one."""
    more = {
        "ab_65": 'schwaeche_ab = 20\nbezug = "wert"', "jugendquotient": 'schwaeche_ab = 2\nbezug = "wert"',
        "altenquotient": 'staerke_bis = 10\nschwaeche_ab = 20\nbezug = "wert"',
    }  # fmt: skip
    text = "".join(ONE.replace('"T"', f'"{key}"').format(key=key, more=said) for key, said in more.items())
    given = {"ab_65": 25.0, "jugendquotient": 3.0, "altenquotient": 18.0}
    values = dict(contents.values) | {key: np.full(6, value) for key, value in given.items()}
    found = judged(values, read_thresholds(text), contents.material.numbers, 3)
    assert [(one.theme, one.far) for one in found.weaknesses] == [("jugendquotient", 0.5), ("ab_65", 0.25)]
    assert found.strengths == ()
    assert [theme for theme, _ in found.themes] == ["jugendquotient", "ab_65", "altenquotient"]
    near = {"jugendquotient": 'staerke_ab = 3.5\nbezug = "wert"', "ab_65": 'staerke_ab = 26\nbezug = "wert"'}
    more |= near  # a half short of 3.5 is a seventh, one short of 26 a twenty-sixth, two short of 20 a tenth
    text = "".join(ONE.replace('"T"', f'"{key}"').format(key=key, more=said) for key, said in more.items())
    found = judged(values, read_thresholds(text), contents.material.numbers, 3)
    assert [theme for theme, _ in found.themes] == ["ab_65", "altenquotient", "jugendquotient"]


def test_small_areas_get_a_reason_instead_of_a_verdict(contents: Contents) -> None:
    said = texts(contents, "kommunal", 1)
    assert "Vorsicht: Hier wohnen weniger als 1.000 Personen" in said
    assert "Unter 1.000 Personen wird nicht gewertet" in said
    assert "unter 1.000 Personen wird nicht verglichen" in said
    assert "Regel:" not in said


@pytest.mark.parametrize(("persons", "small"), [(1000.0, False), (999.0, True), (np.nan, True)])
def test_an_area_of_a_thousand_persons_is_judged_and_compared(contents: Contents, persons: float, small: bool) -> None:
    people = contents.values["personen"].copy()
    people[4] = persons
    values, numbers = dict(contents.values) | {"personen": people}, contents.material.numbers
    assert (judged(values, contents.thresholds, numbers, 3).blank != "") == small
    assert (peers(values, numbers, 3).blank != "") == small
    # the area itself is nobody's neighbour if it is too small
    others = [name for area in (0, 2) for name, _ in peers(values, numbers, area).nearest]
    assert (list(numbers.facts.areas.values())[3] in others) != small


def test_a_figure_that_is_not_known_is_not_judged(contents: Contents) -> None:
    blank = dict(contents.values) | {"umschlag": np.full(6, np.nan)}
    found = judged(blank, contents.thresholds, contents.material.numbers, 3)
    assert any("Zu- und Fortzüge" in text for text in found.silent)
    assert not any("Zu- und Fortzüge" in one.reason for one in (*found.strengths, *found.weaknesses))


def test_an_assumed_turnover_is_no_figure(city: xr.Dataset, inputs: xr.Dataset) -> None:
    rates = xr.Dataset(attrs={"migration": "residual", "turnover": 0.05})
    assumed = contents_of(city, inputs=inputs, rates=rates)
    assert np.isnan(assumed.values["umschlag"]).all()
    assert "Nicht bekannt: Zu- und Fortzüge je 100 und Jahr" in texts(assumed, "kommunal", 3)
    said = texts(assumed, "ankommen", 3)
    assert "nicht gezählt; gerechnet ist mit einem angenommenen Umschlag" in said
    assert NOT_COUNTED in said
    assert "Zuzüge von außen" not in said


# Likes and ranks


def test_the_nearest_areas_by_hand(contents: Contents) -> None:
    """Root of the mean squared difference in standard deviations of the areas from 1,000 persons on."""
    values, numbers = contents.values, contents.material.numbers
    shown = [k for k in range(5) if all(np.isfinite(values[key][k + 1]) for key in ALIKE)]
    fit = [k for k in shown if values["personen"][k + 1] >= 1000]
    spread = {key: float(np.std([values[key][k + 1] for k in fit])) for key in ALIKE}
    far = {
        k: float(np.sqrt(np.mean([((values[key][k + 1] - values[key][4]) / spread[key]) ** 2 for key in ALIKE])))
        for k in fit if k != 3
    }  # fmt: skip
    expected = sorted(far, key=far.__getitem__)[:3]
    found = peers(values, numbers, 3)
    assert [name for name, _ in found.nearest] == [list(numbers.facts.areas.values())[k] for k in expected]
    assert [distance for _, distance in found.nearest] == pytest.approx([far[k] for k in expected])


def test_one_area_has_no_rank_and_no_likes(city: xr.Dataset) -> None:
    one = contents_of(city.sel(area=["0004"]))
    said = texts(one, "kommunal", 0)
    assert "ein Vergleich ist nicht möglich" in said
    assert " von 1" not in said
    assert "Rang" not in said


def test_ranks_count_the_areas_that_are_shown(contents: Contents) -> None:
    persons, whole = (f"{contents.values['personen'][at]:,.0f}".replace(",", ".") for at in (4, 0))
    assert f"Personen {persons} {whole} 1 von 5" in texts(contents, "kommunal", 3)
    assert "Anteil ab 65 Jahren . 17" in texts(contents, "kommunal", 1)  # hidden ages have no rank


# Care


def test_reserve_gap_and_year_by_hand(contents: Contents) -> None:
    sheet = care_sheet(contents.care, contents.material, 2)
    assert sheet.demand is not None
    row = next(row for row in sheet.demand.rows if row[0] == "Kinder unter 3 Jahren in Betreuung")
    need = next(need for need in contents.care.needs if need.title == row[0])
    needed = need.demand[contents.material.numbers.main, :, 3]
    assert row[4:6] == ("90", f"{90 - needed[-1]:+.0f}".replace("-", "−"))
    short = [year for year, one in zip(contents.material.numbers.years, needed, strict=True) if one > 90]
    assert row[6] == (str(short[0]) if short else "reichen")
    assert any("10 % als Reserve abgezogen" in text for _, text in sheet.sources)


def test_no_capacity_is_said_and_not_zero(city: xr.Dataset) -> None:
    bare = contents_of(city)
    sheet = care_sheet(bare.care, bare.material, 3)
    assert sheet.places_note == NO_PLACES
    assert sheet.demand is not None
    assert not any("Plätze" in head for head in sheet.demand.columns)


def test_a_quota_with_a_gap_is_a_sentence_beside_its_number(city: xr.Dataset) -> None:
    gap = Quota("x", "Wer fehlt", (Rate(0, 64, 0.01), Rate(75, 84, 0.2)), "eigene Annahme")
    said = texts(contents_of(city, services=[Service(gap)]), "versorgung", 3)
    assert "Die Quote nennt für das Alter 65 bis 74 und 85 und älter keinen Anteil" in said


def test_seats_have_one_decimal(contents: Contents) -> None:
    sheet = care_sheet(contents.care, contents.material, 3)
    persons = contents.material.numbers.totals(3)[contents.material.numbers.main]
    assert sheet.seats is not None
    assert sheet.seats.rows[0][1] == pytest.approx(persons[0] / 1671)
    assert f"{persons[0] / 1671:.1f}".replace(".", ",") in texts(contents, "versorgung", 3)
    with pytest.raises(OutputError, match="Eine Person je Sitz"):
        Seat("x", 0.5, "Quelle")


def test_sites_share_the_demand_of_their_areas(city: xr.Dataset) -> None:
    """Two sites; all of the areas show their ages, so every site does."""
    town = city.sel(area=["0001", "0003", "0004"])
    weights = {("0001", "Nord"): 1.0, ("0003", "Nord"): 0.25, ("0003", "Süd"): 0.75, ("0004", "Süd"): 1.0}
    service = Service(default_quota("kita_ue3"), sites=Sites({"Nord": 100.0, "Süd": 9000.0}, weights), reserve=0.2)
    found = contents_of(town, services=[service])
    (table,) = care_sheet(found.care, found.material, None).sites
    needed = found.care.needs[0].demand[found.material.numbers.main]
    by_hand = needed[:, 1] + 0.25 * needed[:, 2]
    first = dict(zip(table.columns, table.rows[0], strict=True))
    assert (first["Standort"], first["Plätze"]) == ("Nord", "80")
    assert first["Bedarf 2027"] == f"{5 * round(by_hand[-1] / 5):,.0f}".replace(",", ".")
    assert first["Plätze fehlen ab"] == "2020"
    (own,) = care_sheet(found.care, found.material, 1).sites
    assert own.rows == (("Nord", "25 %"), ("Süd", "75 %"))


def test_a_site_with_a_hidden_area_stays_silent(city: xr.Dataset) -> None:
    weights = {(key, "Mitte"): 1.0 for key in PLACES}
    found = contents_of(city, services=[Service(default_quota("kita_ue3"), sites=Sites({"Mitte": 100.0}, weights))])
    (table,) = care_sheet(found.care, found.material, None).sites
    assert table.rows[0][2:] == (".", ".", ".", ".")
    assert "durch Abziehen" in table.note


@pytest.mark.parametrize(
    ("weights", "words"),
    [({("0001", "Nord"): 0.5}, "ergeben nicht 1"), ({("7777", "Nord"): 1.0}, "nennen Gebiete, die es nicht gibt")],
)
def test_catchments_that_do_not_fit_are_refused(city: xr.Dataset, weights: dict[Any, float], words: str) -> None:
    service = Service(default_quota("kita_ue3"), sites=Sites({"Nord": 1.0}, weights))
    with pytest.raises(OutputError, match=words):
        contents_of(city, services=[service])


# Arrivals


def _rates(city: xr.Dataset, leave: float, die: float) -> xr.Dataset:
    dims = ("area", "nationality", "sex", "age")
    coming = city["in_moves"].sel(scenario="middle").isel(year=0).transpose(*dims)
    same = {"out_prob": leave, "death_prob": die, "move_out_prob": 0.1}
    arrays = {name: (dims, np.full(coming.shape, value)) for name, value in same.items()}
    coords = {dim: city[dim].values for dim in dims}
    return xr.Dataset({"in_moves": (dims, coming.values), **arrays}, coords, {"migration": "register"})


def test_who_stays_by_hand(city: xr.Dataset, inputs: xr.Dataset) -> None:
    """The same rates for all: after n years ((1−q)(1−e−r))ⁿ are left, of the whole ((1−q)(1−e))ⁿ."""
    known = contents_of(city, inputs=inputs, rates=_rates(city, 0.2, 0.01))
    for area, leaving in ((3, 0.3), (None, 0.2)):
        table = arrival_sheet(known.arrivals, known.material, area).staying
        assert table is not None
        row = dict(zip(table.columns, table.rows[1], strict=True))
        expected = [f"{100 * ((1 - 0.01) * (1 - leaving)) ** n:.0f} %" for n in AFTER]
        assert list(row.values())[1:] == expected
        assert row["Alter beim Zuzug"] == "18 bis 29 Jahre"
    assert ARRIVING[1] == (18, 29)


def test_without_rates_nobody_is_said_to_stay(contents: Contents) -> None:
    sheet = arrival_sheet(contents.arrivals, contents.material, 3)
    assert (sheet.staying, sheet.staying_reason) == (None, NO_RATES)


def test_shares_of_arrivals_by_hand(city: xr.Dataset, contents: Contents) -> None:
    coming = city["in_moves"].sel(scenario="middle", area="0004").isel(year=slice(0, 5)).sum("year")
    young = float(coming.sel(age=slice(18, 29)).sum() / coming.sum())
    rows = {row[0]: row[1] for row in arrival_sheet(contents.arrivals, contents.material, 3).rows}
    assert rows["Zuzüge von außen, davon 18 bis 29 Jahre"] == f"{100 * young:.0f} %"
    small = {row[0]: row[1] for row in arrival_sheet(contents.arrivals, contents.material, 1).rows}
    assert small["Zuzüge von außen, davon 18 bis 29 Jahre"] == ".", "few come, and ages are hidden"


def test_half_of_the_arrivals_is_another_projection(city: xr.Dataset, inputs: xr.Dataset) -> None:
    half = make_city((12_000, 150, 5_000, 30_000, 2_400), scenarios={"halb": 0.5})
    known = contents_of(city, inputs=inputs, halved=half)
    now, other = (
        float(publish(one)["total"].sel(area="0004", year_end=2027).isel(scenario=at))
        for one, at in ((city, 1), (half, 0))
    )
    said = texts(known, "ankommen", 3)
    change = f"−{100 * (now - other) / now:.1f} %".replace(".", ",")
    persons = f"{other:,.0f} statt {now:,.0f} Personen".replace(",", ".")
    assert f"Zögen ab 2021 nur halb so viele Menschen von außen zu, wären es am 31.12.2027 {persons} ({change})" in said
    assert f"{change} gegenüber „{known.material.facts.main.title}“" in said
    assert "ist nicht gerechnet" in texts(contents_of(city), "ankommen", 3)
    with pytest.raises(OutputError, match="andere Gebiete oder Jahre"):
        contents_of(city, halved=make_city((9000, 8000), scenarios={"halb": 0.5}))


def test_reasons_stand_beside_and_are_not_estimated(city: xr.Dataset) -> None:
    reasons = {"0004": (("Wohnung zu klein", 0.41),), "0001": (("Arbeit", 0.5),)}
    survey = Survey("Befragung 2025", reasons, {"0001": 7.0})
    known = contents_of(city, survey=survey)
    assert "Wohnung zu klein 41 %" in texts(known, "ankommen", 3)
    assert "zu wenige, um Gründe zu zeigen" in texts(known, "ankommen", 0)
    assert "keine Antworten vor" in texts(known, "ankommen", 2)
    for answers, shown in ((19.0, False), (20.0, True)):
        asked = contents_of(city, survey=replace(survey, answers={"0001": answers}))
        assert ("Arbeit 50 %" in texts(asked, "ankommen", 0)) == shown
        assert f"{answers:.0f} Antworten" in texts(asked, "ankommen", 0)
    assert "werden nicht geschätzt" in texts(contents_of(city), "ankommen", 3)


# The plan


def _plan(many: int = 1) -> str:
    """One milestone for area 4, as many for areas 3 and 4 together, one for the town, each with a long measure."""
    goal = (
        '[[meilenstein]]\nname = "{}"\nalter = "65+"\nje_hundert = "alle"\nziel = {}\nausloeser = 1\nvorlauf = 2\n'
        'massnahme = "Pflegewohngemeinschaften und einen Treffpunkt für Ältere einrichten"\n'
        'zustaendig = "Amt für Soziales und Senioren"\nfaellig = 2026\n{}\n'
    )
    shared = [goal.format(f"Ältere im Süden {k}", 12 + k, 'gebiete = ["0003", "0004"]') for k in range(many)]
    return "".join([goal.format("Ältere am Müggel", 11, 'gebiete = ["0004"]'), *shared, goal.format("Alle", 10, "")])


def test_the_plan_stands_on_the_page_of_the_place_it_names(city: xr.Dataset, inputs: xr.Dataset) -> None:
    known = contents_of(city, inputs=inputs, milestones=evaluate_milestones(city, _plan()))
    whole, fourth, third, first = (texts(known, "kommunal", area) for area in (None, 3, 2, 0))
    assert all(name in whole for name in ("Ältere am Müggel", "Ältere im Süden 0", "Alle"))
    assert "Ältere am Müggel 2027: mindestens 11 je 100 Personen" in fourth
    assert "Ältere im Süden 0 (2 Gebiete zusammen)" in fourth
    assert "Ältere im Süden 0" in third
    assert "Ältere am Müggel" not in third
    assert "Der Werkstattplan nennt hier keinen eigenen Meilenstein" in first
    assert "Amt für Soziales und Senioren, 2026" in third
    people = city["population"].sel(scenario="middle", area="0004", year_end=2027)
    value = float(100 * people.sel(age=slice(65, None)).sum() / people.sum())
    assert f"{value:.1f}".replace(".", ",") in fourth
    assert "Werkstattplan" not in texts(contents_of(city), "kommunal", None)


def test_who_should_have_acted_before_the_start_is_to_act_now(city: xr.Dataset) -> None:
    late = _plan().replace("ausloeser = 1\n", "ausloeser = 90\n")
    said = texts(contents_of(city, milestones=evaluate_milestones(city, late)), "kommunal", 3)
    assert "90 ab 2020, handeln sofort" in said


@pytest.mark.paper
def test_a_long_plan_still_fits_the_page(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    answers = evaluate_milestones(city, _plan(9), inputs=inputs)
    folder = write_profiles(city, tmp_path / "p", inputs=inputs, milestones=answers, kinds=["kommunal"], areas=["0004"])
    assert _pages(folder / "kommunalprofile.pdf") == 6
    said = (folder / "kommunalprofil-0004.html").read_text("utf-8")
    assert "Weitere Meilensteine im Bericht: 4." in said


# Protection


def test_profiles_say_nothing_that_is_not_published(city: xr.Dataset, inputs: xr.Dataset) -> None:
    """Another town with the same publication has the same pages, letter by letter."""
    moved = city.copy(deep=True)
    cells = moved["population"]
    for one, other, by in (("0003", "0004", 1.0), ("0005", "0001", -1.0)):
        for area, sign in ((one, 1.0), (other, -1.0)):
            cells.loc[{"area": area, "age": 0, "sex": "female"}] += sign * by
            cells.loc[{"area": area, "age": 1, "sex": "female"}] -= sign * by
    assert publish(moved).identical(publish(city))
    services = [Service(default_quota("kita_u3"), PLACES)]
    first, second = (contents_of(one, inputs=inputs, services=services) for one in (city, moved))
    for kind in KINDS.values():
        assert html_of(first, kind, first.pages(kind), None) == html_of(second, kind, second.pages(kind), None)


def test_an_area_that_is_hidden_has_a_page_without_a_number() -> None:
    town = make_city((3, 2000, 2500), scenarios={"middle": 1.0})
    hidden = contents_of(town)
    for kind in KINDS:
        page = hidden.page(KINDS[kind], 0)
        assert page.sheet is None
        said = texts(hidden, kind, 0)
        assert "wird keine Zahl gezeigt" in said
        assert not re.search(r"\b[1-9]\d* Personen", said)


def test_internal_pages_say_so(city: xr.Dataset) -> None:
    assert "Interne Fassung" in texts(contents_of(city, internal=True), "versorgung", 3)


# Files


@pytest.mark.paper
def test_one_document_for_all_and_one_for_each(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    folder = write_profiles(city, tmp_path / "profile", inputs=inputs, areas=["0004"])
    names = {path.name for path in folder.iterdir()}
    expected = {f"{kind.file}{rest}" for kind in KINDS.values() for rest in
                ("e.html", "e.pdf", "-gesamt.html", "-gesamt.pdf", "-0004.html", "-0004.pdf")}  # fmt: skip
    assert names == expected | {"weitergabe.txt"}
    listed = (folder / "weitergabe.txt").read_text("utf-8")
    assert "zum Weitergeben" in listed
    assert all(name in listed for name in expected)
    for kind in KINDS.values():
        assert _pages(folder / f"{kind.file}e.pdf") == 6
        assert _pages(folder / f"{kind.file}-0004.pdf") == 1
        page = Page((folder / f"{kind.file}e.html").read_text("utf-8"))
        assert page.open == []
        assert len(page.all("article")) == 6


def _pages(path: Path) -> int:
    """Number of pages of a PDF, whose objects may lie in compressed streams."""
    text = path.read_bytes()
    assert text.startswith(b"%PDF")
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", text, re.DOTALL):
        with suppress(zlib.error):
            text += zlib.decompress(stream)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text))


def test_profiles_are_not_overwritten_and_old_ones_do_not_stay(city: xr.Dataset, tmp_path: Path) -> None:
    inside = {"areas": ["0004"], "pdf": False, "internal": True}
    folder = write_profiles(city, tmp_path / "p", kinds=["kommunal", "ankommen"], **inside)
    assert "NUR INTERN" in (folder / "weitergabe.txt").read_text("utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputError, match="liegen schon Profile"):
        write_profiles(city, folder, kinds=["versorgung"], pdf=False)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (folder / "eigenes.txt").write_text("bleibt")
    write_profiles(city, folder, kinds=["kommunal"], areas=["0004"], pdf=False, force=True)
    names = {path.name for path in folder.iterdir()}
    assert "eigenes.txt" in names
    assert not any(name.startswith("ankommen") for name in names), "what was internal does not stay beside it"


def test_without_the_library_nothing_is_written(
    city: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        "zwkprognose.output.files.extras.find_spec", lambda name: None if name == "weasyprint" else known(name)
    )
    with pytest.raises(MissingExtraError, match=r"(?s)weasyprint gebraucht.*zwkprognose\[pdf\].*--nur-html"):
        write_profiles(city, tmp_path / "p")
    assert list(tmp_path.iterdir()) == []
    assert (write_profiles(city, tmp_path / "p", kinds=["kommunal"], pdf=False) / "kommunalprofile.html").is_file()


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"kinds": ["wirtschaft"]}, "„wirtschaft“ gibt es nicht"), ({"areas": ["4"]}, "Das Gebiet 4 gibt es nicht")],
)
def test_what_there_is_not_is_refused(city: xr.Dataset, tmp_path: Path, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(OutputError, match=words):
        write_profiles(city, tmp_path / "p", pdf=False, **asked)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.paper
def test_a_page_that_runs_over_is_set_more_closely(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    """Many services with long sources: still one page each, or a refusal."""
    long = "Quelle " * 25
    services = [Service(Quota(f"x{k}", f"Dienst {k}", (Rate(0, None, 0.1),), long)) for k in range(9)]
    folder = write_profiles(city, tmp_path / "p", inputs=inputs, services=services, kinds=["versorgung"], areas=[])
    assert _pages(folder / "versorgungsprofile.pdf") == 6
    quotas = [replace(one.quota, name=f"{one.quota.name}{k}", source=9 * long) for k in range(4) for one in services]
    many = [Service(quota) for quota in quotas]
    with pytest.raises(OutputError, match="passen nicht auf eine Seite"):
        write_profiles(city, tmp_path / "q", inputs=inputs, services=many, kinds=["versorgung"], areas=[])
    assert not (tmp_path / "q").exists()
