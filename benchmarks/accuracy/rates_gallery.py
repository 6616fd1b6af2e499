"""One figure per method of estimating rates, on the bundled data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose import national
from zwkprognose.examples import load_example
from zwkprognose.inputs.graduation import graduate
from zwkprognose.rates import (
    brass_survivors,
    close_rates,
    estimate_rates,
    fit_brass,
    fit_rogers_castro,
    fit_topals,
    graduate_by_multipliers,
    graduate_pclm,
    improve_mortality,
    propose_types,
)
from zwkprognose.rates.fertility.change import shift_ages
from zwkprognose.rates.mortality.improvement import life_expectancy
from zwkprognose.rates.mortality.year_end import year_end_death_prob

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#8c8c8c"
Draw = Callable[[Any], None]


def gallery(folder: Path, aargau: Path | None) -> list[tuple[str, str, str]]:
    """Draw all figures into a folder; (file, title, what one sees) of each."""
    berlin = load_example("berlin")
    rates = estimate_rates(berlin)
    figures: list[tuple[str, str, str, Draw]] = [
        ("raten-stichtag", "Sterbewahrscheinlichkeit vom 31.12. zum 31.12.",
         "Die Tafel gilt von Geburtstag zu Geburtstag; die Kohorte ist ein halbes Jahr jünger.", _year_end),
        ("raten-schliessung", "Schließung nach Kannisto und Gompertz",
         "Sterbeziffern 2022/24, Frauen; angepasst von 80 bis 95. Kannisto flacht ab, Gompertz nicht.", _closing),
        ("raten-trend", "Lebenserwartung bei verschiedenen Annahmen",
         "Berlin, Frauen, ab der Tafel 2018/20.", lambda axis: _improvement(axis, rates)),
        ("raten-topals", "TOPALS mit und ohne Ridge",
         "Sterbefälle, wie sie ein Gebiet mit 3.000 Männern in drei Jahren nach der Tafel 1991/93 hätte, angelehnt an "
         "2022/24.", _topals),
        ("raten-brass", "Brass: eine Tafel aus einer anderen",
         "Überlebende Männer 1991/93 aus der Tafel 2022/24 mit zwei Parametern.", _brass),
        ("raten-niveau", "Geburtenniveau der Berliner Ortsteile, geschrumpft",
         "Verhältnis zur deutschen Geburtenziffer. Kleine Ortsteile rücken zum Wert der Stadt.",
         lambda axis: _levels(axis, rates)),
        ("raten-gebaeralter", "Späteres Gebäralter", "Geburtenziffern 2023 und um 1,5 Jahre verschoben.", _shift),
        ("raten-residuum", "Wanderungssaldo aus zwei Beständen",
         "Berlin 2011–2020 je Kopf und Jahr nach Alter, aus den Kohorten; Einbürgerungen stecken darin.",
         lambda axis: _residual(axis, rates)),
        ("raten-gebiet", "Ein Ortsteil zwischen eigenem Muster und Stadt",
         "Wanderungssaldo der Deutschen in Blankenfelde: roh, Stadt, geschrumpft.", lambda axis: _area(axis, berlin)),
        ("raten-altersjahre", "Fünfjahresgruppen zu Altersjahren",
         "Ortsteil Buch, deutsche Frauen 2020.", lambda axis: _graduation(axis, berlin)),
        ("raten-typen", "Gebietstypen", "Vorschlag mit vier Typen; jeder Punkt ist ein Ortsteil.",
         lambda axis: _types(axis, berlin)),
    ]  # fmt: skip
    if aargau is not None:
        seen = "Fortzüge je Person, Region 3 des Kantons Aargau 2022–2025, Schweizerinnen und Schweizer."
        figures.append(("raten-profil", "Rogers-Castro", seen, lambda axis: _profile(axis, aargau)))
    for name, title, _, draw in figures:
        _save(folder / f"{name}.svg", title, draw)
    return [(f"{name}.svg", title, seen) for name, title, seen, _ in figures]


def _save(path: Path, title: str, draw: Draw) -> None:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # no dates and no random marks in the file: the same figures give the same picture
    with plt.rc_context({"svg.hashsalt": "zwkprognose", "svg.fonttype": "none", "font.size": 10}):
        figure, axis = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
        draw(axis)
        axis.spines[["top", "right"]].set_visible(False)
        _german_ticks(axis)
        if axis.get_legend_handles_labels()[0]:
            axis.legend(frameon=False, fontsize=9)
        figure.savefig(path, metadata={"Date": None, "Title": title})
        plt.close(figure)


def _german_ticks(axis: Any) -> None:
    """Decimal commas on linear axes."""
    from matplotlib.ticker import FuncFormatter

    comma = FuncFormatter(lambda value, _: f"{value:g}".replace(".", ",").replace("-", "−"))
    for one in (axis.xaxis, axis.yaxis):
        if one.get_scale() == "linear":
            one.set_major_formatter(comma)


def _year_end(axis: Any) -> None:
    table = national.death_prob("2022/24").sel(sex="female")
    risk = year_end_death_prob(national.death_prob("2022/24"), 100).sel(sex="female")
    age = np.arange(75, 96)
    axis.plot(age, table.sel(age=age), color=GREY, label="q(x) der Tafel")
    axis.plot(age, risk.sel(age=age), color=BLUE, label="31.12. bis 31.12.")
    axis.set_xlabel("Alter")


def _closing(axis: Any) -> None:
    q = national.death_prob("2022/24").sel(sex="female").to_numpy()
    m = q / (1 - q / 2)
    axis.plot(range(75, 101), m[75:], "o", ms=3, color=GREY, label="Tafel")
    for law, colour in (("kannisto", BLUE), ("gompertz", ORANGE)):
        axis.plot(range(96, 116), close_rates(m, law=law, last_age=115)[96:], color=colour, label=law.capitalize())  # type: ignore[arg-type]
    axis.set_xlabel("Alter")
    axis.set_ylabel("Sterbefälle je Personenjahr")


def _improvement(axis: Any, rates: xr.Dataset) -> None:
    years = range(2021, 2061)
    paths = {
        "gleichbleibend": ({"method": "constant"}, GREY),
        "Trend": ({"method": "trend", "damping": 1.0}, ORANGE),
        "Trend, gedämpft": ({"method": "trend"}, BLUE),
        "Lee-Carter, gedämpft": ({"method": "lee_carter"}, GREEN),
    }
    for name, (given, colour) in paths.items():
        mean = improve_mortality(rates, years, **given)["death_prob"].sel(sex="female").mean(["area", "nationality"])
        axis.plot(years, life_expectancy(mean.to_numpy()), color=colour, label=name)
    axis.set_ylabel("Lebenserwartung bei Geburt")


def _topals(axis: Any) -> None:
    old, new = (national.death_prob(p).sel(sex="male").to_numpy()[:90] for p in ("1991/93", "2022/24"))
    exposure = 9_000 * np.cumprod(1 - old) / np.cumprod(1 - old).sum()
    deaths = np.random.default_rng(3).poisson(exposure * old).astype(float)
    seen = deaths > 0
    axis.plot(np.arange(90)[seen], deaths[seen] / exposure[seen], "o", ms=3, color=GREY, label="beobachtet")
    axis.plot(new, color=GREY, lw=1, label="Standard 2022/24")
    for ridge, colour in ((0.0, ORANGE), (10.0, BLUE)):
        fit = fit_topals(deaths, exposure, np.log(new), ridge=ridge)
        axis.plot(np.exp(fit.log_rates), color=colour, label=f"TOPALS, Ridge {ridge:.0f}")
    axis.set_yscale("log")
    axis.set_xlabel("Alter")


def _brass(axis: Any) -> None:
    old, new = (np.cumprod(1 - national.death_prob(p).sel(sex="male").to_numpy()[:90]) for p in ("1991/93", "2022/24"))
    old, new = (np.concatenate([[1.0], x[:-1]]) for x in (old, new))
    fit = fit_brass(old, new)
    axis.plot(new, color=GREY, label="2022/24 (Standard)")
    axis.plot(old, "o", ms=2.5, color=ORANGE, label="1991/93")
    axis.plot(brass_survivors(new, fit.alpha, fit.beta), color=BLUE, label="Brass")
    axis.set_xlabel("Alter")
    axis.set_ylabel("Überlebende")


def _levels(axis: Any, rates: xr.Dataset) -> None:
    raw = rates["fertility_observed"] / rates["fertility_expected"]
    axis.plot(rates["fertility_expected"], raw, "o", ms=4, mfc="none", color=GREY, label="eigener Wert")
    axis.plot(rates["fertility_expected"], rates["fertility_level"], "o", ms=3, color=BLUE, label="geschrumpft")
    axis.axhline(float(rates["fertility_mean"][0]), color=ORANGE, lw=1, label="Stadt")
    axis.set_xscale("log")
    axis.set_xlabel("erwartete Geburten")


def _shift(axis: Any) -> None:
    schedule = np.concatenate([np.zeros(15), national.fertility_rate(2023).to_numpy(), np.zeros(6)])
    axis.plot(schedule, color=GREY, label="2023")
    axis.plot(shift_ages(schedule, 1.5), color=BLUE, label="1,5 Jahre später")
    axis.set_xlim(14, 52)
    axis.set_xlabel("Alter der Mutter")


def _residual(axis: Any, rates: xr.Dataset) -> None:
    for group, name, colour in (("german", "Deutsche", BLUE), ("foreign", "Ausländerinnen und Ausländer", ORANGE)):
        axis.plot(rates["net_migration_city"].sel(nationality=group).mean("sex"), color=colour, label=name)
    axis.axhline(0, color=GREY, lw=0.8)
    axis.set_xlabel("Alter am Jahresende")


def _area(axis: Any, berlin: xr.Dataset) -> None:
    for name, given, colour in (
        ("roh", {"shrinkage": 0.01, "persistence": 1.0}, GREY),
        ("geschrumpft", {}, BLUE),
    ):
        rates = estimate_rates(berlin, **given)
        net = rates["net_migration_rate"].sel(area="0308", nationality="german").mean("sex")
        axis.plot(net, color=colour, label=name)
    axis.plot(rates["net_migration_city"].sel(nationality="german").mean("sex"), color=ORANGE, label="Stadt")
    axis.axhline(0, color=GREY, lw=0.8)
    axis.set_xlabel("Alter am Jahresende")


def _graduation(axis: Any, berlin: xr.Dataset) -> None:
    single = berlin["population"].sel(year_end=2020, area="0309", nationality="german", sex="female").to_numpy()
    groups = single[:95].reshape(19, 5).sum(axis=1)
    edges = np.arange(0, 96, 5)
    axis.stairs(groups / 5, edges, color=GREY, label="gleichmäßig")
    axis.plot(graduate_by_multipliers(groups), color=ORANGE, lw=1, label="Sprague")
    axis.plot(graduate_pclm(groups, edges), color="black", lw=1, label="PCLM")
    axis.plot(graduate(groups, edges), color=BLUE, label="monoton (Voreinstellung)")
    axis.set_xlabel("Alter")


def _types(axis: Any, berlin: xr.Dataset) -> None:
    proposal = propose_types(berlin, 4)
    x, y = (proposal.features.sel(feature=f) for f in ("junge Erwachsene (18 bis 29)", "Ältere (ab 65)"))
    for code, colour in zip(np.unique(proposal.types), (BLUE, ORANGE, GREEN, GREY), strict=False):
        here = proposal.types == code
        axis.plot(x[here], y[here], "o", ms=4, color=colour, label=f"Typ {code}")
    axis.set_xlabel("junge Erwachsene (Abweichung vom Mittel)")
    axis.set_ylabel("Ältere (Abweichung)")


def _profile(axis: Any, aargau: Path) -> None:
    moves = pd.read_csv(aargau / "ag_migration_subregional.csv")
    part = moves.query("nat == 'ch' and spatial_unit == 3 and 0 < age < 90").groupby("age")[["n_jan", "emi_n"]].sum()
    rate, exposure = part["emi_n"] / part["n_jan"], part["n_jan"].to_numpy(dtype=float)
    axis.plot(part.index, rate, "o", ms=3, color=GREY, label="beobachtet")
    for size, colour in ((7, ORANGE), (11, BLUE)):
        fit = fit_rogers_castro(part.index.to_numpy(), rate.to_numpy(), size=size, weights=exposure)  # type: ignore[arg-type]
        said = f"{size} Parameter, R² {fit.r_squared:.3f}".replace(".", ",")
        axis.plot(part.index, fit.fitted, color=colour, label=said)
    axis.set_xlabel("Alter am Jahresende")
