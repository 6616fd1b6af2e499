"""What is almost a crosstab: a header that is understood above rows that are none of figures, and what stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from zwkprognose.errors import TableError
from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.files.document import HEAD_ROWS, Document
from zwkprognose.tables.hidden import hidden_flag
from zwkprognose.tables.readers.crosstab.headings import understand
from zwkprognose.tables.readers.crosstab.layout import is_figure
from zwkprognose.tables.words import dimension_of

#: Rows below the header that are looked at.
_LOOKED_AT = 20
_SHOWN = 60


def near_miss(document: Document) -> TableError | None:
    """The error for a document that has the header of a crosstab, but no figures where they are looked for.

    ``None`` if it has no such header.
    """
    at = next((i for i, row in enumerate(document.rows[:HEAD_ROWS]) if _is_header(row)), None)
    if at is None:
        return None
    header = [field.strip() for field in document.rows[at]]
    said = " | ".join(field for field in header if field)[:_SHOWN]
    start = f"{document.label}: Zeile {document.lines[at]} ist der Kopf einer Kreuztabelle („{said}“), aber "
    body = [row for row in document.rows[at + 1 : at + 1 + _LOOKED_AT] if any(map(str.strip, row))]
    figures = sorted({c for row in body for c, text in enumerate(row) if _counts(header, c) and is_figure(text)})
    behind = {c for row in body for c, text in enumerate(row) if figures and c > figures[-1] and text.strip()}
    if figures and not any(_counts(header, column) for column in behind):
        return _texts_behind(start, header, behind) if behind else _line_between(document, start, at)
    return _no_figures(document, start, header, at, figures)


def _is_header(row: Sequence[str]) -> bool:
    """A row most of whose fields are headings, at least one of them of what is counted."""
    fields = [field.strip() for field in row if field.strip()]
    words = [field for field in fields if not is_figure(field)]
    known = [field for field in words if understand(field) is not None or dimension_of(field) is not None]
    counted = [field for field in words if understand(field) is not None]
    return len(fields) > 1 and len(known) > 1 and 2 * len(known) >= len(fields) and bool(counted)


def _counts(header: Sequence[str], column: int) -> bool:
    """Whether a column is one of figures by its heading."""
    heading = header[column] if column < len(header) else ""
    return bool(heading) and understand(heading) is not None and dimension_of(heading) is None


def _texts_behind(start: str, header: Sequence[str], columns: Collection[int]) -> TableError:
    named = [f"{column_name(c)}{f' („{header[c]}“)' if c < len(header) and header[c] else ''}" for c in sorted(columns)]
    word = "Spalten" if len(named) > 1 else "Spalte"
    return TableError(
        f"{start}rechts von den Zahlen stehen nur noch Texte: {word} {', '.join(named)}.",
        remedy="Spalten mit Texten (Bemerkungen, Quellen) löschen; Gebiete, Alter und andere Beschriftungen links von "
        "den Zahlen führen.",
    )


def _line_between(document: Document, start: str, at: int) -> TableError | None:
    """A line without figures between the header and the figures."""
    for i in range(at + 1, min(at + 1 + _LOOKED_AT, len(document.rows))):
        printed = [field.strip() for field in document.rows[i] if field.strip()]
        if any(map(is_figure, printed)):
            return None
        if printed:
            return TableError(
                f"{start}zwischen ihm und den Zahlen steht „{' '.join(printed)[:_SHOWN]}“ (Zeile {document.lines[i]}).",
                cells=[{"line": document.lines[i], "text": " ".join(printed)[:_SHOWN]}],
                remedy="Diese Zeile löschen oder über den Kopf setzen.",
            )
    return None


def _no_figures(document: Document, start: str, header: Sequence[str], at: int, figures: Sequence[int]) -> TableError:
    texts = list(_texts_below(document, header, at, figures))
    strange = [one for one in texts if hidden_flag(one[2]) is None]
    for line, column, text in strange[:1] or texts[:1]:
        cell = f"„{text[:_SHOWN]}“ in Zeile {line}, Spalte {column_name(column)}"
        return TableError(
            f"{start}{cell} ist keine Zahl." if strange else f"{start}darunter ist jede Zahl verborgen: {cell}.",
            cells=[{"line": line, "column": column_name(column), "text": text[:_SHOWN]}],
            remedy="In den Zellen dürfen nur Zahlen und Zeichen wie „–“, „.“ oder „<3“ stehen; Zusätze („ca.“, "
            "„Personen“) in die Überschrift oder eine Fußnote setzen."
            if strange
            else "Größere Gebiete oder Altersgruppen angeben, deren Zahlen ausgewiesen sind.",
        )
    return TableError(
        f"{start}darunter steht keine Zahl.",
        remedy="Prüfen, ob die Zahlen gespeichert sind und unmittelbar unter dem Kopf beginnen.",
    )


def _texts_below(
    document: Document, header: Sequence[str], at: int, figures: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of what stands under headings of what is counted."""
    for i in range(at + 1, min(at + 1 + _LOOKED_AT, len(document.rows))):
        for column, field in enumerate(document.rows[i]):
            if field.strip() and _counts(header, column) and column not in figures:
                yield document.lines[i], column, field.strip()
