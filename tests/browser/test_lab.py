"""The Demografielabor in a real browser: every control, the same bits as ``project``, and documents that travel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from support.browser import DESK, PHONE, Visit, visited
from support.cities import City, rates_of, stock_of

from zwkprognose import Scenario, demand, estimate_rates, load_example, prepare, project, publish
from zwkprognose.evaluation import evaluate_milestones
from zwkprognose.examples import geometry
from zwkprognose.german import decimal, number
from zwkprognose.lab import lab
from zwkprognose.output import default_quota
from zwkprognose.output.content.services import Service

UNTIL = 2030
PLAN = """
[[meilenstein]]
name = "Kinder unter sechs"
alter = "0-5"
ziel = 200000
[[meilenstein]]
name = "Zuzüge nach Mitte"
groesse = "zuzuege"
gebiete = "0101"
jahr = 2025
ziel = 30000
[[meilenstein]]
name = "Anteil ab 65"
alter = "65+"
je_hundert = "alle"
ziel = 10
richtung = "hoechstens"
"""
MIDDLE = Scenario.bundled("middle")


@pytest.fixture(scope="session")
def inputs() -> xr.Dataset:
    return load_example("berlin")


@pytest.fixture(scope="session")
def rates(inputs: xr.Dataset) -> xr.Dataset:
    return estimate_rates(inputs)


@pytest.fixture(scope="session")
def berlin_lab(tmp_path_factory: pytest.TempPathFactory, inputs: xr.Dataset, rates: xr.Dataset) -> Path:
    services = [
        Service(default_quota("kita_u3"), {str(key): 700.0 for key in inputs["area"].values}),
        Service(default_quota("pflege")),
    ]
    page = lab(
        inputs, rates, MIDDLE, until=UNTIL, totals="shrunk", geometry=geometry("berlin"), services=services,
        milestones=PLAN, districts=_districts(), internal=True,
    )  # fmt: skip
    return page.write(tmp_path_factory.mktemp("labor") / "labor.html")


def _districts() -> dict[str, str]:
    places = [feature["properties"] for feature in geometry("berlin")["features"]]
    return {place["area"]: place["bezirk_name"] for place in places}


@pytest.fixture
def seen(browser: Browser, berlin_lab: Path) -> Any:
    """The page, ready."""
    with visited(browser, berlin_lab) as visit:
        ready(visit)
        yield visit


def ready(visit: Visit) -> None:
    visit.page.wait_for_selector("html[data-ready]")


def settled(visit: Visit) -> None:
    """Wait until everything that is assumed is computed and drawn."""
    visit.page.wait_for_selector("html[data-busy=false]")


def move(visit: Visit, name: str, value: float) -> None:
    """Type the number of a lever."""
    field = visit.page.get_by_label(f"{name}, Zahl")
    field.fill(str(value))
    field.press("Enter")
    settled(visit)


def shown(visit: Visit) -> list[str]:
    """Persons of the city and of every area in the list."""
    return visit.page.locator("#liste b").all_inner_texts()


def computed(inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario, year: int = UNTIL) -> list[str]:
    """The same by the engine."""
    people = prepare(inputs, rates, until=UNTIL, totals="shrunk").population(scenario, by="area").sel(year_end=year)
    return [number(float(people.sum())), *(number(value) for value in people.values.tolist())]


def test_it_begins_with_the_scenario_of_the_office(seen: Visit, inputs: xr.Dataset, rates: xr.Dataset) -> None:
    assert shown(seen) == computed(inputs, rates, MIDDLE)
    assert seen.text("#saetze") == "Die Sterbewahrscheinlichkeiten sinken ab dem ersten Prognosejahr jedes Jahr um 1 %."
    assert "INTERN" in seen.text("header")


def test_a_saved_scenario_gives_the_numbers_of_the_screen(
    seen: Visit, inputs: xr.Dataset, rates: xr.Dataset, tmp_path: Path
) -> None:
    move(seen, "Zuzüge", 12)
    move(seen, "Geburten", -7.5)
    seen.page.select_option("#art", "halten")
    seen.page.click("#dazu")
    settled(seen)
    text = seen.saved(seen.page.locator("#speichern"))
    scenario = Scenario.from_toml(text)
    assert {a.quantity for a in scenario.assumptions} == {"sterblichkeit", "zuzuege", "geburten"}
    assert len(scenario.retention) == 1
    assert shown(seen) == computed(inputs, rates, scenario) != computed(inputs, rates, MIDDLE)


def test_a_document_of_the_office_is_opened_and_saved_again(seen: Visit, tmp_path: Path) -> None:
    scenario = Scenario.from_toml(
        'name = "hafen"\ntitel = "Hafen"\n[[erstbezug]]\nname = "Kai"\ngebiet = "0102"\nwohnungen = 300\nvon = 2025\n'
        "anteil_von_aussen = 0.4\n[[eckwert]]\npersonen = { 2030 = 3900000 }\n"
    )
    for name, text in (("hafen.toml", scenario.to_toml()), ("hafen.json", scenario.to_json())):
        (tmp_path / name).write_text(text, encoding="utf-8")
        seen.page.set_input_files("#oeffnen", tmp_path / name)
        seen.page.wait_for_selector("#meldung:has-text('ist geöffnet')")
        assert Scenario.from_toml(seen.saved(seen.page.locator("#speichern"))) == scenario


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'name = "a"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\ngebiete = ["9999"]\n',
            "Ein Gebiet „9999“ gibt es",
        ),
        (
            'name = "see"\n[[erstbezug]]\nname = "Ufer"\ngebiet = "Überlingen"\nwohnungen = 30\nvon = 2025\n'
            "anteil_von_aussen = 0.4\n",
            "Ein Gebiet „Überlingen“ gibt es",
        ),
        ("name = hafen", "Zeile 1"),
        ('titel = "ohne Namen"', "Es fehlt die Angabe „name“"),
        ('name = "a"\ngrundlage = "beschluss.toml"', "„beschluss.toml“ liegt hier nicht vor"),
        ('name = "a"\n[[eckwert]]\nmindestens = 5\n', "rechnet diese Seite nicht"),
        ('name = "a"\nfoo = 1', "„foo“"),
    ],
)
def test_what_cannot_be_opened_changes_nothing(seen: Visit, tmp_path: Path, text: str, told: str) -> None:
    before = shown(seen)
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    seen.page.set_input_files("#oeffnen", tmp_path / "x.toml")
    seen.page.wait_for_selector("#meldung:has-text('x.toml')")
    assert told in seen.text("#meldung")
    assert shown(seen) == before
    assert seen.page.locator("#szenarien input").count() == 1


def test_every_kind_of_assumption_can_be_added_changed_and_taken_back(seen: Visit) -> None:
    before = seen.text("#saetze"), shown(seen)
    kinds = seen.page.locator("#art option").evaluate_all("(all) => all.map((one) => one.value)")
    seen.page.click("#liste button[data-place='2']")
    settled(seen)
    for kind in kinds:
        seen.page.select_option("#art", kind)
        seen.page.click("#dazu")
        settled(seen)
        assert seen.text("#meldung") == "", kind
        assert seen.page.locator("#saetze li").count() == 2, kind
        fields = seen.page.locator("#hebel li:last-child [data-key]").evaluate_all(
            "(all) => all.map((f) => f.dataset.key)"
        )
        for key in fields:
            change(seen, key)
            assert seen.text("#meldung") == "", (kind, key)
        seen.page.locator("#hebel li:last-child [data-remove]").click()
        settled(seen)
        assert seen.text("#saetze") == before[0]
    seen.page.click("#liste button[data-place='0']")
    settled(seen)
    assert shown(seen) == before[1]
    while seen.page.locator("#zurueck").is_enabled():
        seen.page.click("#zurueck")
    settled(seen)
    assert shown(seen) == before[1]


#: What is chosen or typed into the fields of a statement.
VALUES = {
    "gebiete": "0301", "gebiet": "0301", "staatsangehoerigkeit": "A", "geschlecht": "w", "alter": "18-45",
    "verlauf": "gleitend", "von": "2023", "bis": "2027", "name": "Anderer Name", "anteil_von_aussen": "0.75",
    "personen_je_wohnung": "2.5", "schliesst": "2028", "bleibeanteil": "0.5", "text": "Weil es so ist",
}  # fmt: skip


def change(seen: Visit, key: str) -> None:
    field = seen.page.locator(f"#hebel li:last-child [data-key='{key}']")
    if field.evaluate("(f) => f.tagName") == "SELECT":
        field.select_option(VALUES[key])
    else:
        field.fill(VALUES[key])
        field.press("Enter")
    settled(seen)
    assert seen.page.locator(f"#hebel li:last-child [data-key='{key}']").input_value() == VALUES[key]


def test_the_slider_works_with_keys_and_one_pull_is_one_step_back(seen: Visit) -> None:
    before = shown(seen)
    slider = seen.page.get_by_label("Zuzüge", exact=True)
    for _ in range(5):
        slider.press("ArrowRight")
    settled(seen)
    assert slider.input_value() == "5"
    assert "um 5 % höher" in seen.text("#saetze")
    assert shown(seen) != before
    while seen.page.locator("#zurueck").is_enabled():
        seen.page.click("#zurueck")
    settled(seen)
    assert shown(seen) == before
    seen.page.click("#vor")
    settled(seen)
    assert shown(seen) != before


def test_scenarios_stand_beside_each_other(seen: Visit) -> None:
    move(seen, "Zuzüge", 10)
    for count in (2, 3, 4):
        seen.page.click("#neu")
        settled(seen)
        move(seen, "Zuzüge", -10 * count)
        assert seen.page.locator("#szenarien input").count() == count
    assert seen.page.locator("#neu").is_disabled()
    assert seen.page.locator("#linien polyline.line").count() == 5
    seen.page.fill("#titel", "Weniger Zuzug <b>")
    seen.page.press("#titel", "Enter")
    assert "Weniger Zuzug <b>" in seen.page.locator("#szenarien label").all_inner_texts()
    head = seen.page.locator("#altersgruppen th[scope=col]").all_inner_texts()
    assert head[-1].startswith("Weniger Zuzug <b>")
    seen.page.click("#weg")
    settled(seen)
    assert seen.page.locator("#szenarien input").count() == 3


def test_the_parts_of_the_effect_add_up(seen: Visit) -> None:
    move(seen, "Zuzüge", 10)
    move(seen, "Geburten", 5)
    move(seen, "Sterblichkeit, Änderung je Jahr", -2)
    seen.page.click("#wirkung-los")
    seen.page.wait_for_selector("#wirkung tr.sum")
    rows = [
        text.replace(".", "").replace("−", "-")
        for text in seen.page.locator("#wirkung td:nth-child(2)").all_inner_texts()
    ]
    parts = [int(text) for text in rows]
    tile = seen.page.locator("#kacheln li:nth-child(3) strong").inner_text().replace(".", "").replace("−", "-")
    assert len(parts) == 4
    assert parts[-1] == int(tile)
    assert abs(sum(parts[:-1]) - parts[-1]) <= 2  # each is rounded by itself


def test_milestones_and_demand_follow_what_is_assumed(seen: Visit, inputs: xr.Dataset, rates: xr.Dataset) -> None:
    move(seen, "Geburten", 40)
    scenario = Scenario.from_toml(seen.saved(seen.page.locator("#speichern")))
    projection = prepare(inputs, rates, until=UNTIL, totals="shrunk").project(scenario)
    for shown, row in zip(
        seen.page.locator("#ziele li").all(), evaluate_milestones(projection, PLAN).to_dict("records"), strict=True
    ):
        digits = 2 if row["unit"].startswith("je 100") else 0
        assert f" {decimal(row['value'], digits)} {row['unit']}" in shown.inner_text()
        assert (shown.get_attribute("class") == "met") == bool(row["met"])
        assert ("nicht erreicht" in shown.inner_text()) != bool(row["met"])
    kita = demand(projection, default_quota("kita_u3"), by=())["demand"].isel(quota=0).values.ravel()
    cells = seen.page.locator("#bedarf tbody tr:first-child td").all_inner_texts()
    assert [cells[0], cells[2], cells[3]] == [number(kita[0]), number(kita[-1]), number(94 * 700)]


def test_every_mark_of_a_picture_is_seen(seen: Visit) -> None:
    """What the words beside a picture speak of must be there: dots of the past, lines, columns, areas of the map."""
    drawn = "svg :is(path, polyline, circle, rect, text)"
    unseen = seen.page.evaluate(
        """(marks) => [...document.querySelectorAll(marks)].filter((one) => getComputedStyle(one).display === "none")
           .map((one) => one.outerHTML.slice(0, 80))""",
        f"#linien {drawn}, #pyramide {drawn}, #karte path:not(.frame)",
    )
    assert unseen == []
    assert seen.page.locator("#linien circle.past").count() == 4


def test_place_year_search_map_and_distance(seen: Visit, inputs: xr.Dataset, rates: xr.Dataset) -> None:
    seen.page.locator("#jahr").fill("2025")
    assert shown(seen) == computed(inputs, rates, MIDDLE, 2025)
    assert seen.text("#jahr-zahl") == "2025"
    seen.page.fill("#suche", "moa")
    assert seen.page.locator("#liste li").count() == 2
    seen.page.click("#liste li:last-child button")
    settled(seen)
    assert seen.text("#ort-name") == "Moabit"
    seen.page.fill("#suche", "")
    seen.page.locator("#karte a").nth(40).dispatch_event("click")
    settled(seen)
    assert seen.text("#ort-name") != "Moabit"
    seen.page.check("#gegen")
    assert set(seen.page.locator("#liste i").all_inner_texts()[1:]) == {"0,0\u202f%"}
    seen.page.click("#abspielen")
    seen.page.wait_for_selector("#jahr-zahl:has-text('2028')")
    seen.page.click("#abspielen")


def test_an_assumption_of_a_district_names_its_areas(seen: Visit, inputs: xr.Dataset, rates: xr.Dataset) -> None:
    seen.page.select_option("#art", "fortzuege")
    seen.page.click("#dazu")
    settled(seen)
    seen.page.locator("#hebel li:last-child [data-key=gebiete]").select_option(label="Bezirk: Pankow")
    settled(seen)
    assert seen.page.locator("#hebel li:last-child small").inner_text() == "Pankow"
    scenario = Scenario.from_toml(seen.saved(seen.page.locator("#speichern")))
    assert scenario.assumptions[-1].areas == tuple(key for key, name in _districts().items() if name == "Pankow")
    assert shown(seen) == computed(inputs, rates, scenario) != computed(inputs, rates, MIDDLE)


def test_the_evening_is_recorded(seen: Visit) -> None:
    seen.page.fill("#wer", '=Anna; "B"')
    move(seen, "Zuzüge", 10)
    seen.page.click("#anfang")
    settled(seen)
    lines = seen.saved(seen.page.locator("#protokoll-speichern")).splitlines()
    assert lines[0] == '"Zeit";"Wer";"Szenario";"Annahmen"'
    assert lines[1].split(";", 1)[1].startswith('"\'=Anna; ""B""";"Szenario A";"Die Zuzüge sind')
    assert lines[2].endswith('"Wie die Grundlage."')


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (1920, "light")])
def test_axe_finds_nothing_and_nothing_runs_over_the_side(
    browser: Browser, berlin_lab: Path, width: int, scheme: str
) -> None:
    with visited(browser, berlin_lab, width=width) as visit:
        visit.page.emulate_media(color_scheme=scheme)
        ready(visit)
        move(visit, "Zuzüge", 10)
        visit.page.locator("#hebel details > summary").first.click()
        visit.page.click("#wirkung-los")
        visit.page.wait_for_selector("#wirkung tr.sum")
        found = Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [f"{one['id']}: {one['help']} {one['nodes'][0]['html'][:200]}" for one in found] == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "(names) => names.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
        assert visit.page.eval_on_selector_all("#liste button > :first-child", wide) == []


def test_on_a_phone_the_result_stays_in_sight_while_a_slider_moves(browser: Browser, berlin_lab: Path) -> None:
    with visited(browser, berlin_lab, width=PHONE) as visit:
        ready(visit)
        visit.page.get_by_label("Zuzüge", exact=True).focus()
        for _ in range(3):
            visit.page.keyboard.press("ArrowRight")
        settled(visit)
        told, apart = visit.text("#kurz"), visit.page.locator("#kacheln li:nth-child(3) strong").text_content()
        assert told == f"{UNTIL}: {shown(visit)[0]} Personen, {apart} gegenüber der Grundlage"
        box = visit.page.locator("#kurz").bounding_box()
        assert box is not None
        assert 0 < box["y"] < 900 - box["height"] + 1


def test_at_twice_the_size_of_letters_nothing_runs_over_the_side(seen: Visit) -> None:
    seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= DESK


def test_names_that_were_written_to_do_harm(browser: Browser, tmp_path: Path) -> None:
    harm = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", '" onfocus=alert(1) autofocus="']
    city = City(3, 2, 90, 1)
    stock = stock_of(city, 1.0).assign_coords(area_name=("area", harm)).assign_attrs(title=harm[1])
    scenario = Scenario.from_document(
        {"name": "s", "titel": harm[0], "gebietstypen": {harm[1]: ["00"]},
         "ereignis": [{"name": harm[0], "personen": 5.0, "text": harm[1]}]}
    )  # fmt: skip
    page = lab(stock, rates_of(city), scenario, until=2025, internal=True).write(tmp_path / "labor.html")
    with visited(browser, page) as visit:
        ready(visit)
        visit.page.click("#liste button[data-place='1']")
        settled(visit)
        assert visit.text("#ort-name") == harm[0]
        assert visit.page.locator("h1").inner_text() == harm[1]
        assert visit.page.locator("main img").count() == 0
        assert Scenario.from_toml(visit.saved(visit.page.locator("#speichern"))).shocks == scenario.shocks


@pytest.mark.parametrize(("areas", "until"), [(1, 2021), (1, 2030), (500, 2023)])
def test_one_area_one_year_and_many_areas(browser: Browser, tmp_path: Path, areas: int, until: int) -> None:
    city = City(areas, 1, 90, 3)
    page = lab(stock_of(city, 1.0), rates_of(city), Scenario.bundled("unchanged"), until=until, internal=True)
    with visited(browser, page.write(tmp_path / "labor.html")) as visit:
        ready(visit)
        move(visit, "Zuzüge", 10)
        assert visit.text("#meldung") == ""
        assert visit.page.locator("#gebiete").is_visible() == (areas > 1)


def test_a_page_to_hand_on_shows_what_is_published(browser: Browser, tmp_path: Path) -> None:
    """Two areas too small to be shown stand together; what is saved goes on top of the office's scenario."""
    whole = load_example("berlin").isel(area=[0, 1, 2, 12, 30, 40])
    now = whole["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    persons = xr.DataArray([np.nan, np.nan, 300.0, np.nan, 3.0, 4.0], {"area": whole["area"].values})
    inputs = (whole * (persons / now).fillna(1.0)).assign_attrs(whole.attrs)
    rates = estimate_rates(inputs)
    page = lab(inputs, rates, MIDDLE, until=UNTIL, geometry=_squares(inputs), milestones=HIDDEN_PLAN)
    published = publish(project(inputs, rates, MIDDLE, until=UNTIL)).isel(scenario=0)
    with visited(browser, page.write(tmp_path / "labor.html")) as visit:
        ready(visit)
        last = published.isel(year_end=-1)
        totals = last["total"].values[~np.isnan(last["total"].values)]
        assert visit.page.locator("#liste span").all_inner_texts()[-1] == "Nicht gezeigte Gebiete"
        rest = float(last["city_total"]) - totals.sum()
        assert shown(visit) == [number(value) for value in (float(last["city_total"]), *totals, rest)]
        assert "INTERN" not in visit.text("header")
        assert "aus veröffentlichten Zahlen nachgebildet" in visit.text("header")
        assert "Hier nicht gezeigt, weil ein Gebiet geschützt ist: Versteckt." in visit.text("main")
        assert visit.page.locator("#ziele li").count() == 1
        move(visit, "Zuzüge", 10)
        visit.page.locator("#liste button").last.click()
        settled(visit)
        visit.page.select_option("#art", "fortzuege")
        visit.page.click("#dazu")  # the areas that are not shown are no area of a document: it is said of all
        settled(visit)
        scenario = Scenario.from_toml(visit.saved(visit.page.locator("#speichern")))
        assert [a.quantity for a in scenario.assumptions] == ["sterblichkeit", "zuzuege", "fortzuege"]
        assert scenario.assumptions[2].areas is None
        options = visit.page.locator("#hebel li:last-child [data-key=gebiete] option").all_inner_texts()
        assert len(options) == 1 + len(totals)
        assert visit.page.locator("#karte path.k-none").count() == 2


HIDDEN_PLAN = """
[[meilenstein]]
name = "Alle"
ziel = 5
[[meilenstein]]
name = "Versteckt"
gebiete = "0502"
ziel = 5
"""


def _squares(inputs: xr.Dataset) -> dict[str, Any]:
    keys = [str(key) for key in inputs["area"].values]
    corners = [[[k, 50], [k + 1, 50], [k + 1, 51], [k, 51], [k, 50]] for k in range(len(keys))]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"area": key}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for key, ring in zip(keys, corners, strict=True)
        ],
    }


def test_without_script_it_says_what_it_needs(browser: Browser, berlin_lab: Path) -> None:
    with visited(browser, berlin_lab, script=False) as visit:
        assert "braucht dafür JavaScript" in visit.text("noscript")


def test_inside_a_notebook(browser: Browser, tmp_path: Path) -> None:
    city = City(2, 2, 90, 1)
    page = lab(stock_of(city, 1.0), rates_of(city), MIDDLE, until=2025, internal=True)
    (tmp_path / "heft.html").write_text(f"<!DOCTYPE html><title>Heft</title>{page._repr_html_()}", encoding="utf-8")
    with visited(browser, tmp_path / "heft.html") as visit:
        visit.page.frame_locator("iframe").locator("html[data-ready]").wait_for()
        assert visit.page.frame_locator("iframe").locator("#kacheln li").count() == 4
