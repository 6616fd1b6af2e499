"""zwkprognose: kleinräumige Bevölkerungsprognose nach dem Kohorten-Komponenten-Modell.

Three lines carry any tidy stock table into a projection::

    inputs = build_inputs(read_table("bestand.csv"))
    rates = estimate_rates(inputs)
    projection = project(inputs, rates, until=2040)

Importing the package loads nothing but this file; every name is fetched when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Said here only: the project file, the reports and the provenance of results read it.
__version__ = "0.1.0"

#: Public name → module that holds it. Pinned by a test: additions are deliberate.
_HOME = {
    "load_example": "examples",
    "read_table": "tables",
    "check": "tables",
    "Findings": "tables",
    "build_inputs": "inputs",
    "estimate_rates": "rates",
    "Scenario": "scenarios",
    "prepare": "engine",
    "project": "engine",
    "check_balance": "engine",
    "hindcast": "evaluation",
    "score": "evaluation",
    "intervals": "evaluation",
    "decompose": "evaluation",
    "aggregate": "output",
    "indicators": "output",
    "demand": "output",
    "publish": "output",
    "profile": "output",
    "write_excel": "output",
    "write_report": "output",
    "write_netcdf": "output",
    "open_netcdf": "output",
    "compare_year": "projects",
    "summary": "output",
    "trace": "output",
    "plot_components": "plots",
    "plot_coverage": "plots",
    "plot_decomposition": "plots",
    "plot_lexis": "plots",
    "plot_map": "plots",
    "plot_pyramid": "plots",
    "plot_small_multiples": "plots",
    "plot_trend": "plots",
}

__all__ = sorted([*_HOME, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
