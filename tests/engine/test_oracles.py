"""Results of other programs, with their conventions mapped one by one.

A step of these programs is five years or one; for the engine it is a "year", and an age group an "age".
Probabilities and numbers are those of a whole step, so rates per year are multiplied by its length.
Sums agree to rounding: the tolerance is 1e-12 where ``meta.json`` says so, 1e-10 for the long ones.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose import check_balance, project
from zwkprognose.engine import Timing

pytestmark = pytest.mark.shared

#: Half of the movers at the start, half at the end, by completed age; the late half are not yet mothers.
HALVES = Timing(newborn=0.0, by_completed_age=True, late_mothers=False)


def stock(by_sex):
    """One area, one group, step 0: persons by sex and age."""
    values = np.stack([np.asarray(v, float) for v in by_sex.values()])
    return xr.Dataset(
        {"population": (("year_end", "area", "nationality", "sex", "age"), values[None, None, None])},
        {"year_end": [0], "area": ["all"], "nationality": ["total"], "sex": list(by_sex),
         "age": np.arange(values.shape[1])},
    )  # fmt: skip


def rates(survival, fertility, girls, net=None):
    """Rates of one step from survivorship ratios into each age and net movers, both by sex."""
    coords = {"sex": list(survival), "age": np.arange(len(fertility))}
    survive = xr.DataArray([np.asarray(v, float) for v in survival.values()], coords)
    moving = xr.zeros_like(survive) if net is None else survive.copy(data=[np.asarray(v) for v in net.values()])
    people = moving.expand_dims(area=["all"], nationality=["total"])
    return xr.Dataset(
        {
            "death_prob": 1 - survive,
            "out_prob": xr.zeros_like(survive),
            "in_moves": people.where(people > 0, 0.0),
            "out_moves": (-people).where(people < 0, 0.0),
            "fertility_rate": ("age", np.asarray(fertility, float)),
            "female_birth_share": girls,
        }
    )


def chain(start, rates_of_step, steps, timing):
    """Step after step; the rates of a step may depend on the stock at its start, by sex."""
    projection = stock(start)
    for k in range(steps):
        now = {s: persons(projection, k, s) for s in start}
        projection = project(projection, rates_of_step(k, now), until=k + 1, timing=timing)
        assert check_balance(projection) < 1e-12
        yield k + 1, {s: persons(projection, k + 1, s) for s in start}, projection


def persons(projection, step, sex):
    return projection["population"].sel(year_end=step, sex=sex)[0, 0].values


def column(path, value, index="age", columns="year"):
    return pd.read_csv(path).pivot(index=index, columns=columns, values=value)


def split(values, last):
    """These programs let the open group 80+ survive with a ratio of its own, so it is given an age more.

    Those who reach 80–84 are kept apart from those who were over 80 before; both together are the 80+.
    """
    return np.append(values, last)


def joined(values):
    return np.append(values[:-2], values[-2:].sum())


def test_burkina_female_with_half_of_the_migrants_at_each_end(shared):
    folder = shared / "oracles/ccmp/01_burkina_female_popReconstruct"
    survival = column(folder / "in_survival.csv", "survival", index="row_age")
    fertility, moving = column(folder / "in_asfr.csv", "asfr"), column(folder / "in_mig.csv", "mig_prop")
    expected = column(folder / "out_pop.csv", "pop")
    start = {"female": split(pd.read_csv(folder / "in_pop0.csv")["pop"], 0.0)}

    def step(k, now):
        year = survival.columns[k]
        net = split(moving[year], moving[year].iloc[-1]) * now["female"]
        return rates({"female": survival[year]}, 5 * split(fertility[year], 0.0), 1 / 2.05, {"female": net})

    for k, now, _ in chain(start, step, len(survival.columns), HALVES):
        np.testing.assert_allclose(joined(now["female"]), expected[1960 + 5 * k], rtol=1e-12)


def test_thailand_two_sexes_where_late_migrants_are_mothers_too(shared):
    folder = shared / "oracles/ccmp/02_thailand_two_sex_CCMPP"
    sexes = ("female", "male")
    survival = {s: column(folder / f"in_survival_{s}.csv", "survival", index="row_age") for s in sexes}
    moving = {s: column(folder / f"in_mig_{s}.csv", "mig_prop_annual") for s in sexes}
    expected = {s: column(folder / f"out_pop_{s}_ccmpp_r.csv", "pop") for s in sexes}
    fertility = column(folder / "in_asfr.csv", "asfr")
    srb = pd.read_csv(folder / "in_srb.csv").set_index("year")["srb"]
    start = {s: split(pd.read_csv(folder / "in_pop0.csv")[s], 0.0) for s in sexes}

    def step(k, now):
        year = fertility.columns[k]
        net = {s: 5 * split(moving[s][year], moving[s][year].iloc[-1]) * now[s] for s in sexes}
        survive = {s: survival[s][year] for s in sexes}
        return rates(survive, 5 * split(fertility[year], 0.0), 1 / (1 + srb[year]), net)

    for k, now, _ in chain(start, step, len(fertility.columns), "even"):
        for s in sexes:
            np.testing.assert_allclose(joined(now[s]), expected[s][1960 + 5 * k], rtol=1e-12)


@pytest.mark.parametrize("timing", ["even", "end"])
def test_sweden_1993_united_nations_engine(shared, timing):
    folder = shared / "oracles/ccmp/04_sweden1993_preston_ccmppWPP"
    given = pd.read_csv(folder / "in_and_published.csv")
    expected = pd.read_csv(folder / f"out_mig_{timing}.csv")
    start = {"female": given["pop_f"], "male": given["pop_m"]}
    net = {"female": given["netmig_f"], "male": given["netmig_m"]}
    survive = {"female": given["surv_f"], "male": given["surv_m"]}
    step = rates(survive, 5 * given["asfr"], 1 / 2.05, net)
    ((_, now, projection),) = chain(start, lambda k, now: step, 1, timing)
    np.testing.assert_allclose(now["female"], expected["pop_f_end"], rtol=1e-12)
    np.testing.assert_allclose(now["male"], expected["pop_m_end"], rtol=1e-12)
    births = float(projection["births"].sum())
    assert births == pytest.approx(expected["births_by_mother_age"].sum(), rel=1e-12)
    if timing == "even":  # the textbook's own column is for half of the migrants at each end, rounded
        assert abs(now["female"] - given["published_pop_f_1998"]).max() < 1


def test_canada_single_years_seventy_steps(shared):
    folder = shared / "oracles/ccmp/05_canada_1x1_1950_2020_ccmppWPP"

    def by(path, columns="time_start"):
        frame = pd.read_csv(folder / path)
        return {s: g.pivot(index="age_start", columns=columns, values="value") for s, g in frame.groupby("sex")}

    survival, moving, expected, dead = (by(f"{n}.csv") for n in ("in_Sx", "in_netmig", "out_pop", "out_deaths_cohort"))
    fertility = column(folder / "in_asfr.csv", "value", "age_start", "time_start")
    births = column(folder / "out_births_by_age.csv", "value", "age_start", "time_start")
    srb = pd.read_csv(folder / "in_srb.csv").set_index("time_start")["value"]
    start = {s: g.set_index("age_start")["value"] for s, g in pd.read_csv(folder / "in_pop0.csv").groupby("sex")}

    def step(k, now):
        year = 1950 + k
        parts = ({s: v[year] for s, v in p.items()} for p in (survival, moving))
        return rates(next(parts), fertility[year], 1 / (1 + srb[year]), next(parts))

    for k, now, projection in chain(start, step, 70, "end"):
        year = 1950 + k
        assert min(v.min() for v in now.values()) > 0.0005, "the floor for negatives was not hit"
        total = projection["births"].sel(year=k).sum()
        np.testing.assert_allclose(total, births[year - 1].sum(), rtol=1e-10)
        for s in start:
            np.testing.assert_allclose(now[s], expected[s][year], rtol=1e-10)
            deaths = projection["deaths"].sel(year=k, sex=s)[0, 0].values
            np.testing.assert_allclose(deaths, dead[s][year - 1], rtol=1e-9, atol=1e-9)


def test_germany_five_year_groups_to_130(shared):
    folder = shared / "oracles/ccmp/06_germany_5x5_bayesPop_wpp2019"
    sexes = {"female": "f", "male": "m"}
    survival = {s: column(folder / f"in_Sx_{k}.csv", "Sx") for s, k in sexes.items()}
    ages = survival["female"].index
    moving = {s: column(folder / f"in_netmig_{k}.csv", "netmig").reindex(ages).fillna(0.0) for s, k in sexes.items()}
    expected = {s: column(folder / f"out_pop_{k}.csv", "pop") for s, k in sexes.items()}
    fertility = column(folder / "in_asfr_x5.csv", "asfr_times5").reindex(ages).fillna(0.0)
    srb = pd.read_csv(folder / "in_srb.csv").set_index("year")["srb"]
    given = pd.read_csv(folder / "in_pop0_thousands.csv")
    start = {s: given[f"pop_{k}"] for s, k in sexes.items()}

    def step(k, now):
        year = 2020 + 5 * k
        parts = ({s: v[year] for s, v in p.items()} for p in (survival, moving))
        return rates(next(parts), fertility[year], 1 / (1 + srb[year]), next(parts))

    for k, now, _ in chain(start, step, 16, "even"):
        for s in sexes:
            np.testing.assert_allclose(now[s], expected[s][2020 + 5 * k], rtol=1e-10)


@pytest.mark.parametrize("case", ["closed", "net", "open"])
def test_sweden_block_leslie(shared, case):
    """L·N, L·(N + M/2) + M/2, and with out-migration as a decrement of the same row of L.

    There the survivorship of an age group stands in its own row (from x to x + 1), so it moves on by one.
    """
    folder = shared / "oracles/ccmp/08_sweden_demoproj"
    given = pd.read_csv(folder / "in_sweden1993.csv")
    expected = column(folder / f"out_ccp_{case}0.csv", "pop", "row_f_then_m", "step")
    sexes = {"female": "f", "male": "m"}
    leave = {s: given[f"ex_{k}"] if case == "open" else 0 * given["x"] for s, k in sexes.items()}
    survive = {s: given[f"sx_{k}"] - leave[s] for s, k in sexes.items()}
    movers = {"net": dict.fromkeys(sexes, given["Mx_f"]), "open": {s: given[f"Ix_{k}"] for s, k in sexes.items()}}
    net = {s: split(m, 0.0) for s, m in movers[case].items()} if case in movers else None
    ratios = {s: [given[f"Lx_{k}"][0] / 500_000, *survive[s]] for s, k in sexes.items()}
    step = rates(ratios, 5 * split(given["fx"], 0.0), 0.487804878048781, net)
    start = {s: split(given[f"Nx_{k}"], 0.0) for s, k in sexes.items()}
    for k, now, _ in chain(start, lambda k, now: step, 5, HALVES):
        mine = np.concatenate([joined(now["female"]), joined(now["male"])])
        np.testing.assert_allclose(mine, expected[k], rtol=1e-12)


def test_umea_municipal_program(shared):
    """Deaths first, then out-moves of the survivors, then in-moves; births of the women at the end.

    All rates stand at the age at the start of the year, so they move on by one; newborns neither die nor
    move. There is no open group: everybody over 100 dies with 0.3, so the engine gets ages up to 114.
    A few smoothed out-rates at high ages are negative; for the engine these are in-moves.
    """
    folder = shared / "oracles/ccmp/09_umea_befproj"
    given = {
        k: g.set_index("age").filter(like="ar_")
        for k, g in pd.read_csv(folder / "in_assumptions.csv").groupby("category")
    }
    expected = pd.read_csv(folder / "out_raw.csv")
    parts = pd.read_csv(folder / "out_components.csv").set_index("year")
    oldest, sexes = 114, {"female": "women", "male": "men"}

    def cohort(values, beyond, newborn=0.0):
        rest = np.full(oldest - len(values), beyond)
        return np.concatenate([[newborn], values, rest])

    def step(k, now):
        year = {name: frame.iloc[:, k].to_numpy() for name, frame in given.items()}
        die = {s: cohort(year[f"asdr_{n}"], 0.3) for s, n in sexes.items()}
        leave = {s: cohort(year[f"outmig.rates.{n}"], 0.0) * (1 - die[s]) for s, n in sexes.items()}
        domestic = {s: cohort(year[f"inmig.rates.{n}"] * year[f"natpop.{n}"], 0.0) for s, n in sexes.items()}
        abroad = {s: cohort(year[f"intermig.net.{n}"], 0.0) for s, n in sexes.items()}
        made = rates({s: 1 - d for s, d in die.items()}, cohort(year["asfr"], 0.0), 0.486, abroad)
        for s in sexes:
            domestic[s] += np.maximum(-leave[s], 0.0) * np.append(0.0, now[s][:-1])
            leave[s] = np.maximum(leave[s], 0.0)
        made["out_prob"] = made["death_prob"].copy(data=list(leave.values()))
        made["in_moves"] = made["in_moves"] + made["death_prob"].copy(data=list(domestic.values()))
        return made

    timing = Timing(early=0.0, newborn=0.0, mothers_start=0.0)
    people = pd.read_csv(folder / "in_startpop.csv").set_index("age")
    start = {s: np.append(people[n], np.zeros(oldest - 100)) for s, n in sexes.items()}
    for k, now, projection in chain(start, step, 12, timing):
        wanted = expected[expected["year"] == 2019 + k].sort_values("age.n")
        for s, n in sexes.items():
            mine = np.append(now[s][:100], now[s][100:].sum())
            np.testing.assert_allclose(mine, wanted[f"{n}_2"], rtol=1e-12)
        births = projection["births"].sel(year=k).sum()
        np.testing.assert_allclose(births, parts["births.girls"][2019 + k] + parts["birts.boys"][2019 + k], rtol=1e-12)


def test_leslie_matrix_of_burkina(shared):
    """The loop of the engine is the power of the matrix: the same stocks, growth and stable population.

    The first row of the matrix holds births already times their survival, the open group survives with a
    ratio of its own (kept apart as above).
    """
    folder = shared / "oracles/leslie"
    matrix = pd.read_csv(folder / "in_leslie_burkina1960.csv").pivot(index="i", columns="j", values="L").to_numpy()
    expected = column(folder / "out_popbio_pop.projection.csv", "pop", "age5", "step")
    growth = pd.read_csv(folder / "out_popbio_scalars.csv")["lambda"][0]
    stable = pd.read_csv(folder / "out_popbio_stable_reprod.csv")["stable"].to_numpy()
    survive = np.concatenate([[1.0], np.diag(matrix, -1), matrix[-1:, -1]])
    start_only = Timing(newborn=0.0, by_completed_age=True, mothers_start=1.0)
    step = rates({"female": survive}, split(matrix[0], matrix[0, -1]), 1.0)
    projection = project(stock({"female": split(expected[0], 0.0)}), step, until=200, timing=start_only)
    for k in expected.columns:
        np.testing.assert_allclose(joined(persons(projection, k, "female")), expected[k], rtol=1e-9)
    last, before = (joined(persons(projection, k, "female")) for k in (200, 199))
    assert last.sum() / before.sum() == pytest.approx(growth, rel=1e-9)
    np.testing.assert_allclose(last / last.sum(), stable, rtol=1e-9)


def test_hamilton_perry_is_the_engine_with_change_ratios_for_survival(shared):
    """Cohort change ratios take the place of survival; what exceeds one comes in at the end of the step.

    Children are a ratio of the women 15–44 at the end, stated as births that all survive.
    """
    folder = shared / "oracles/hamilton_perry"
    sexes = ("Female", "Male")
    people = pd.read_csv(folder / "in_pop.csv").query("Year == 2015")
    expected = pd.read_csv(folder / "out_projection_20y.csv")
    ratios = pd.read_csv(folder / "out_ccr.csv")
    children = pd.read_csv(folder / "out_cwr.csv").set_index("Sex")["CWR"]
    order = [f"{a}-{a + 4}" for a in range(0, 85, 5)] + ["85+"]
    into = {s: ratios[(ratios["Sex"] == s) & (ratios["Age5"] != "85+")].set_index("Age5_post")["CCR"] for s in sexes}
    fertility = [children.sum() if 3 <= k <= 8 else 0.0 for k in range(18)]

    def step(k, now):
        survive, coming = {}, {}
        for s, own in zip(sexes, now, strict=True):
            change = np.append(1.0, into[s].reindex(order[1:]))
            reaching = np.append(0.0, now[own][:-1])
            survive[own], coming[own] = np.minimum(change, 1.0), np.maximum(change - 1.0, 0.0) * reaching
        return rates(survive, fertility, children["Female"] / children.sum(), coming)

    at_end = Timing(early=0.0, newborn=0.0, mothers_start=0.0)
    start = {s.lower(): people[people["Sex"] == s].set_index("Age5")["value"].reindex(order) for s in sexes}
    for k, now, _ in chain(start, step, 4, at_end):
        wanted = expected[expected["Year"] == 2015 + 5 * k].set_index(["Sex", "Age5"])["value"]
        for s in sexes:
            np.testing.assert_allclose(now[s.lower()], wanted[s].reindex(order), rtol=1e-12)
