"""Ankommensquartiere: who comes, who stays, and what if half as many came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from zwkprognose.german import HIDDEN, ages, counted, number, percent, share, signed
from zwkprognose.output.content.facts import with_scenario
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.figures.lines import Lines, lines
from zwkprognose.output.profiles.indices import FLOW_YEARS, INSIDE, LOW, place_name
from zwkprognose.output.profiles.sections import Row
from zwkprognose.output.publication.protection import levels, small
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.report.tiles import Tile
from zwkprognose.output.tables.cross import CrossTable
from zwkprognose.scenarios.turnover import is_assumed

#: In-moves of the years together below which their composition is not shown.
LEAST = 100
YOUNG = (18, 29)
#: Ages on arrival for which retention is said, and after how many years.
ARRIVING: tuple[tuple[int, int | None], ...] = ((0, 17), (18, 29), (30, 64), (65, None))
AFTER = (1, 3, 5)
ASSUMED = (
    "Zu- und Fortzüge sind hier nicht gezählt; gerechnet ist mit einem angenommenen Umschlag. Bekannt ist nur der "
    "Saldo: Wie viele kommen, wer sie sind und wer bleibt, lässt sich nicht sagen. Wer die Bewegungen kennt, gibt "
    "sie als ereignisse oder in [raten] bewegungen an."
)
NO_RATES = "Wie viele bleiben, lässt sich ohne die Raten der Vorausberechnung nicht sagen."
NOT_COUNTED = "Nicht bestimmbar: Zu- und Fortzüge sind nicht gezählt."
PUBLISHED = (
    "Die Vorausberechnung liegt nur veröffentlicht vor; Zuzüge nach Alter und Staatsangehörigkeit stehen dort nicht."
)
STAYING = (
    "Gerechnet mit den Fortzügen und Sterbefällen aller, die dasselbe Alter und dieselbe Staatsangehörigkeit haben. "
    "Wer eben erst gekommen ist, zieht öfter wieder fort: Die wirklichen Anteile liegen darunter."
)
NO_HOMES = "Das Szenario nennt hier keine Heime, Wohnheime oder Unterkünfte."
NO_SURVEY = "Gründe für Fortzüge sind nicht angegeben ([profil] umfrage); sie werden nicht geschätzt."


@dataclass(frozen=True, slots=True)
class Survey:
    """Reasons for moving away as they were answered: area key → reasons with shares, and how many answered."""

    source: str
    reasons: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    answers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """What is known of arrivals, the whole before the areas; NaN where it is not shown.

    Attributes
    ----------
    foreign, young : [1 + area]
        Share of foreign persons and of the young among those who move in from outside.
    staying : [1 + area, age on arrival, years]
        Share of arrivals who still live there.
    halved : [y, 1 + area] or None
        Persons if half as many move in.
    reason, staying_reason : str
        Why something is not said; may be empty.
    """

    foreign: Floats
    young: Floats
    staying: Floats
    halved: Floats | None
    survey: Survey | None
    reason: str = ""
    staying_reason: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalSheet:
    """The arrival profile of one place."""

    sentence: str
    tiles: tuple[Tile, ...]
    rows: tuple[Row, ...]
    reason: str
    staying: CrossTable | None
    staying_reason: str
    homes: tuple[str, ...]
    halved: str
    lines: Lines | None
    lines_text: str
    reasons: CrossTable | None
    reasons_note: str


def arrivals_of(
    material: Material,
    projection: xr.Dataset,
    *,
    rates: xr.Dataset | None = None,
    halved: Numbers | None = None,
    survey: Survey | None = None,
) -> Arrivals:
    """Collect what flows and rates say of those who arrive.

    Parameters
    ----------
    material : Material
        Published numbers; what they hide is hidden here too.
    projection : xr.Dataset
        Result of the engine that was published.
    rates : xr.Dataset, optional
        Its rates: who stays.
    halved : Numbers, optional
        Published numbers of the same town with half of the in-moves.
    survey : Survey, optional
        Shown as it is.
    """
    numbers, size = material.numbers, 1 + len(material.facts.areas)
    known = {} if rates is None else rates.attrs
    assumed = is_assumed(known or material.facts.provenance.get("rates", {}))
    reason = ASSUMED if assumed else PUBLISHED if "publication" in projection.attrs else ""
    nothing = np.full(size, np.nan)
    rule = json.loads(material.published.attrs["publication"])
    least = 0 if rule["internal"] else rule["min_cell"]
    foreign, young = (nothing, nothing) if reason else _composition(projection, numbers, least)
    staying_reason = (NOT_COUNTED if assumed else reason) or (NO_RATES if rates is None else "")
    staying = np.full((size, len(ARRIVING), len(AFTER)), np.nan)
    if not staying_reason and rates is not None:
        staying = _staying(rates, numbers, least)
    course = None if halved is None else np.concatenate([halved.city_total[0][:, None], halved.total[0]], axis=1)
    return Arrivals(foreign, young, staying, course, survey, reason, staying_reason)


def arrival_sheet(known: Arrivals, material: Material, area: int | None) -> ArrivalSheet:
    """Rows, tables and reasons of one place."""
    numbers, at = material.numbers, 0 if area is None else area + 1
    key = "" if area is None else list(material.facts.areas)[area]
    name = place_name(numbers, area)
    reasons, note = _reasons(known.survey, key, name)
    return ArrivalSheet(
        _sentence(numbers, area),
        _tiles(known, material, area, at),
        _rows(known, numbers, area, at),
        known.reason,
        _staying_table(known, at, name),
        known.staying_reason or ("" if np.isfinite(known.staying[at]).any() else _hidden_reason()),
        _homes(material, key),
        _halved(known, numbers, area, at),
        _lines(known, material, area, at),
        f"Zwei Linien der Bevölkerung bis {numbers.facts.target_year}; die Endwerte stehen im Satz darüber.",
        reasons,
        note,
    )


def _composition(projection: xr.Dataset, numbers: Numbers, least: int) -> tuple[Floats, Floats]:
    """Shares of foreign and of young persons among in-moves [1 + area], in whole per cent.

    They are shown only where the population is shown by the same split and enough people come: expected values, but
    those of one counted year are what was counted. So on both sides of a share stand ``least`` persons a year or
    nobody, in the areas shown and in what they leave over of the whole.
    """
    whole = with_scenario(projection).isel(scenario=numbers.main)["in_moves"].isel(year=slice(0, FLOW_YEARS))
    cells = whole.sum("year").transpose("area", "nationality", "sex", "age")
    by_area = np.concatenate([cells.values.sum(axis=0, keepdims=True), cells.values])
    total = by_area.sum(axis=(1, 2, 3))
    enough = total >= LEAST
    old = cells["age"].values
    inside = (old >= YOUNG[0]) & (old <= YOUNG[1])
    seen = {
        "groups": np.concatenate([_open(numbers.city_by_nationality), _open_areas(numbers.by_nationality)]),
        "ages": np.concatenate([[True], _open_areas(numbers.broad_ages)]),
    }
    years = whole.sizes["year"]
    foreign = np.full(len(total), np.nan)
    names = [str(name) for name in cells["nationality"].values]
    if "foreign" in names:
        part = by_area[:, names.index("foreign")].sum(axis=(1, 2))
        foreign = _part(part, total, _kept(part / years, total / years, enough & (seen["groups"] > 0), least))
    part = by_area[..., inside].sum(axis=(1, 2, 3))
    return foreign, _part(part, total, _kept(part / years, total / years, enough & (seen["ages"] > 0), least))


def _kept(part: Floats, total: Floats, shown: Floats, least: int) -> Floats:
    """What of ``shown`` [1 + area] may stay: both sides of a share are protected as counted persons are."""
    sides = np.stack([part, total - part], axis=-1)
    sides[np.isclose(sides, 0.0, atol=1e-9)] = 0.0
    alone = np.zeros(len(part) - 1, dtype=np.int64)
    hidden, _ = levels([sides[1:]], least, alone, start=np.where(shown[1:], 0, 1))
    whole = bool(shown[0]) and not small(sides[0], least).any()
    return np.concatenate([[whole], hidden == 0])


def _open(values: Floats) -> Floats:
    return np.array([float(not np.isnan(values).any())])


def _open_areas(values: Floats) -> Floats:
    """Whether each area shows a table [scenario, y, area, …]."""
    return np.asarray(~np.isnan(np.moveaxis(values, 2, 0)).reshape(values.shape[2], -1).any(axis=1), dtype=float)


def _part(part: Floats, total: Floats, shown: Floats) -> Floats:
    ratio = np.divide(part, total, out=np.full_like(total, np.nan), where=total > 0)
    return np.where(shown.astype(bool), np.round(ratio, 2), np.nan)


def _staying(rates: xr.Dataset, numbers: Numbers, least: int) -> Floats:
    """Share of arrivals who still live in the place [1 + area, age on arrival, years], in whole per cent.

    Of a year's arrivals at least ``least`` leave in the first year, and as many stay to the last: rates of few persons
    are not told. Who has reached age x at the end of the year of arrival is exposed to the rates of x + 1, x + 2 …; the
    open group goes on with its own.
    """
    first = rates.isel(year=0) if "year" in rates.dims else rates
    dims = ("area", "nationality", "sex", "age")
    coming = first["in_moves"].transpose(*dims).values
    leave = [_rate(first, name, coming.shape, dims) for name in ("out_prob", "move_out_prob")]
    dying = _rate(first, "death_prob", coming.shape, dims)
    here = np.stack([(1 - dying) * (1 - leave[0] - leave[1]), (1 - dying) * (1 - leave[0])])
    alive = np.ones_like(here)
    found = []
    shifted = np.concatenate([here[..., 1:], here[..., -1:]], axis=-1)
    for year in range(1, max(AFTER) + 1):
        alive = alive * shifted
        shifted = np.concatenate([shifted[..., 1:], shifted[..., -1:]], axis=-1)
        if year in AFTER:
            found.append(alive.copy())
    kept, old = np.stack(found, axis=-1), first["age"].values
    by_band = [_weighed(kept, coming, band, old) for band in ARRIVING]
    shown = np.concatenate([[True], _open_areas(numbers.broad_ages)])
    return np.stack([_shares_staying(*one, shown, least) for one in by_band], axis=1)


def _shares_staying(stay: Floats, total: Floats, shown: Floats, least: int) -> Floats:
    """Shares [1 + area, years] of those who come at some ages."""
    kept = np.concatenate([stay[1].sum(axis=0, keepdims=True), stay[0]])
    come = np.concatenate([total.sum(axis=0, keepdims=True), total])
    found = np.round(_ratio(kept, come), 2)
    known = np.where(np.isnan(found).any(axis=1), 0.0, shown)
    gone = come[:, 0] - kept[:, 0]
    safe = _kept(gone, gone + kept[:, -1], known, least)
    return np.where(safe[:, None], found, np.nan)


def _weighed(kept: Floats, coming: Floats, band: tuple[int, int | None], old: Floats) -> tuple[Floats, Floats]:
    """Arrivals at some ages who stay [area or whole, area, years], and all of them [area, 1]."""
    inside = (old >= band[0]) & (old <= (np.inf if band[1] is None else band[1]))
    weight = coming[..., inside]
    stay = (kept[..., inside, :] * weight[..., None]).sum(axis=(2, 3, 4))
    return np.asarray(stay), np.asarray(weight.sum(axis=(1, 2, 3))[:, None])


def _ratio(stay: Floats, total: Floats) -> Floats:
    """Share of those who stay; NaN where few arrive."""
    found = np.divide(stay, total, out=np.full_like(stay, np.nan), where=total > 0)
    return np.where(total * FLOW_YEARS >= LEAST, found, np.nan)


def _rate(rates: xr.Dataset, name: str, shape: tuple[int, ...], dims: Sequence[str]) -> Floats:
    if name not in rates:
        return np.zeros(shape)
    full = rates[name].broadcast_like(rates["in_moves"])
    return np.asarray(full.transpose(*dims).values)


def _rows(known: Arrivals, numbers: Numbers, area: int | None, at: int) -> tuple[Row, ...]:
    """Turnover and composition of the first projected years."""
    facts, years = numbers.facts, min(FLOW_YEARS, len(numbers.flow_years))
    span = f"im Jahr, Mittel {facts.base_year + 1}–{facts.base_year + years}"
    names = {
        "in_moves": f"Zuzüge über die Grenze {facts.regions.whole.of_the}",
        "out_moves": f"Fortzüge über die Grenze {facts.regions.whole.of_the}",
        "moves_in": f"Zuzüge aus anderen {facts.regions.part.plural_dative}",
        "moves_out": f"Fortzüge in andere {facts.regions.part.plural}",
    }
    yearly = {name: float(numbers.events(name, area)[numbers.main, :years].sum() / years) for name in numbers.flows}
    rows: list[Row] = [("Wanderungssaldo", signed(_balance(yearly, area)), span)]
    if known.reason == ASSUMED:
        return tuple(rows)
    rows += [(words, number(yearly[name]), span) for name, words in names.items()
             if name in yearly and not (area is None and name in INSIDE)]  # fmt: skip
    if known.reason:
        return tuple(rows)
    parts = ((known.foreign, "davon ohne deutsche Staatsangehörigkeit"), (known.young, "davon 18 bis 29 Jahre"))
    for values, words in parts:
        text = share(float(values[at])) if np.isfinite(values[at]) else HIDDEN
        rows.append((f"Zuzüge von außen, {words}", text, span))
    return tuple(rows)


def _balance(yearly: Mapping[str, float], area: int | None) -> float:
    """Arrivals less departures; inside the whole they cancel out."""
    signs = {"in_moves": 1, "out_moves": -1} | ({} if area is None else {"moves_in": 1, "moves_out": -1})
    return sum(sign * yearly[name] for name, sign in signs.items() if name in yearly)


def _sentence(numbers: Numbers, area: int | None) -> str:
    """How many more come than go, in all years together."""
    facts = numbers.facts
    sums = {name: float(numbers.events(name, area)[numbers.main].sum()) for name in numbers.flows}
    balance = _balance(sums, area)
    way = "ziehen im Saldo" if balance else "gleichen sich Zuzüge und Fortzüge aus"
    years = f"Von {facts.base_year + 1} bis {facts.target_year}"
    if not balance:
        return f"{years} {way}."
    return f"{years} {way} {counted(abs(balance), 'Person', 'Personen')} {'zu' if balance > 0 else 'fort'}."


def _tiles(known: Arrivals, material: Material, area: int | None, at: int) -> tuple[Tile, ...]:
    """Balance, share of foreign persons now and later, and what half of the in-moves would change."""
    numbers, facts, main = material.numbers, material.facts, material.numbers.main
    found: list[Tile] = []
    if "foreign" in numbers.nationalities:
        groups = numbers.city_by_nationality if area is None else numbers.by_nationality[:, :, area]
        people = groups[main]
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = 100 * people[:, numbers.nationalities.index("foreign")] / people.sum(axis=1)
        if np.isfinite(parts[[0, -1]]).all():
            base = f"{facts.base_year}: {number(float(parts[0]), 1)}\u202f%"
            found.append((f"Ausländeranteil {facts.target_year}", f"{number(float(parts[-1]), 1)}\u202f%", base))
    if known.halved is not None and float(numbers.totals(area)[main, -1]) > 0:
        now, other = float(numbers.totals(area)[main, -1]), float(known.halved[-1, at])
        change = percent(100 * (other - now) / now)
        found.append((f"Bevölkerung {facts.target_year}", number(now), facts.main.title))
        found.append(("bei halben Zuzügen", number(other), f"{change} gegenüber „{facts.main.title}“"))
    return tuple(found)


def _staying_table(known: Arrivals, at: int, name: str) -> CrossTable | None:
    """Who still lives there after some years, by age on arrival."""
    if known.staying_reason or not np.isfinite(known.staying[at]).any():
        return None
    rows = tuple(
        (ages(*band), *(share(float(value)) if np.isfinite(value) else HIDDEN for value in row))
        for band, row in zip(ARRIVING, known.staying[at], strict=True)
    )
    heads = tuple(f"nach {year} {'Jahr' if year == 1 else 'Jahren'}" for year in AFTER)
    return CrossTable(f"Von den Zugezogenen wohnen noch hier: {name}", ("Alter beim Zuzug", *heads), rows)


def _hidden_reason() -> str:
    return "Hier kommen zu wenige Menschen an, um zu sagen, wie viele bleiben."


def _homes(material: Material, key: str) -> tuple[str, ...]:
    """Special accommodation that the main scenario states for this place."""
    facts = material.facts
    said = [text for text in facts.main.assumptions if text.startswith("Sondergruppe ")]
    if key:
        names = {key, facts.areas[key]}
        said = [text for text in said if any(f" in {name}: " in text for name in names)]
    return tuple(said) or (NO_HOMES,)


def _halved(known: Arrivals, numbers: Numbers, area: int | None, at: int) -> str:
    """What half of the in-moves would make of the place, in a sentence."""
    if known.halved is None:
        return "Was geschähe, wenn nur halb so viele zuzögen, ist nicht gerechnet."
    facts, now = numbers.facts, float(numbers.totals(area)[numbers.main, -1])
    other = float(known.halved[-1, at])
    if np.isnan(now) or np.isnan(other) or now <= 0:
        return "Diese Zahl wird hier nicht veröffentlicht (Schutz kleiner Zahlen)."
    doubt = " Das hängt auch am angenommenen Umschlag." if known.reason == ASSUMED else ""
    return (
        f"Zögen ab {facts.base_year + 1} nur halb so viele Menschen von außen zu, wären es am "
        f"31.12.{facts.target_year} {number(other)} statt {number(now)} Personen "
        f"({percent(100 * (other - now) / now)}).{doubt}"
    )


def _lines(known: Arrivals, material: Material, area: int | None, at: int) -> Lines | None:
    """The main scenario beside that with half of the in-moves."""
    numbers = material.numbers
    if known.halved is None or np.isnan(known.halved[:, at]).any():
        return None
    values = np.stack([numbers.totals(area)[numbers.main], known.halved[:, at]])
    key = "" if area is None else list(numbers.facts.areas)[area]
    return lines(
        numbers.years, values, [numbers.facts.main.title, "halbe Zuzüge"], styles=[0, 1],
        past=material.past.get(key, ()), height=LOW,
    )  # fmt: skip


def _reasons(survey: Survey | None, key: str, name: str) -> tuple[CrossTable | None, str]:
    """The survey of one place beside the numbers, or why there is none."""
    if survey is None:
        return None, NO_SURVEY
    if key not in survey.reasons:
        return None, "Aus diesem Gebiet liegen keine Antworten vor." if survey.reasons else NO_SURVEY
    answers = survey.answers.get(key)
    if answers is not None and answers < FEW_ANSWERS:
        return None, f"Nur {number(answers)} Antworten: zu wenige, um Gründe zu zeigen."
    rows = tuple((reason, share(part)) for reason, part in survey.reasons[key])
    how_many = "" if answers is None else f" {number(answers)} Antworten."
    table = CrossTable(f"Gründe für Fortzüge {name}", ("Grund", "Anteil der Antworten"), rows)
    return table, f"Quelle: {survey.source}.{how_many}"


#: Answers below which reasons are not shown.
FEW_ANSWERS = 20
