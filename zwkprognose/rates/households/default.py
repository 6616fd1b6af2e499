"""Who lives alone in Germany, from the Mikrozensus: the quotas that come with the package."""

from __future__ import annotations

import tomllib
from importlib import resources

from zwkprognose.rates.households.quotas import HouseholdQuotas, Share


def living_alone(open_size: float | None = None) -> HouseholdQuotas:
    """National quotas of living alone by age and sex; all others live in households of two and more.

    Quotas by further sizes are not published in a form that could be quoted here; own ones are read from a table.

    Parameters
    ----------
    open_size : float, optional
        Mean number of persons in households of two and more.

    Examples
    --------
    >>> quotas = living_alone(2.7)
    >>> quotas.sizes, round(float(quotas.table(90, ["female", "male"])[0, 70, 1]), 3)
    ((1, 2), 0.417)
    """
    document = tomllib.loads(resources.files(__package__).joinpath("data", "alleinlebende.toml").read_text("utf-8"))
    rows = tuple(
        Share(row["von"], row.get("bis"), 1, row["anteil"], row.get("geschlecht")) for row in document["quote"]
    )
    return HouseholdQuotas(rows, document["quelle"], open_size=open_size, note=" ".join(document["hinweis"].split()))
