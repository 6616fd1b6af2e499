"""The result as SDMX-CSV 2.0 with the structure that names its codes, for the exchange between statistical offices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import ages
from zwkprognose.names import label
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.long_table import long_table

if TYPE_CHECKING:
    import pandas as pd

FLOW, STRUCTURE, VERSION = "ZWK_POPULATION", "DSD_ZWK_POPULATION", "1.0.0"
#: Codes of the cross-domain list CL_SEX and of Eurostat's CITIZEN; "not split" is their total. A group of one's own
#: keeps its key.
SEX = {"w": "F", "m": "M", "": "_T"}
CITIZENSHIP = {"D": "NAT", "A": "FOR", "": "_T"}
#: Of the cross-domain list CL_OBS_STATUS: normal, forecast, missing because suppressed.
STATUS = {"A": "Bestand", "F": "vorausberechnet", "Q": "geheim gehalten"}
CONCEPTS = {
    "SCENARIO": "Szenario", "REF_AREA": "Gebiet", "SEX": "Geschlecht", "CITIZENSHIP": "Staatsangehörigkeit",
    "AGE": "Alter in Jahren", "OBS_STATUS": "Stand der Angabe", "TIME_PERIOD": "31. Dezember des Jahres",
    "OBS_VALUE": "Personen",
}  # fmt: skip
#: Concepts with a list of codes, in the order of the dimensions.
CODED = ("SCENARIO", "REF_AREA", "SEX", "CITIZENSHIP", "AGE", "OBS_STATUS")


def write_sdmx(
    projection: xr.Dataset,
    path: str | Path,
    *,
    agency: str = "ZWK",
    internal: bool = False,
    districts: Mapping[str, str] | None = None,
) -> Path:
    """Write the table of :func:`write_csv` as SDMX-CSV 2.0, and beside it its structure as SDMX-ML 2.1.

    One row per scenario, area, sex, citizenship, age (``Y5``, ``Y0T2``, ``Y_GE90``, ``_T``) and year, with the persons
    on its 31.12. ``OBS_STATUS`` is A in the base year, F in what is projected and Q where a number is suppressed.

    Parameters
    ----------
    projection, internal, districts
        As for :func:`write_csv`.
    path : path
        Target ``.csv``; the structure goes to :func:`structure_path` beside it.
    agency : str
        Who maintains the table, as SDMX names it: letters, digits, ``_`` and ``-``, a letter first.

    Raises
    ------
    OutputError
        For another ending, or an agency that is no name of SDMX.
    MissingExtraError
        Without sdmx1.

    Notes
    -----
    SDMX-CSV field guide, version 2.0.0 (SDMX 3.0); codes of the cross-domain lists CL_SEX, CL_AGE and CL_OBS_STATUS.

    Examples
    --------
    >>> structure_path("bevoelkerung.csv").name
    'bevoelkerung-struktur.xml'
    """
    require("sdmx", extra="sdmx")
    require_ending(path, ".csv")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", agency):
        raise OutputError(
            f"agency „{agency}“ ist kein Kürzel, wie SDMX es verlangt.",
            remedy="Buchstaben ohne Umlaute, Ziffern, _ und - verwenden, mit einem Buchstaben beginnen.",
        )
    facts = facts_of(projection)
    table = long_table(projection, internal=internal, districts=districts)
    ends = table[["alter_von", "alter_bis"]].drop_duplicates()
    bands = {(low, high): _age(low, high) for low, high in ends.itertuples(index=False)}
    rows = _observations(table, facts.base_year, bands)
    whole = label("sex", "total")
    named = {
        "SCENARIO": {one.name: one.title for one in facts.scenarios},
        "REF_AREA": facts.areas,
        "SEX": {"F": label("sex", "female"), "M": label("sex", "male"), "_T": whole},
        "CITIZENSHIP": {"NAT": label("nationality", "german"), "FOR": label("nationality", "foreign"), "_T": whole},
        "AGE": dict(bands.values()) | {"_T": whole},
        "OBS_STATUS": STATUS,
    }
    lists = {name: _codes(rows[name], named[name]) for name in CODED}
    rows = rows.assign(
        **{name: rows[name].map({value: code for value, (code, _) in lists[name].items()}) for name in CODED}
    )
    with whole_file(structure_path(path)) as temporary:
        temporary.write_bytes(_structure(facts.title, facts.base_year, lists, agency))
    with whole_file(path) as temporary:
        rows.insert(0, "STRUCTURE", "dataflow")
        rows.insert(1, "STRUCTURE_ID", f"{agency}:{FLOW}({VERSION})")
        rows.insert(2, "ACTION", "R")
        rows.to_csv(temporary, index=False, lineterminator="\r\n", encoding="utf-8")
    return Path(path)


def structure_path(path: str | Path) -> Path:
    """Where the structure of a table is written."""
    return Path(path).with_name(f"{Path(path).stem}-struktur.xml")


def _observations(table: pd.DataFrame, base: int, bands: Mapping[tuple[int, Any], tuple[str, str]]) -> pd.DataFrame:
    """The rows of the long table in the columns of SDMX, with codes where the cross-domain lists have them."""
    ends = zip(table["alter_von"], table["alter_bis"], strict=True)
    status = table["jahr"].eq(base).map({True: "A", False: "F"})
    columns: dict[str, Any] = {
        "SCENARIO": table["szenario"],
        "REF_AREA": table["gebiet"],
        "SEX": table["geschlecht"].replace(SEX),
        "CITIZENSHIP": table["staatsangehoerigkeit"].replace(CITIZENSHIP),
        "AGE": [bands[band][0] for band in ends],
        "TIME_PERIOD": table["jahr"],
        "OBS_VALUE": table["anzahl"],
        "OBS_STATUS": status.where(table["anzahl"].notna(), "Q"),
    }
    return table.assign(**columns)[list(columns)]


def _age(low: int, high: Any) -> tuple[str, str]:
    """Code in CL_AGE and German name of an age group; the long table leaves the end of the open group empty.

    Examples
    --------
    >>> import pandas as pd
    >>> _age(0, 2), _age(5, 5), _age(90, pd.NA), _age(0, pd.NA)[0]
    (('Y0T2', '0 bis 2 Jahre'), ('Y5', '5 Jahre'), ('Y_GE90', 'ab 90 Jahren'), '_T')
    """
    import pandas as pd

    if pd.isna(high):
        return f"Y_GE{low}" if low else "_T", ages(low, None)
    return f"Y{low}" if low == high else f"Y{low}T{high}", ages(low, high)


def _codes(values: pd.Series, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Code and German name of every value; what SDMX allows in no code becomes ``_``, and no two values one code."""
    found: dict[str, tuple[str, str]] = {}
    for value in values.unique():
        code, taken = re.sub(r"[^A-Za-z0-9_@$-]", "_", value), {code for code, _ in found.values()}
        unlike = code if code not in taken else next(f"{code}_{k}" for k in count(2) if f"{code}_{k}" not in taken)
        found[value] = unlike, names.get(value, value)
    return found


def _structure(title: str, base: int, lists: Mapping[str, Mapping[str, tuple[str, str]]], agency: str) -> bytes:
    """Flow, data structure, concepts and code lists of a table.

    SDMX wants a date: that of the stock, not of the writing, so that the same run gives the same bytes.
    """
    import sdmx
    from sdmx.model import common, v21

    kept: dict[str, Any] = {"version": VERSION, "maintainer": common.Agency(id=agency), "is_final": True}
    concepts = common.ConceptScheme(id="CS_ZWK", name={"de": "Begriffe"}, **kept)
    codelists = {name: common.Codelist(id=f"CL_{name}", name={"de": CONCEPTS[name]}, **kept) for name in CODED}
    for name, codes in lists.items():
        codelists[name].extend(common.Code(id=code, name={"de": word}) for code, word in codes.values())
    parts: dict[str, Any] = {}
    for name, word in CONCEPTS.items():
        concept = common.Concept(id=name, name={"de": word})
        concepts.append(concept)
        listed = {"local_representation": common.Representation(enumerated=codelists[name])} if name in CODED else {}
        parts[name] = {"id": name, "concept_identity": concept, **listed}
    structure = v21.DataStructureDefinition(id=STRUCTURE, name={"de": "Bevölkerung"}, **kept)
    structure.dimensions.extend(v21.Dimension(**parts[name]) for name in CODED if name != "OBS_STATUS")
    structure.dimensions.append(v21.TimeDimension(**parts["TIME_PERIOD"]))
    structure.measures.append(v21.PrimaryMeasure(**parts["OBS_VALUE"]))
    each: Any = {"related_to": v21.PrimaryMeasureRelationship(), "usage_status": common.UsageStatus["mandatory"]}
    structure.attributes.append(common.DataAttribute(**parts["OBS_STATUS"], **each))
    header = sdmx.message.Header(id=FLOW, sender=kept["maintainer"], prepared=datetime(base, 12, 31))
    message = sdmx.message.StructureMessage(header=header)
    flow = v21.DataflowDefinition(id=FLOW, name={"de": title}, structure=structure, **kept)
    for artefact in (concepts, *codelists.values(), structure, flow):
        message.add(artefact)
    written: bytes = sdmx.to_xml(message, pretty_print=True)
    return written
