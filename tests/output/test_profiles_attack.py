"""Households, milestones and profile pages beside the publication: together they give no hidden cell back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import linprog

from zwkprognose.evaluation import evaluate_milestones
from zwkprognose.output import Service, default_quota, publish
from zwkprognose.output.content import goals
from zwkprognose.output.content.households import HouseholdPlan
from zwkprognose.output.files.household_table import write_households
from zwkprognose.output.profiles import arrivals
from zwkprognose.output.profiles.arrivals import arrival_sheet
from zwkprognose.output.profiles.care import care_sheet
from zwkprognose.output.profiles.kommunal import KommunalSheet
from zwkprognose.output.profiles.pages import KINDS, Contents
from zwkprognose.output.profiles.write import contents_of
from zwkprognose.rates.households import HouseholdQuotas, Share

from .attack import Attacker
from .conftest import make_city

#: Persons in households of 1, 2 … persons, by ages that are limits of the published bands; sizes as they count.
SIZES = (1.0, 2.0, 3.0, 4.0, 5.5)
LIVING = {
    (0, 19): (0.0, 0.0, 0.1, 0.3, 0.4, 0.2), (20, 64): (0.0, 0.25, 0.3, 0.2, 0.15, 0.1),
    (65, None): (0.02, 0.38, 0.5, 0.06, 0.03, 0.01),
}  # fmt: skip
#: Ages of the milestones, for every area: with the area's total each of them tells what it leaves out.
GOALS = ((0, 2), (0, 19), (0, 89), (3, None), (65, None))
#: First age of the young, of those who work, of the old and oldest, and what divides them in the table of figures.
RATIOS = {
    "Anteil unter 20 Jahren": ((0, 19), (0, None)), "Anteil ab 65 Jahren": ((65, None), (0, None)),
    "Anteil ab 80 Jahren": ((80, None), (0, None)), "Jugendquotient": ((0, 19), (20, 64)),
    "Altenquotient": ((65, None), (20, 64)),
}  # fmt: skip
Ages = tuple[int, int | None]


TOWNS = ((9000, 300, 8000, 7000, 400, 12_000), (12_000, 150, 5000, 30_000, 2400), (20_000, 800, 90, 6000, 1500))


def _town(sizes: tuple[float, ...]) -> xr.Dataset:
    return make_city(sizes, scenarios={"middle": 1.0}, until=2022)


def _contents(town: xr.Dataset) -> Contents:
    shares = [Share(*ages, size, part) for ages, parts in LIVING.items() for size, part in enumerate(parts)]
    plan = HouseholdPlan(HouseholdQuotas(tuple(shares), "eigene Annahme", open_size=SIZES[-1]))
    wanted = [
        f'[[meilenstein]]\nname = "{key} {first}"\ngebiete = ["{key}"]\nalter = "{_text(first, last)}"\nziel = 1\n'
        for key in town["area"].values for first, last in GOALS
    ]  # fmt: skip
    table = evaluate_milestones(town, "".join(wanted))
    services = [Service(default_quota(name)) for name in ("pflege", "demenz")]
    return contents_of(town, services=services, households=plan, milestones=table)


def _text(first: int, last: int | None) -> str:
    return f"{first}+" if last is None else f"{first}-{last}"


def _number(text: str) -> float:
    """A printed number; NaN for a point."""
    said = text.split(" (")[0].removesuffix("\u202f%").replace(".", "").replace(",", ".").replace("−", "-")
    return float(said) if said else float("nan")


class Reader(Attacker):
    """Somebody who also reads households, milestones and profiles of the same publication."""

    def ages(self, area: int | None, first: int, last: int | None, sex: int | None = None) -> np.ndarray:
        """1 where a cell belongs to some ages of a place."""
        inside = np.zeros(self.shape)
        chosen = (self.firsts >= first) & (self.firsts <= (np.inf if last is None else last))
        places = slice(None) if area is None else slice(area, area + 1)
        inside[places, :, slice(None) if sex is None else slice(sex, sex + 1)] = chosen
        return inside

    def read_households(self, contents: Contents, path: Path) -> int:
        """Learn the table of households of the base year."""
        material, keys = contents.material, [str(key) for key in self.truth["area"].values]
        assert material.households is not None
        write_households(material.households, material.numbers, path)
        rows = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
        read = 0
        for row in rows:
            if row["jahr"] != "2020" or not row["anzahl"]:
                continue
            area, count = keys.index(row["gebiet"]) if row["gebiet"] else None, float(row["anzahl"].replace(",", "."))
            weights = sum(w * self.ages(area, *ages, sex=s) for w, ages, s in _parts(row))
            self.know_between(np.asarray(weights), count - 2.5 - 1e-6, count + 2.5 + 1e-6)
            read += 1
        return read

    def read_goals(self, contents: Contents) -> int:
        """Learn what the milestones say of the base year."""
        table, read = contents.material.goals, 0
        assert table is not None
        keys = [str(key) for key in self.truth["area"].values]
        for row, (first, last) in zip(table.to_dict("records"), GOALS * len(keys), strict=True):
            if row["today"] is not None and row["today"] == row["today"]:
                inside = self.ages(keys.index(row["areas"][0]), first, last)
                self.know_between(inside, row["today"] - 2.5 - 1e-6, row["today"] + 2.5 + 1e-6)
                read += 1
        return read

    def read_pages(self, contents: Contents) -> int:
        """Learn ratios of the Kommunalprofil, and the demand of the Versorgungsprofil."""
        read = 0
        for area in (None, *range(self.shape[0])):
            sheet = contents.page(KINDS["kommunal"], area).sheet
            if not isinstance(sheet, KommunalSheet):
                continue
            for name, own, *_ in sheet.table:
                if name in RATIOS and not np.isnan(value := _number(own)):
                    part, whole = (self.ages(area, *ages) for ages in RATIOS[name])
                    self.know_between(part - (value + 0.0501) / 100 * whole, -np.inf, 0.0)
                    self.know_between((value - 0.0501) / 100 * whole - part, -np.inf, 0.0)
                    read += 1
            demand = care_sheet(contents.care, contents.material, area).demand
            for quota in map(default_quota, ("pflege", "demenz")):
                rows = () if demand is None else demand.rows
                for count in (_number(str(row[1])) for row in rows if row[0] == quota.title):
                    weights = sum(
                        rate.share * self.ages(area, rate.first, rate.last, _SEX.get(rate.sex or ""))
                        for rate in quota.rates
                    )
                    self.know_between(np.asarray(weights), count - 2.5 - 1e-6, count + 2.5 + 1e-6)
                    read += 1
        return read


_SEX = {"female": 0, "male": 1}


def _parts(row: dict[str, str]) -> Iterator[tuple[float, Ages, int | None]]:
    """What a row of the table counts: weight, ages, sex."""
    for (first, last), parts in LIVING.items():
        if row["merkmal"] == "personen_in_einrichtungen":
            yield parts[0], (first, last), None
        elif row["merkmal"] == "haushalte":
            size = row["haushaltsgroesse"]
            sizes = [int(size.split()[0])] if size else range(1, 6)
            yield sum(parts[k] / SIZES[k - 1] for k in sizes), (first, last), None
        else:
            low, high = _span(row["alter"])
            ends = [end for end in (last, high) if end is not None]
            if max(first, low) <= min(ends, default=999):
                sex = 0 if row["geschlecht"].startswith("w") else 1
                yield parts[1], (max(first, low), min(ends, default=None)), sex


def _span(words: str) -> Ages:
    first, _, last = words.replace(" und älter", "–").partition("–")
    return int(first), int(last) if last else None


@pytest.mark.parametrize("sizes", TOWNS)
def test_nobody_learns_a_hidden_cell_from_all_that_is_printed(sizes: tuple[float, ...], tmp_path: Path) -> None:
    town = _town(sizes)
    reader, contents = Reader(publish(town, internal=True), [publish(town)]), _contents(town)
    assert reader.small()
    read = [reader.read_households(contents, tmp_path / "haushalte.csv"), reader.read_goals(contents),
            reader.read_pages(contents)]  # fmt: skip
    assert min(read) > 5, "there is nothing to read"
    assert reader.worst(at_most=12) > 5 - 1e-6


def test_the_attack_succeeds_where_milestones_speak_of_hidden_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(goals, "_closed", lambda *_: set())
    town = _town(TOWNS[0])
    reader = Reader(publish(town, internal=True), [publish(town)])
    reader.read_goals(_contents(town))
    assert reader.worst(at_most=12) < 5


# Arrivals

ROWS = {"foreign": "davon ohne deutsche Staatsangehörigkeit", "young": "davon 18 bis 29 Jahre"}


def _least_of_arrivals(town: xr.Dataset, kind: str) -> tuple[float, int]:
    """Smallest upper limit of a few arrivals a year that the shares printed leave; how many shares are printed."""
    coming = town["in_moves"].isel(scenario=0, year=slice(0, 5)).mean("year")
    part = coming.sel(nationality="foreign") if kind == "foreign" else coming.sel(age=slice(18, 29))
    inside = part.sum([dim for dim in part.dims if dim != "area"]).values
    whole = coming.sum(["nationality", "sex", "age"]).values
    contents, count = contents_of(town), len(whole)
    sides, most, said = [], [], 0
    for area in (None, *range(count)):
        words = {row[0]: row[1] for row in arrival_sheet(contents.arrivals, contents.material, area).rows}
        text = next(text for name, text in words.items() if name.endswith(ROWS[kind]))
        if text != ".":
            said += 1
            share, row = _number(text.replace(" ", "").replace("\u202f", "").removesuffix("%")) / 100, np.zeros(count)
            row[:] = area is None
            row[area if area is not None else slice(None)] = 1.0
            total = whole.sum() if area is None else whole[area]
            sides += [row, -row]
            most += [(share + 0.005) * total, -(share - 0.005) * total]
    found = [np.inf]
    limits = [(0.0, float(total)) for total in whole]
    for area in range(count):
        for sign, true in ((1.0, inside[area]), (-1.0, whole[area] - inside[area])):
            if 0 < true < 5 <= whole[area]:
                goal = np.zeros(count)
                goal[area] = -sign
                solved = linprog(goal, np.array(sides) if sides else None, most or None, bounds=limits, method="highs")
                assert solved.status == 0
                found.append(-float(solved.fun) + (0.0 if sign > 0 else float(whole[area])))
    return min(found), said


@pytest.mark.parametrize("sizes", [(9000, 8000, 600, 700, 3000), (20_000, 550, 12_000), (900, 800, 700, 600, 1200)])
@pytest.mark.parametrize("kind", list(ROWS))
def test_shares_of_arrivals_tell_no_few(sizes: tuple[float, ...], kind: str) -> None:
    least, said = _least_of_arrivals(make_city(sizes, scenarios={"middle": 1.0}), kind)
    assert said
    assert least > 5 - 1e-6


def test_unprotected_shares_would_tell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "_kept", lambda part, total, shown, least: shown)
    assert _least_of_arrivals(make_city((9000, 8000, 600, 700, 3000), scenarios={"middle": 1.0}), "foreign")[0] < 5
