"""One reader per file; each says what it recognises (``recognise``) and turns a document into a Table (``read``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.table import Table

#: Kind → module, in the order in which they are tried: the most particular first.
_MODULES = {
    "px": "px",
    "eurostat-tsv": "eurostat_tsv",
    "sdmx-csv": "sdmx_csv",
    "statistik-austria": "austria_ogd",
    "wien": "wien",
    "zuerich": "zuerich",
    "statpop": "statpop",
    "hmd": "hmd",
    "zensus-regional": "zensus_regional",
    "stadtportal": "stadtportal",
    "stadtteilprofile": "profiles",
    "sterbetafel-qx": "lifetable_blocks",
    "sterbetafel": "lifetable",
    "genesis-geburten": "genesis_births",
    "konstanz-pyramide": "konstanz_pyramid",
    "konstanz-reihe": "konstanz_series",
    "berlin-matrix": "berlin_matrix",
    "berlin-ortsteile": "berlin_ortsteile",
    "aargau": "aargau",
    "bremen-abgeleitet": "bremen_difference",
    "ffcsv": "ffcsv",
    "ffcsv-alt": "ffcsv_old",
    "tidy": "tidy",
    "umzugsmatrix": "move_matrix",
    "gebiete-nebeneinander": "areas_across",
    "kreuztabelle": "crosstab",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: its name, what people call it, and the two functions."""

    kind: str
    title: str
    recognise: Callable[[list[list[str]]], bool]
    read: Callable[[Document], Table]


def readers() -> tuple[Reader, ...]:
    """All readers in the order in which they are tried."""
    return tuple(_reader(kind, module) for kind, module in _MODULES.items())


def _reader(kind: str, module: str) -> Reader:
    loaded = import_module(f"{__name__}.{module}")
    return Reader(kind, loaded.TITLE, loaded.recognise, loaded.read)
