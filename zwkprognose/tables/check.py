"""Check tables: named rules, each with code, German sentence and remedy. A check never changes data."""

from __future__ import annotations

from zwkprognose.tables.findings import Findings
from zwkprognose.tables.read import concat_tables
from zwkprognose.tables.rules import RULES, TOTALS_RULES
from zwkprognose.tables.table import Table
from zwkprognose.tables.universe import area_totals


def check(*tables: Table) -> Findings:
    """What is wrong or remarkable in these tables, taken together.

    Parameters
    ----------
    *tables : Table
        Tables that are to be used together, for example several years of one city.

    Returns
    -------
    Findings
        Errors stop a projection, warnings travel into the report.

    Examples
    --------
    >>> from zwkprognose.tables import check, read_table
    >>> print(check(read_table("bestand.csv")).summary())  # doctest: +SKIP
    """
    joint = concat_tables(tables)
    totals = area_totals(joint)
    found = [rule(joint) for rule in RULES] + [rule(joint, totals) for rule in TOTALS_RULES]
    return sum(found, Findings.of([]))
