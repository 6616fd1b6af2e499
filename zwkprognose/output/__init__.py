"""Show, round, protect: aggregates, indicators, tables, figures, workbook, report.

Everything that leaves through this room passes :func:`publish` first, unless ``internal=True`` is said.
"""

from __future__ import annotations

from zwkprognose.output.account import Account, trace
from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.content.quotas import Quota, Rate, default_quota, default_quotas, school_entry
from zwkprognose.output.content.services import Service
from zwkprognose.output.demand import demand, dwellings_needed
from zwkprognose.output.files.long_table import write_csv, write_findings, write_parquet
from zwkprognose.output.files.netcdf import open_netcdf, write_netcdf
from zwkprognose.output.files.run_folder import check_folder, write_run
from zwkprognose.output.files.sdmx import write_sdmx
from zwkprognose.output.households import households
from zwkprognose.output.indicators import indicators
from zwkprognose.output.profiles import profile, write_profiles
from zwkprognose.output.publication.publish import publish
from zwkprognose.output.report import write_report
from zwkprognose.output.summary import summary
from zwkprognose.output.workbook.workbook import write_excel

__all__ = [
    "Account",
    "Quota",
    "Rate",
    "Service",
    "aggregate",
    "check_folder",
    "default_quota",
    "default_quotas",
    "demand",
    "dwellings_needed",
    "households",
    "indicators",
    "open_netcdf",
    "profile",
    "publish",
    "school_entry",
    "summary",
    "trace",
    "write_csv",
    "write_excel",
    "write_findings",
    "write_netcdf",
    "write_parquet",
    "write_profiles",
    "write_report",
    "write_run",
    "write_sdmx",
]
