"""PX files of the Swiss and Austrian offices and of cities: a cube of figures with its own list of signs.

The signs of such files are no signs of DIN 55301: ``.`` to ``......`` and ``-`` mean what the keywords
``DATASYMBOL1`` to ``DATASYMBOL6`` and ``DATASYMBOLNIL`` (or a footnote) of the same file say. Without such a word
dots are unknown numbers, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import UNKNOWN_AGE_WORDS, parse_age, range_end
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.files.px import OPENING
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.px_keywords import Keywords, Variable, is_sign, size_of
from zwkprognose.tables.readers.restricted import refuse_restricted
from zwkprognose.tables.readers.stock_days import JANUARY_NOTE, day_in
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.universe import universe_in
from zwkprognose.tables.words import TOTAL_WORDS, dimension_of, measures_in, nationality_of, plain, sex_of

TITLE = "PX-Datei (BFS, Statistik Austria, Städte), mit Zeichen nach ihren eigenen Schlüsselwörtern"

#: Components of the Swiss population balance that the contract knows; others keep their own names.
_COMPONENTS = {
    "lebendgeburt": "births", "lebendgeburten": "births", "todesfall": "deaths", "todesfälle": "deaths",
    "bestand am 31. dezember": "population", "bevölkerungsstand am 31. dezember": "population",
}  # fmt: skip
_NATIONS = {"schweiz": "swiss", "schweizer": "swiss", "schweizer/in": "swiss", "ausland": "foreign"}
#: The population of both countries' accounts; others in the same variable are no residents.
_RESIDENTS = frozenset({"ständige wohnbevölkerung"})
_PROJECTION = re.compile(r"szenari|prognose|vorausberech|projection|vorausschätzung")
#: ``......0261 Zürich``: level by dots, number of the Gemeinde, name.
_COMMUNE = re.compile(r"[.\s]*(\d{3,5})\s+(.+)")
_LEVEL = re.compile(r"^(?:[-–>.\s]|\.{2,})+")
_PERSONS = frozenset({"", "personen", "person", "anzahl", "anzahl personen", "einwohner", "persons", "number", "fälle"})


def recognise(head: list[list[str]]) -> bool:
    """The first keyword of a PX file, as :mod:`zwkprognose.tables.files.px` gives it."""
    return bool(head) and len(head[0]) >= 4 and head[0][0] in OPENING and not head[0][2]


def read(document: Document) -> Table:
    """Every figure of the cube, totals among them."""
    keywords = Keywords(document)
    title = keywords.text("TITLE") or keywords.text("CONTENTS")
    _refuse(document, title, keywords.text("UNITS"))
    refuse_restricted(document, [title, keywords.text("CONTENTS")])
    stub, heading = keywords.variables()
    variables = [*stub, *heading]
    numbers, texts, lines, columns = _figures(document, keywords, stub, heading)
    at = np.unravel_index(numbers, [len(variable.texts) for variable in variables])
    built, notes = _dimensions(document, keywords, variables, title)
    said = {name: values[at[axis]] for axis, parts in built.items() for name, values in parts.items()}
    said, more = _measured(document, said, f"{keywords.text('CONTENTS')} {title}", len(numbers))
    signs = is_sign(texts) & ~np.isin(texts, list(document.options.signs))
    figures = value_columns(
        list(np.where(signs, "", texts)), document, lines=lines, labels="DATA", columns=columns, decimal="."
    )
    meanings = _read_signs(figures, texts, signs, keywords)
    cells = cells_frame({**said, **figures})
    return Table(cells, _source(document, keywords, title, (*notes, *more, *meanings)))


def _figures(
    document: Document, keywords: Keywords, stub: list[Variable], heading: list[Variable]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Place in the cube, text, line and column of every figure."""
    rows = document.rows[keywords.data_row :]
    lengths = [len(row) for row in rows]
    texts = np.array([text for row in rows for text in row][1:], dtype=object)  # the first is the word DATA
    lines = np.repeat(np.array(document.lines[keywords.data_row :], dtype=np.int64), lengths)[1:]
    columns = np.concatenate([np.arange(n) for n in lengths])[1:]
    keyed = [variable for variable in stub if keywords.keyed(variable)]
    width = size_of(heading)
    document.fates.mark(Fate.HEADING, document.lines[keywords.data_row], 0)
    if not keyed:
        _check_number(document, len(texts), size_of(stub) * width)
        return np.arange(len(texts)), texts, lines, columns
    if keyed != stub or len(texts) % (len(stub) + width):
        raise _wrong_number(document, len(texts), "Zeilen mit Schlüsseln und je")
    grid = np.arange(len(texts)).reshape(-1, len(stub) + width)
    document.fates.mark(Fate.LABEL, lines[grid[:, : len(stub)]], columns[grid[:, : len(stub)]])
    first = _keyed_rows(document, keywords, stub, texts[grid[:, : len(stub)]], lines[grid[:, 0]])
    figures = grid[:, len(stub) :].ravel()
    places = (first[:, None] * width + np.arange(width)).ravel()
    return _with_zeros(places, texts[figures], lines[figures], columns[figures], size_of(stub) * width)


def _keyed_rows(
    document: Document, keywords: Keywords, stub: list[Variable], keys: np.ndarray, lines: np.ndarray
) -> np.ndarray:
    """Place of each row that names its values itself; :class:`TableError` for a key that is none, or twice."""
    place = np.zeros(len(keys), dtype=np.int64)
    for axis, variable in enumerate(stub):
        known = {key: i for i, key in enumerate(keywords.key_texts(variable))}
        found = [known.get(key, -1) for key in keys[:, axis]]
        if -1 in found:
            bad = found.index(-1)
            raise TableError(
                f"{document.label}, Zeile {lines[bad]}: „{keys[bad, axis]}“ ist keine Ausprägung des Merkmals "
                f"„{variable.name}“.",
                cells=[{"line": int(lines[bad]), "text": keys[bad, axis]}],
                remedy="Die Datei neu herunterladen.",
            )
        place = place * len(variable.texts) + np.array(found, dtype=np.int64)
    if len(set(place.tolist())) < len(place):
        raise TableError(
            f"{document.label}: Dieselben Schlüssel stehen in zwei Zeilen.", remedy="Die Datei neu herunterladen."
        )
    return place


def _with_zeros(
    places: np.ndarray, texts: np.ndarray, lines: np.ndarray, columns: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """With KEYS the format leaves out rows of nothing but zeros: they are exactly zero, printed nowhere."""
    lacking = np.setdiff1d(np.arange(size), places)
    nothing = np.zeros(len(lacking), dtype=np.int64)
    return (
        np.concatenate([places, lacking]),
        np.concatenate([texts, np.full(len(lacking), "-", dtype=object)]),
        np.concatenate([lines, nothing]),
        np.concatenate([columns, nothing - 1]),
    )


def _check_number(document: Document, found: int, wanted: int) -> None:
    if found != wanted:
        raise _wrong_number(document, found, str(wanted))


def _wrong_number(document: Document, found: int, wanted: str) -> TableError:
    return TableError(
        f"{document.label}: Unter DATA stehen {found} Zahlen, die Merkmale verlangen {wanted}.",
        remedy="Die Datei vollständig neu herunterladen.",
    )


def _dimensions(
    document: Document, keywords: Keywords, variables: Sequence[Variable], title: str
) -> tuple[dict[int, dict[str, np.ndarray]], list[str]]:
    """Columns of the contract by axis of the cube, each by value, and notes on variables that the contract lacks."""
    built: dict[int, dict[str, np.ndarray]] = {}
    roles: list[str] = []
    notes = []
    for axis, variable in enumerate(variables):
        role = _role(keywords, variable)
        if role in roles and role != "other":
            raise TableError(
                f"{document.label}: Die Merkmale „{variables[roles.index(role)].name}“ und „{variable.name}“ enthalten "
                "dasselbe.",
                remedy="Die Tabelle ohne eines der beiden neu herunterladen.",
            )
        roles.append(role)
        built[axis] = _RULES[role](document, variable) if role != "other" else _other(axis, variable)
        if role == "other" and len(variable.texts) > 1:
            others = [
                _bare(variable, text) for text in variable.texts if plain(_bare(variable, text)) not in _RESIDENTS
            ]
            notes.append(f"Merkmal „{variable.name}“: eigene Größen bleiben {', '.join(others)[:200]}.")
    if "year" not in roles:
        years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", title)}
        if len(years) != 1:
            raise TableError(
                f"{document.label}: Kein Merkmal enthält Jahre.",
                remedy="Die Tabelle mit dem Merkmal Jahr herunterladen.",
            )
        built[0]["year"] = np.full(len(variables[0].texts), years.pop())
    return built, notes


def _role(keywords: Keywords, variable: Variable) -> str:
    """What a variable holds: by its name, by the keyword TIMEVAL, by its values."""
    if keywords.is_time(variable):
        return "year"
    names = [re.sub(r"\([^)]*\)", "", part).strip() for part in variable.name.split("/")]
    roles = {dimension_of(name) for name in names} | ({"area"} if "kanton" in map(plain, names) else set())
    for role in ("year", "sex", "nationality", "age"):
        if role in roles:
            return role
    if roles & {"area", "area_name"}:
        return "area"
    texts = [plain(_bare(variable, text)) for text in variable.texts]
    if any(text in _COMPONENTS or measures_in(text) - {"population"} for text in texts):
        return "measure"
    if all(stock_year(text) is not None for text in texts):
        return "year"
    return "other"


def _bare(variable: Variable, text: str) -> str:
    """A value without the name of its variable in front: ``Geschlecht - Total``."""
    return re.sub(rf"^{re.escape(variable.name)}\s*[-–:]\s*", "", text.strip())


def _translated(document: Document, variable: Variable, rule: Callable[[str], Any], expected: str) -> list[Any]:
    said = [rule(_bare(variable, text)) for text in variable.texts]
    if None in said:
        raise TableError(
            f"{document.label}: „{variable.texts[said.index(None)]}“ ist als Ausprägung von „{variable.name}“ nicht "
            "zu verstehen.",
            remedy=f"Erwartet wird {expected.removesuffix('.')}.",
        )
    return said


def _years(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    return {"year": np.array(_translated(document, variable, stock_year, "ein Jahr oder ein Stichtag 31.12."))}


def _sexes(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    return {"sex": np.array(_translated(document, variable, sex_of, "Mann, Frau oder Total"), dtype=object)}


def _nations(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    def rule(text: str) -> str:
        return _NATIONS.get(plain(text)) or nationality_of(text) or text.strip()

    return {"nationality": np.array(_translated(document, variable, rule, "Schweiz, Ausland oder Total"), dtype=object)}


def _ages(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    upper = range_end(variable.texts) or "inclusive"

    def rule(text: str) -> Any:
        return "unknown" if plain(text) in UNKNOWN_AGE_WORDS else parse_age(text, upper)

    ages = _translated(document, variable, rule, "ein Alter wie 20 Jahre, 20-24 Jahre oder 100 Jahre und mehr")
    return age_columns([None if age == "unknown" else age for age in ages])


def _areas(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    """Keys are numbers in the labels of Gemeinden, else codes if every area has its own, else the names."""
    own = variable.codes if len(set(variable.codes)) == len(variable.texts) else []
    keys, names = [], []
    for i, text in enumerate(variable.texts):
        commune = _COMMUNE.fullmatch(text.strip())
        name = commune[2] if commune else _LEVEL.sub("", text).strip()
        keys.append(commune[1] if commune else own[i] if own else "" if plain(name) in TOTAL_WORDS else name)
        names.append(name)
    if len(set(keys)) < len(keys):
        keys = own or names
    return {"area": np.array(keys, dtype=object), "area_name": np.array(names, dtype=object)}


def _measures(document: Document, variable: Variable) -> dict[str, np.ndarray]:
    """Components of the balance by name; those that the contract lacks keep their own, so that nothing is added up."""
    names = [_bare(variable, text) for text in variable.texts]
    return {"variable": np.array([_COMPONENTS.get(plain(name), name) for name in names], dtype=object)}


def _other(axis: int, variable: Variable) -> dict[str, np.ndarray]:
    """A variable that the contract lacks becomes part of the name of what is counted, as in flat files."""
    names = [_bare(variable, text) for text in variable.texts]
    whole = [plain(name) in TOTAL_WORDS | _RESIDENTS for name in names]
    return {f"suffix{axis}": np.array(["" if w else f"/{n}" for w, n in zip(whole, names, strict=True)], dtype=object)}


_RULES: dict[str, Callable[[Document, Variable], dict[str, np.ndarray]]] = {
    "year": _years, "sex": _sexes, "nationality": _nations, "age": _ages, "area": _areas, "measure": _measures,
}  # fmt: skip


def _measured(
    document: Document, said: dict[str, np.ndarray], text: str, number: int
) -> tuple[dict[str, Any], list[str]]:
    """With the variable of every cell; a stock of 1 January belongs to the year before."""
    suffixes = [said.pop(name) for name in [name for name in said if name.startswith("suffix")]]
    notes = []
    if "variable" not in said:
        measures = measures_in(text)
        day = day_in(text)
        if len(measures) != 1 or day == "other":
            raise TableError(
                f"{document.label}: „{text.strip()[:100]}“ sagt nicht, dass Personen am 31.12. oder Bewegungen gezählt "
                "werden.",
                remedy="Eine Tabelle der Bevölkerung am 31.12. (oder 1.1.), der Geburten oder der Sterbefälle "
                "herunterladen.",
            )
        said["variable"] = np.full(number, measures.pop(), dtype=object)
        if day == "january" and said["variable"][0] == "population":
            said["year"] = said["year"] - 1
            notes.append(JANUARY_NOTE)
    for suffix in suffixes:
        said["variable"] = said["variable"] + suffix
    return said, notes


def _read_signs(figures: dict[str, Any], texts: np.ndarray, signs: np.ndarray, keywords: Keywords) -> list[str]:
    """Put statuses where signs are printed; a note says what each was taken for."""
    value, status = np.array(figures["value"], dtype=float), np.array(figures["status"], dtype=object)
    notes = []
    for sign in sorted(set(texts[signs])):
        meaning, said = keywords.meaning(sign)
        at = texts == sign
        status[at] = meaning.value
        value[at] = 0.0 if meaning is Status.ZERO else np.nan
        if said:
            notes.append(f"Zeichen „{sign}“ nach der Datei: {said}.")
        elif sign != "-":
            notes.append(f"Die Datei erklärt das Zeichen „{sign}“ nicht; es ist als unbekannte Zahl gelesen.")
    figures.update(value=value, status=status)
    return notes


def _refuse(document: Document, title: str, units: str) -> None:
    if _PROJECTION.search(title.casefold()):
        raise TableError(
            f"{document.label}: „{title[:100]}“ ist eine Vorausberechnung und kein Bestand.",
            remedy="Eine Tabelle der gezählten Bevölkerung herunterladen.",
        )
    if plain(units) not in _PERSONS:
        raise TableError(
            f"{document.label}: Die Einheit „{units}“ zählt keine Personen.",
            remedy="Eine Tabelle mit Anzahlen herunterladen.",
        )


def _source(document: Document, keywords: Keywords, title: str, notes: tuple[str, ...]) -> Source:
    return Source(
        document.name,
        "px",
        title=title[:200],
        table_code=keywords.text("MATRIX"),
        publisher=keywords.text("SOURCE")[:200],
        universe=universe_in(title),
        notes=notes,
    )
