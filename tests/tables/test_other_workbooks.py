""".xls, .ods and .xlsb say the same as .xlsx, as far as their forms can say it."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.formats_book import SHOWN, write_formats, write_xlsb

from zwkprognose.errors import TableError, ZwkError
from zwkprognose.tables import read_table
from zwkprognose.tables.files.document import Document, open_documents

FIXTURES = Path(__file__).parent / "fixtures"


def _parts(name: str) -> tuple[str, ...]:
    return (f"„{name}“, Blatt „Einwohner“: Ausgeblendet, aber mitgelesen: Zeile 4 und Spalte D.",)


def _holds(documents: list[Document]) -> None:
    shown, hidden = documents
    assert shown.repairs == _parts(shown.name)
    assert (shown.hidden, hidden.hidden, hidden.sheet) == (False, True, "Alt")


def test_excel(tmp_path: Path) -> None:
    documents = open_documents(write_formats(tmp_path / "formate.xlsx"))
    assert documents[0].rows == SHOWN
    _holds(documents)


def test_open_document() -> None:
    documents = open_documents(FIXTURES / "formate.ods")
    assert documents[0].rows == SHOWN
    _holds(documents)


def test_excel_97() -> None:
    """LibreOffice stores 0 for the formula of a text: that is no name of a quarter, and no zero."""
    documents = open_documents(FIXTURES / "formate.xls")
    rows = [list(row) for row in documents[0].rows]
    assert documents[0].uncomputed == ((3, 1),)
    rows[2][1] = "Oberdorf"
    assert rows == SHOWN
    _holds(documents)
    with pytest.raises(TableError, match="Zelle B3") as error:
        read_table(FIXTURES / "formate.xls")
    assert "als .xlsx speichern" in error.value.remedy


def test_binary_excel(tmp_path: Path) -> None:
    cells = [
        (0, 0, "Einwohner am 31.12.2023", 0), *((1, i, text, 0) for i, text in enumerate(SHOWN[1])),
        (2, 0, 101.0, 1), (2, 1, "Oberdorf", 0), (2, 2, 90.0, 0), (2, 3, ("formula", 300.0), 0), (2, 4, 0.125, 2),
        (3, 0, 102.0, 1), (3, 1, "Am Hang", 0), (3, 2, ("formula", 0.0), 0), (3, 3, ("error", 42), 0), (3, 4, 0.5, 2),
    ]  # fmt: skip
    (document,) = open_documents(write_xlsb(tmp_path / "a.xlsb", cells))
    assert document.rows[:3] == SHOWN[:3]
    assert document.rows[3] == ["0102", "Am Hang", "0", "#NV", "50 %"]
    assert document.repairs == _parts("a.xlsb")
    (document,) = open_documents(write_xlsb(tmp_path / "b.xlsb", cells, on_load=True))
    assert document.uncomputed == ((4, 2),)


@pytest.mark.parametrize("form", ["xls", "ods", "xlsb"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_workbooks_end_in_a_german_error(tmp_path: Path, form: str, seed: int) -> None:
    """Some bytes changed anywhere: the file is read, or refused; nothing crashes and nothing hangs."""
    chance = random.Random(seed)
    source = FIXTURES / ("einwohner.xlsb" if form == "xlsb" else f"formate.{form}")
    data = bytearray(source.read_bytes())
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / f"kaputt.{form}"
    path.write_bytes(bytes(data[: chance.choice([len(data), chance.randrange(1, len(data))])]))
    with contextlib.suppress(ZwkError):
        for document in open_documents(path):
            assert all(isinstance(text, str) for row in document.rows for text in row)
