"""Why an area has this rate, in German: what was seen, what was expected, how much it counts, what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.german import number, share, signed
from zwkprognose.names import label
from zwkprognose.rates.checks import check_choice

Subject = Literal["mortality", "fertility", "migration"]

#: A level that rounds to 1,00 of the city's is not worth a sentence.
NOTEWORTHY = 0.005
TITLES = {"mortality": "Sterblichkeit", "fertility": "Geburten", "migration": "Wanderung"}


def explain(rates: xr.Dataset, area: str, subject: Subject | None = None) -> str:
    """Explain the rates of one area.

    Parameters
    ----------
    rates : xr.Dataset
        From :func:`zwkprognose.rates.estimate_rates`.
    area : str
        Key of the area.
    subject : {"mortality", "fertility", "migration"}, optional
        One of them, or all.

    Returns
    -------
    str
        German sentences.

    Raises
    ------
    RatesError
        If these are no estimated rates, or there is no such area or subject.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example
    >>> rates = estimate_rates(load_example("bremerhaven"), migration="none")
    >>> print(explain(rates, "04012", "migration"))
    Bremerhaven (04012), Basiszeitraum 2020–2023.
    Wanderung: Es wird ohne Wanderung gerechnet.
    """
    if "mortality_period" not in rates.attrs:
        raise RatesError("Das sind keine geschätzten Raten.", remedy="Das Ergebnis von estimate_rates übergeben.")
    if subject is not None:
        check_choice("subject", subject, Subject)
    keys = [str(a) for a in rates["area"].values]
    if area not in keys:
        raise RatesError(
            f"Ein Gebiet „{area}“ gibt es nicht.",
            cells=[{"area": key} for key in keys],
            remedy="Einen der vorhandenen Schlüssel angeben.",
        )
    one = rates.sel(area=area).assign_attrs(areas=len(keys))
    name = str(one["area_name"].item()) if "area_name" in one.coords else area
    tellers: dict[str, Callable[[xr.Dataset], str]] = {
        "mortality": _mortality,
        "fertility": _fertility,
        "migration": _migration,
    }
    parts = [f"{TITLES[s]}: {tellers[s](one)}" for s in ([subject] if subject else TITLES)]
    period = rates.attrs.get("base_period") or "keiner"
    return f"{name} ({area}), Basiszeitraum {period}.\n" + "\n".join(parts)


def _mortality(one: xr.Dataset) -> str:
    if "mortality_level" not in one:
        table = one.attrs["mortality_period"]
        return f"Aus Sterbefällen wurde nicht geschätzt; es gilt die Sterbetafel {table} für Deutschland."
    return _level(one, "mortality", "Sterbefälle", "der Vergleichstafel")


def _fertility(one: xr.Dataset) -> str:
    tfr = float(one["fertility_rate"].sum("age").mean())
    after = f" Das entspricht {number(tfr, 2)} Kindern je Frau."
    standard = f"der Geburtenziffer für Deutschland {one.attrs['fertility_year']}"
    if float(one["fertility_expected"]) == 0 and float(one["fertility_mean"]) == 1:
        return f"Gerechnet wird mit {standard}." + after
    return _level(one, "fertility", "Geburten", standard) + after


def _level(one: xr.Dataset, name: str, events: str, standard: str) -> str:
    """Observed against expected, the common level, the weight and the result."""
    seen, expected = float(one[f"{name}_observed"]), float(one[f"{name}_expected"])
    weight, common, level = (float(one[f"{name}_{part}"]) for part in ("weight", "mean", "level"))
    if expected == 0:
        return (
            f"Hier gibt es keine Beobachtung; es gilt das Niveau der Stadt, das {number(common, 2)}-Fache {standard}."
        )
    compared = (
        f"{number(seen)} {events} stehen {number(expected)} gegenüber, die nach {standard} zu erwarten waren "
        f"(jüngere Jahre zählen mehr): das {number(seen / expected, 2)}-Fache. "
    )
    if one.attrs["areas"] == 1:
        return compared + "Damit wird gerechnet."
    return compared + (
        f"In der Stadt oder im Gebietstyp ist es das {number(common, 2)}-Fache. "
        f"Der eigene Wert zählt {share(weight)}, der gemeinsame "
        f"{share(1 - weight)}; gerechnet wird mit dem {number(level, 2)}-Fachen."
    )


def _migration(one: xr.Dataset) -> str:
    if "out_level" in one:
        return " ".join(_direction(one, name, events) for name, events in (("out", "Fortzüge"), ("in", "Zuzüge")))
    exposure = one["migration_exposure"]
    total = float(exposure.sum())
    if total == 0:
        return "Es wird ohne Wanderung gerechnet."
    with xr.set_options(arithmetic_join="exact"):
        own, city, weight = (
            float((one[name] * exposure).sum() / total)
            for name in ("net_migration_rate", "net_migration_city", "migration_weight")
        )
    return (
        f"Grundlage sind {number(total)} Personenjahre (jüngere Zeiträume zählen mehr). Mit den Altersraten der Stadt "
        f"ergäbe sich ein Saldo von {_per_thousand(city)} im Jahr. Das eigene Altersmuster zählt {share(weight)}, "
        f"das gemeinsame {share(1 - weight)}; vom Wachstum gegenüber der Stadt wird ein Teil fortgeschrieben. "
        f"Gerechnet wird mit {_per_thousand(own)} im Jahr; Zuzüge im Jahr: {number(float(one['in_moves'].sum()))}."
    )


def _direction(one: xr.Dataset, name: str, events: str) -> str:
    """Moves of one direction, and the group that deviates most from the city."""
    seen, expected, level, mean, weight = (
        one[f"{name}_{part}"].transpose("nationality", "band").to_numpy()
        for part in ("observed", "expected", "level", "mean", "weight")
    )
    relative = np.divide(level, mean, out=np.ones_like(level), where=mean > 0)
    deviation = np.abs(relative - 1)
    told = f"{number(seen.sum())} {events} stehen {number(expected.sum())} nach dem Muster der Stadt gegenüber."
    if deviation.max() < NOTEWORTHY:
        return f"{told} In keiner Altersgruppe weicht das Gebiet merklich von der Stadt ab."
    group, band = np.unravel_index(int(deviation.argmax()), relative.shape)
    who = f"{label('nationality', str(one['nationality'].values[group]))} ab {int(one['band'].values[band])} Jahren"
    return (
        f"{told} Am weitesten weicht ab: {who}, das {number(relative[group, band], 2)}-Fache der Stadt; der eigene "
        f"Wert zählt dort {share(float(weight[group, band]))}."
    )


def _per_thousand(rate: float) -> str:
    return f"{signed(1000 * rate, 1)} Personen je 1.000"
