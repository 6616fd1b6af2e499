"""The door for tables: a long frame has the columns and kinds of values that the contract promises.

Readers of this package keep the contract; tables that other programs build by hand are checked here, before a
wrong column or an age that ends before it begins can do harm further in.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError
from zwkprognose.names import SEXES, TOTAL

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

#: More persons than this are no count.
MOST = 1e12
#: What identifies a row in a message.
SHOWN = ("area", "year", "file", "line")


def check_cells(cells: pd.DataFrame) -> None:
    """Check the cells of a Table against the contract.

    Parameters
    ----------
    cells : pandas.DataFrame
        Long frame as in :class:`zwkprognose.tables.Table`.

    Raises
    ------
    InputError
        Names missing columns, or the rows whose value is of the wrong kind.
    """
    from pandera.errors import SchemaErrors

    try:
        _schema().validate(cells, lazy=True)
    except SchemaErrors as errors:
        raise _refusal(cells, errors.failure_cases) from None


@cache
def _schema() -> DataFrameSchema:
    from pandera.pandas import Check, Column, DataFrameSchema

    from zwkprognose.tables import Status

    return DataFrameSchema(
        {
            "area": Column(),
            "area_name": Column(),
            "year": Column(int),
            "sex": Column(checks=Check.isin([*SEXES, TOTAL])),
            "nationality": Column(),
            "age_from": Column("Int64", Check.ge(0)),
            "age_to": Column("Int64", nullable=True),
            "variable": Column(),
            "value": Column(float, Check.in_range(-MOST, MOST), nullable=True),
            "status": Column(checks=Check.isin([str(status) for status in Status])),
        },
        checks=[
            Check(lambda cells: cells["age_to"].isna() | (cells["age_to"] > cells["age_from"]), name="age_to"),
            Check(lambda cells: cells["value"].notna() | ~cells["status"].isin(["number", "zero"]), name="value"),
        ],
    )


def _refusal(cells: pd.DataFrame, failures: pd.DataFrame) -> InputError:
    missing = failures.loc[failures["check"] == "column_in_dataframe", "failure_case"].tolist()
    if missing:
        return InputError(
            "Der Tabelle fehlen Spalten: " + ", ".join(missing) + ".",
            remedy="Die Tabelle mit read_table lesen oder die Spalten nach zwkprognose.tables.COLUMNS ergänzen.",
        )
    kinds = failures.loc[failures["index"].isna(), "column"].unique().tolist()
    if kinds:
        return InputError(
            "Spalten der Tabelle haben die falsche Art von Werten: " + ", ".join(map(str, kinds)) + ".",
            remedy="year als ganze Zahl, age_from und age_to als „Int64“, value als Kommazahl führen.",
        )
    return InputError(
        "Zellen der Tabelle sind unmöglich.", cells=_rows(cells, failures), remedy="Die genannten Zellen berichtigen."
    )


def _rows(cells: pd.DataFrame, failures: pd.DataFrame) -> list[dict[str, Any]]:
    """Each failed row once, with what identifies it and the column that is wrong."""
    # a check over several columns fails in every column: its name says which one is meant
    whole_row = failures["schema_context"] == "DataFrameSchema"
    column = failures["column"].mask(whole_row, failures["check"])
    failed = failures.assign(column=column).drop_duplicates(["index", "column"])
    known = [name for name in SHOWN if name in cells]
    return [
        {**{key: cells.loc[index, key] for key in known}, "column": name, "text": cells.loc[index, name]}
        for index, name in zip(failed["index"].astype(int), failed["column"], strict=True)
    ]
