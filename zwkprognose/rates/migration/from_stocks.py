"""Migration from stocks alone: cohort residuals, and a usual turnover on top."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates.base import Base
from zwkprognose.rates.migration import Migration, Options
from zwkprognose.rates.migration.gross import NetParts, base_cohorts, standard_turnover
from zwkprognose.rates.migration.residuals import NetMigration, cohort_residuals

#: Ages between which the assumed turnover ends.
TURNOVER_ENDS = (65, 75)
NOTE = (
    "Vergleich der Bestände; wie viele kamen und gingen, ist nicht gezählt. Angenommen ist ein Umschlag: Im Jahr "
    "ziehen {umschlag} % der Personen fort und werden durch gleich viele ersetzt. Die Salden des Basiszeitraums "
    "hängen davon nicht ab, spätere Jahre und Annahmen, die Zuzüge oder Fortzüge um einen Anteil ändern, sehr wohl. "
    "{wirkung}. Wer Zuzüge und Fortzüge eines Jahres kennt, gibt sie an ([raten] bewegungen, in Python city_moves)"
)


def usable(inputs: xr.Dataset) -> bool:
    """Always; with a single stock the estimate says what is missing."""
    return True


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, options: Options) -> Migration:
    """Net migration of the cohorts; on top a share of people leaves and is replaced by its like."""
    net = net_migration(base, death_prob, options)
    cohorts = base_of(base)
    leaving = standard_turnover(cohorts, options.turnover) * before_old_age(cohorts.shape[-1])
    return Migration(net, NetParts.of(net.rate, death_prob).gross(cohorts, leaving), {})


def net_migration(base: Base, death_prob: np.ndarray, options: Options) -> NetMigration:
    """What is left of the cohorts between the stocks after deaths.

    Raises
    ------
    RatesError
        If there are no two stocks to compare.
    """
    if not base.periods:
        raise RatesError(
            "Wanderungen lassen sich nur aus mindestens zwei Beständen schätzen.",
            cells=[{"year_end": y} for y in base.stocks.years],
            remedy="Einen zweiten Stichtag ergänzen, Zuzüge und Fortzüge eines Jahres angeben (city_moves), weniger "
            'Jahre ausschließen oder migration="none" wählen.',
        )
    return cohort_residuals(
        base.stocks, base.periods, death_prob, hazards=base.hazards(),
        shrinkage=options.shrinkage, persistence=options.persistence,
        outliers=base.outliers, types=base.types["migration"],
    )  # fmt: skip


def before_old_age(ages: int) -> np.ndarray:
    """Share of the turnover by age [age]: one until 65, none from 75 on.

    In-moves are counts, out-moves follow the people: as there are ever more old people, a turnover among them would
    take away more every year than it brings, though elsewhere there are more of them too.
    """
    first, end = TURNOVER_ENDS
    return np.asarray(np.minimum(np.maximum((end - np.arange(ages)) / (end - first), 0.0), 1.0))


def base_of(base: Base) -> np.ndarray:
    """Cohorts to which gross figures refer: mean of the stocks of the base period."""
    years = sorted({y for p in base.periods for y in (p.start, p.end)}) or [base.stocks.years[-1]]
    return base_cohorts(base.stocks, years)
