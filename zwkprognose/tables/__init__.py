"""Room ``tables``: understand German tables; lose nothing, guess nothing."""

from zwkprognose.tables.check import check
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.read import concat_tables, kinds, read_table
from zwkprognose.tables.table import COLUMNS, Source, Status, Table

__all__ = ["COLUMNS", "Findings", "Source", "Status", "Table", "check", "concat_tables", "kinds", "read_table"]
