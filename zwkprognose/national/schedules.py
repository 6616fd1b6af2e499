"""Published national schedules of Germany, as labelled arrays: the defaults where an area has no own figures.

Source: Statistisches Bundesamt (Destatis), GENESIS tables 12621-0001 and 12612-0008, dl-de/by-2-0.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from zwkprognose.errors import RatesError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SOURCE_DEATH_PROB = "Statistisches Bundesamt (Destatis), Tabelle 12621-0001, dl-de/by-2-0"
SOURCE_FERTILITY = "Statistisches Bundesamt (Destatis), Tabelle 12612-0008, dl-de/by-2-0"


def death_prob(period: str = "2022/24") -> xr.DataArray:
    """Death probabilities q(x) of a German period life table.

    Parameters
    ----------
    period : str
        Three-year period as published, ``"1991/93"`` … ``"2022/24"``.

    Returns
    -------
    xr.DataArray [sex, age], probability
        Age is the **exact age** at the start of the year of age (0 … 100). ``NaN`` at age 100 in the
        periods 1991/93 to 1999/01, in which the table prints ``-`` there.

    Raises
    ------
    RatesError
        If there is no such period.

    Examples
    --------
    >>> round(float(death_prob("2022/24").sel(sex="female", age=0)), 8)
    0.00299336
    """
    import xarray as xr

    column = _column(_death_prob_frame(), period, "Sterbetafel")
    wide = column.unstack("age").loc[["female", "male"]]
    return xr.DataArray(
        wide.to_numpy(),
        coords={"sex": list(wide.index), "age": wide.columns.to_numpy()},
        dims=("sex", "age"),
        name="death_prob",
        attrs={"unit": "probability", "period": period, "source": SOURCE_DEATH_PROB, "age": "exact"},
    )


def fertility_rate(year: int = 2023) -> xr.DataArray:
    """Age-specific fertility rates of Germany.

    Parameters
    ----------
    year : int
        Calendar year, 1972 … 2023.

    Returns
    -------
    xr.DataArray [age], births per woman and year
        Age 15 … 49 is the age **reached in the year** (year of birth method), as the engine needs it.

    Raises
    ------
    RatesError
        If there is no such year.

    Examples
    --------
    >>> round(float(fertility_rate(2021).sum()), 2)
    1.58
    """
    import xarray as xr

    column = _column(_fertility_frame(), str(year), "Geburtenziffern")
    return xr.DataArray(
        column.to_numpy() / 1000.0,
        coords={"age": column.index.to_numpy()},
        dims=("age",),
        name="fertility_rate",
        attrs={"unit": "births per woman and year", "year": year, "source": SOURCE_FERTILITY, "age": "reached"},
    )


def periods() -> tuple[str, ...]:
    """Periods for which a national life table is bundled, oldest first."""
    return tuple(_death_prob_frame().columns)


def fertility_years() -> tuple[int, ...]:
    """Years for which national fertility rates are bundled, oldest first."""
    return tuple(int(year) for year in _fertility_frame().columns)


def _column(frame: pd.DataFrame, key: str, what: str) -> pd.Series:
    if key not in frame.columns:
        raise RatesError(
            f"Für „{key}“ liegen keine bundesweiten Werte vor ({what}).",
            remedy=f"Einen Wert von {frame.columns[0]} bis {frame.columns[-1]} angeben.",
        )
    return frame[key]


@cache
def _death_prob_frame() -> pd.DataFrame:
    return _read("death_prob.csv", ["sex", "age"])


@cache
def _fertility_frame() -> pd.DataFrame:
    return _read("fertility_rate.csv", ["age"])


def _read(name: str, keys: list[str]) -> pd.DataFrame:
    import pandas as pd

    file = resources.files("zwkprognose.national").joinpath("data", name)
    with file.open(encoding="utf-8") as text:
        # "-" is printed where the life table ends; it is the only sign in these two tables
        return pd.read_csv(text, sep=";", index_col=keys, na_values="-").astype(float)
