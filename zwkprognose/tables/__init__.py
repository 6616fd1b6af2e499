"""Room ``tables``: understand German tables; lose nothing, guess nothing."""

from zwkprognose.tables.areas.crosswalk import Crosswalk, apply_crosswalk, read_crosswalk
from zwkprognose.tables.areas.hierarchy import (
    Hierarchy,
    aggregate_areas,
    check_hierarchy,
    official_hierarchy,
    read_hierarchy,
)
from zwkprognose.tables.areas.zeros import restore_zeros
from zwkprognose.tables.check import check
from zwkprognose.tables.choices import resolve_status
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.parts import parts_only
from zwkprognose.tables.rake import Raked, rake
from zwkprognose.tables.read import concat_tables, kinds, read_table
from zwkprognose.tables.records.register import read_register
from zwkprognose.tables.table import COLUMNS, Source, Status, Table
from zwkprognose.tables.understood import understood
from zwkprognose.tables.universe import Adjusted, adjust_level, area_totals, with_universe

__all__ = [
    "COLUMNS",
    "Adjusted",
    "Crosswalk",
    "Findings",
    "Hierarchy",
    "Raked",
    "Source",
    "Status",
    "Table",
    "adjust_level",
    "aggregate_areas",
    "apply_crosswalk",
    "area_totals",
    "check",
    "check_hierarchy",
    "concat_tables",
    "kinds",
    "official_hierarchy",
    "parts_only",
    "rake",
    "read_crosswalk",
    "read_hierarchy",
    "read_register",
    "read_table",
    "resolve_status",
    "restore_zeros",
    "understood",
    "with_universe",
]
