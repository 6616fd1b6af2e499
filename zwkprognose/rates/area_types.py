"""Gebietstypen: areas that are alike, proposed by clustering and explained in words.

Areas are described by the ages of their people, the share of foreigners, and how they grew and bore children in the
base period. Ward's method joins the most similar ones; every type is told by the features in which it stands out.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import text_of
from zwkprognose.rates.shrinkage import ratio
from zwkprognose.rates.stocks import Stocks, read_stocks

#: First ages of the bands that describe an area, with their names.
BANDS: tuple[tuple[int, str], ...] = (
    (0, "Kinder und Jugendliche (unter 18)"),
    (18, "junge Erwachsene (18 bis 29)"),
    (30, "Erwachsene von 30 bis 49"),
    (50, "Erwachsene von 50 bis 64"),
    (65, "Ältere (ab 65)"),
)
FOREIGN = "Ausländerinnen und Ausländer"
CHILDREN = "kleine Kinder je Frau"
GROWTH = "Zuwachs"
#: Words for far above and far below the mean.
MUCH_OR_LITTLE = {GROWTH: ("starker", "schwacher")}
#: A type with fewer areas joins the one it is closest to: levels are not shrunk among one or two.
SMALLEST_TYPE = 3
#: A feature is named if its mean in the type is this many standard deviations from the city's.
NOTEWORTHY = 0.5


@dataclass(frozen=True)
class TypeProposal:
    """Proposed types.

    Attributes
    ----------
    types : xr.DataArray [area]
        Number of the type, 1 … n, the most populous first; to be passed on as ``rate_groups``.
    features : xr.DataArray [area, feature]
        Standardised features the proposal rests on.
    reasons : dict
        German sentence for every type.
    """

    types: xr.DataArray
    features: xr.DataArray
    reasons: dict[int, str]


def propose_types(inputs: xr.Dataset, number: int = 4) -> TypeProposal:
    """Propose types of areas that are alike in age, nationality, fertility and growth.

    Parameters
    ----------
    inputs : xr.Dataset
        With ``population``; growth and small children need a second, earlier stock.
    number : int
        Types wanted; small ones join their neighbour, so that there may be fewer.

    Raises
    ------
    RatesError
        If there are too few areas for so many types, or an area has no people.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> proposal = propose_types(load_example("berlin"), 2)
    >>> print(proposal.reasons[1].split(" – ")[0])
    Typ 1 (76 Gebiete)
    """
    from scipy.cluster.hierarchy import fcluster, linkage  # half of the room's import time

    stocks = read_stocks(inputs)
    areas = stocks.coords["area"].to_numpy()
    if not isinstance(number, Integral) or not 2 <= number <= len(areas) // 2:
        raise RatesError(
            f"{text_of(number)} Gebietstypen sind bei {len(areas)} Gebieten nicht sinnvoll.",
            remedy=f"Eine Zahl von 2 bis {max(2, len(areas) // 2)} wählen oder ohne Gebietstypen rechnen.",
        )
    names, values = describe(stocks)
    standard = (values - values.mean(axis=0)) / np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    clusters = fcluster(linkage(standard, method="ward"), number, criterion="maxclust")
    codes = _by_size(_without_small(clusters, standard), stocks)
    types = xr.DataArray(codes, coords={"area": areas}, dims="area", name="rate_group")
    features = xr.DataArray(standard, coords={"area": areas, "feature": names}, dims=("area", "feature"))
    reasons = {int(c): _reason(int(c), standard[codes == c].mean(axis=0), names, codes) for c in np.unique(codes)}
    return TypeProposal(types, features, reasons)


def describe(stocks: Stocks) -> tuple[list[str], np.ndarray]:
    """Names and values [area, feature] of what describes the areas."""
    now = stocks.persons[-1]
    size = now.sum(axis=(1, 2, 3))
    if (size <= 0).any():
        raise RatesError(
            "Gebiete ohne Einwohner haben keinen Typ.",
            cells=[{"area": a} for a in stocks.coords["area"].to_numpy()[size <= 0]],
            remedy="Diese Gebiete mit einem Nachbargebiet zusammenfassen.",
        )
    starts = [age for age, _ in BANDS]
    columns = [*(np.add.reduceat(now.sum(axis=(1, 2)), starts, axis=-1) / size[:, None]).T]
    names = [name for _, name in BANDS]
    if "foreign" in stocks.groups:
        columns.append(now[:, stocks.groups.index("foreign")].sum(axis=(1, 2)) / size)
        names.append(FOREIGN)
    women = now[:, :, stocks.female, 15:50].sum(axis=(1, 2))
    columns.append(ratio(now[..., :5].sum(axis=(1, 2, 3)), women))
    names.append(CHILDREN)
    if len(stocks.years) > 1:
        before = stocks.persons[0].sum(axis=(1, 2, 3))
        columns.append(np.log1p(size) - np.log1p(before))
        names.append(GROWTH)
    return names, np.stack(columns, axis=-1)


def _without_small(codes: np.ndarray, standard: np.ndarray) -> np.ndarray:
    """Join the smallest type to the nearest one until every type has enough areas."""
    found, sizes = np.unique(codes, return_counts=True)
    while sizes.min() < SMALLEST_TYPE and len(found) > 1:
        small = found[sizes.argmin()]
        others = found[found != small]
        centres = np.stack([standard[codes == c].mean(axis=0) for c in others])
        nearest = others[((centres - standard[codes == small].mean(axis=0)) ** 2).sum(axis=1).argmin()]
        codes = np.where(codes == small, nearest, codes)
        found, sizes = np.unique(codes, return_counts=True)
    return codes


def _by_size(codes: np.ndarray, stocks: Stocks) -> np.ndarray:
    """Number the types by their people, the most populous first."""
    size = stocks.persons[-1].sum(axis=(1, 2, 3))
    found = np.unique(codes)
    order = found[np.argsort([-size[codes == c].sum() for c in found])]
    rank = {int(c): i + 1 for i, c in enumerate(order)}
    return np.array([rank[int(c)] for c in codes])


def _reason(code: int, mean: np.ndarray, names: list[str], codes: np.ndarray) -> str:
    """Why these areas belong together: the features in which they stand out, strongest first."""
    order = np.argsort(-np.abs(mean))
    said = [_said(names[i], mean[i]) for i in order[:3] if abs(mean[i]) >= NOTEWORTHY]
    what = ", ".join(said) if said else "nahe am Durchschnitt der Stadt"
    return f"Typ {code} ({int((codes == code).sum())} Gebiete) – {what}."


def _said(name: str, deviation: float) -> str:
    much, little = MUCH_OR_LITTLE.get(name, ("viele", "wenige"))
    return f"{much if deviation > 0 else little} {name}"
