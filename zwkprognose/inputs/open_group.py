"""Tables that print every single age up to the oldest person have no open group; a named choice says where one begins.

Nobody may be lost: whether people above the last printed age exist cannot be seen from the table, so whoever uses it
has to say that its last age includes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from zwkprognose.errors import InputError
from zwkprognose.inputs.stocks import LOWEST_OPEN_AGE
from zwkprognose.names import label

if TYPE_CHECKING:
    import pandas as pd

#: ``closed``: the last age is that age alone; ``open``: it stands for everybody who is that old or older.
LastAge = Literal["closed", "open"]

#: Everything that makes a cell one of a kind, except its age.
_KEY = ("variable", "area", "destination", "year", "sex", "nationality")


def opened(cells: pd.DataFrame, name: str, last_age: LastAge, open_age: int | None) -> pd.DataFrame:
    """Cells with an open age group, by the choice for the last age.

    Parameters
    ----------
    cells : pandas.DataFrame
        Cells of one variable, numbers only and without totals beside parts.
    name : str
        Variable of the contract; the ages of mothers end by themselves.
    last_age : {"closed", "open"}
        ``"closed"`` leaves the cells as they are.
    open_age : int, optional
        First age of the open group; by default the last age that every year prints.

    Returns
    -------
    pandas.DataFrame
        Years that print an open group stay as they are; in the others the highest ages are put together.

    Raises
    ------
    InputError
        If the choice has another name, a year ends before the open group begins (people of higher ages may be
        missing), or a group crosses that age.
    """
    if last_age not in get_args(LastAge):
        raise InputError(f"last_age „{last_age}“ ist nicht bekannt.", remedy="Möglich sind „closed“ und „open“.")
    is_closed = cells["age_to"].notna().groupby(cells["year"]).transform("all")
    if last_age == "closed" or name == "births" or not is_closed.any():
        return cells
    what = label("variables", name)
    last = cells[is_closed].groupby("year")["age_from"].max()
    _require_reach(last, LOWEST_OPEN_AGE if open_age is None else open_age, what)
    start = int(last.min()) if open_age is None else open_age
    _refuse_crossing(cells[is_closed], start, what)
    return _put_together(cells, is_closed & (cells["age_from"] >= start), start)


def _put_together(cells: pd.DataFrame, older: pd.Series, start: int) -> pd.DataFrame:
    """The older cells of each group added up to one that is open from ``start`` on."""
    import pandas as pd

    keys = [name for name in _KEY if name in cells]
    sums = cells[older].groupby(keys, as_index=False, sort=False).agg({"value": "sum", "area_name": "last"})
    group = sums.assign(age_from=start, age_to=pd.Series(pd.NA, index=sums.index, dtype="Int64"))
    return pd.concat([cells[~older], group], ignore_index=True)


def _require_reach(last: pd.Series, wanted: int, what: str) -> None:
    short = last[last < wanted]
    if len(short):
        raise InputError(
            f"{what}: Die Tabelle hat keine offene Altersgruppe und endet vor dem Alter {wanted}; ältere Personen "
            "könnten fehlen.",
            cells=[{"year": year, "age": f"zuletzt {age}"} for year, age in short.items()],
            remedy="open_age= (im Projekt „offen_ab“) höchstens so hoch wie das letzte Alter wählen, oder eine Tabelle "
            "verwenden, die alle Alter oder eine offene Gruppe hat.",
        )


def _refuse_crossing(cells: pd.DataFrame, start: int, what: str) -> None:
    crossing = cells[(cells["age_from"] < start) & (cells["age_to"] > start)]
    groups = crossing[["age_from", "age_to"]].drop_duplicates()
    if len(groups):
        raise InputError(
            f"{what}: Die offene Altersgruppe ab {start} beginnt mitten in einer Gruppe der Tabelle.",
            cells=[{"age": f"{lower} bis {upper - 1}"} for lower, upper in groups.itertuples(index=False)],
            remedy="open_age= (im Projekt „offen_ab“) auf den Anfang einer Altersgruppe legen.",
        )
