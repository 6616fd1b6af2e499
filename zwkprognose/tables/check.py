"""Check tables: named rules, each with code, German sentence and remedy. A check never changes data."""

from __future__ import annotations

from datetime import date

from zwkprognose.tables.findings import Findings
from zwkprognose.tables.read import concat_tables
from zwkprognose.tables.rules import RULES, TOTALS_RULES
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.rules.future import future
from zwkprognose.tables.table import Table
from zwkprognose.tables.universe import area_totals


def check(*tables: Table, today: date | None = None) -> Findings:
    """What is wrong or remarkable in these tables, taken together.

    Parameters
    ----------
    *tables : Table
        Tables that are to be used together, for example several years of one city.
    today : datetime.date, optional
        Day of the check; stocks after it are errors. By default the day on which the program runs.

    Returns
    -------
    Findings
        Errors stop a projection, warnings travel into the report.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose.tables import check, read_table
    >>> file = Path(mkdtemp()) / "bestand.csv"
    >>> lines = ["jahr;gebiet;alter_von;alter_bis;anzahl", "2025;0101;0;17;80", "2025;0101;20;;400"]
    >>> _ = file.write_text("\\n".join(lines), "utf-8")
    >>> print(check(read_table(file)).errors.frame["message"].item())
    Bevölkerung, 0101, 2025: Das Alter 18 bis 19 fehlt.
    """
    joint = Checked.of(concat_tables(tables))
    totals = area_totals(joint)
    found = [future(joint, today)] + [rule(joint) for rule in RULES] + [rule(joint, totals) for rule in TOTALS_RULES]
    return sum(found, Findings.of([]))
