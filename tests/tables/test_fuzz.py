"""Mutated files end in a correct Table or a named German error, never in another exception or a wrong number."""

from __future__ import annotations

import contextlib
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mutations import MUTATIONS, mutated
from support.office_files import BLOCKS, DISTRICTS, STAND, office_text
from support.tidy_files import full_tidy, tidy

from zwkprognose.errors import ZwkError
from zwkprognose.tables import COLUMNS, Status, Table, check, read_table
from zwkprognose.tables.files.document import open_documents
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.signs import read_cell

FORMS = (".csv", ".px", ".tsv", ".txt")
FIXTURES = sorted(path for path in (Path(__file__).parent / "fixtures").iterdir() if path.suffix in FORMS)
TIDY = tidy(full_tidy()).encode()

#: Crosstabs of an office: blocks, sums of districts, sexes and ages across.
OFFICE = (
    (STAND, *BLOCKS),
    (STAND, *DISTRICTS, "Bezirk Mitte zusammen;150;170", "Süd;15;26", "Stadt insgesamt;165;196", "", "Quelle: Stadt"),
    (STAND, "Nr.;Stadtteil;Einwohner;darunter;;", ";;insgesamt;weiblich;Ausländer;65 u. m.", "01;Mitte;1.200;610;.;9"),
)  # fmt: skip
#: Real files, cut to their first lines so that thousands of mutations stay quick.
REAL = (
    "bremen/12411-03-03-2023.csv", "kreise/12411-04-02-4_2020-12-31.csv", "kreise/12411-0018_2019-12-31.csv",
    "berlin_ortsteile/EWR_Ortsteile_2014-12-31.csv", "berlin_planungsraeume/EWR201212E_Matrix.csv",
    "berlin_planungsraeume/EWR201412E_Matrix.csv", "destatis/12612-0008_raw.csv", "destatis/12612-0005_raw.csv",
    "destatis/12621-0001_qx_1991-93_bis_2022-24.csv", "destatis/Sterbetafel2022-2024.csv",
    "konstanz/bevoelkerung/pyramiden/pyramide_2024.csv", "konstanz/bevoelkerung/historisch_nach_stadtteilen.csv",
    "konstanz/bevoelkerung/wohnbevoelkerung.csv", "aargau/fso_parameters.csv", "aargau/ag_migration_subregional.csv",
)  # fmt: skip

fuzz = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


#: Marks that the foot of a table may explain.
_FOOTNOTE = re.compile(r"\s*(?:\*+\)?|[¹²³]\)?|\d\))$")


class _File:
    """Bytes with a name, as a path would have."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self._data = name, data

    def read_bytes(self) -> bytes:
        """The whole file."""
        return self._data


def _holds(table: Table) -> None:
    """What is true of every table, however it came about."""
    cells = table.cells
    assert tuple(cells.columns[: len(COLUMNS)]) == COLUMNS
    assert set(cells["status"]) <= {status.value for status in Status}
    number = cells["status"].isin([Status.NUMBER.value, Status.ZERO.value])
    assert (cells["value"].notna() == number).all()
    assert set(cells["sex"]) <= {"female", "male", "total"}
    assert ((cells["age_to"] > cells["age_from"]) | cells["age_to"].isna()).fillna(True).all()
    assert cells["year"].between(1800, 2200).all()


def _is_printed(table: Table, file: _File) -> None:
    """Every number of the table stands in the line that the table names, and nowhere else."""
    documents = open_documents(file)
    if len(documents) > 1:
        return
    printed = {line: _numbers(row) for line, row in zip(documents[0].lines, documents[0].rows, strict=True)}
    cells = table.cells[(table.cells["status"] == Status.NUMBER.value) & (table.cells["line"] > 0)]
    for line, value in zip(cells["line"], cells["value"], strict=True):
        assert value in printed[line], (line, value)


def _adds_up(table: Table, file: _File) -> None:
    """Every printed cell of the file has one fate, and the cells that the table holds are those that were read."""
    documents = open_documents(file)
    printed = {
        (document.origin, line, column): text
        for document in documents
        for line, row in zip(document.lines, document.rows, strict=True)
        for column, text in enumerate(row)
        if text.strip()
    }
    places = table.cells.loc[table.cells["line"] > 0, ["file", "line", "column"]]
    assert not places.duplicated().any()
    values = {place for place in places.itertuples(index=False, name=None) if place in printed}
    others = [text for place, text in printed.items() if place not in values]
    assert table.ledger.cells() == len(printed)
    assert table.ledger.cells(Fate.VALUE) == table.ledger.figures(Fate.VALUE) == len(values)
    assert table.ledger.figures() == len(values) + sum(map(_carries_figure, others))


def _carries_figure(text: str) -> bool:
    return any(map(str.isdigit, text)) or read_cell(text) is not None or read_cell(text, ".") is not None


def _numbers(row: list[str]) -> set[float]:
    """What the fields of a row may mean: either decimal mark, thousands of persons, percent; marks may follow."""
    texts = {text for field in row for text in (field, field.split(" ")[0], _FOOTNOTE.sub("", field))}
    read = [cell for text in texts for mark in ",." if (cell := read_cell(text, mark)) is not None]
    return {cell.value * scale for cell in read for scale in (1.0, 1000.0, 0.01)}


def _survives(name: str, data: bytes) -> bool:
    """Whether a file reads; anything but a correct Table or a named error is a failure."""
    file, table = _File(name, data), None
    with contextlib.suppress(ZwkError):
        table = read_table(file)
    if table is not None:
        _holds(table)
        _is_printed(table, file)
        _adds_up(table, file)
        if len(data) % 4 == 0:  # the checks take most of the time; a quarter of the files is enough
            check(table).summary()
    return table is not None


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 4))
@settings(fuzz, max_examples=8)
def test_mutated_fixtures(path: Path, seed: int, steps: int) -> None:
    _survives(path.name, mutated(path.read_bytes(), random.Random(seed), steps))


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 4))
@settings(fuzz, max_examples=30)
def test_mutated_tidy_tables(seed: int, steps: int) -> None:
    _survives("tabelle.csv", mutated(TIDY, random.Random(seed), steps))


@pytest.mark.parametrize("lines", OFFICE)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 4))
@settings(fuzz, max_examples=20)
def test_mutated_tables_of_an_office(lines: tuple[str, ...], seed: int, steps: int) -> None:
    _survives("einwohner.csv", mutated(office_text(*lines).encode("cp1252"), random.Random(seed), steps))


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 4))
@settings(fuzz, max_examples=5)
def test_mutated_real_files(shared: Path, name: str, seed: int, steps: int) -> None:
    path = shared / "data" / name
    head = b"\n".join(path.read_bytes().split(b"\n")[:120])
    _survives(path.name, mutated(head, random.Random(seed), steps))


@given(st.binary(max_size=300))
@settings(fuzz, max_examples=100)
def test_any_bytes(data: bytes) -> None:
    _survives("irgendwas.csv", data)


@given(
    st.lists(
        st.sampled_from([";", "\n", "Alter", "männlich", "2020", "-", "3", "0-4", "Einwohner 31.12.2020", '"', " "])
    )
)
@settings(fuzz, max_examples=80)
def test_any_words(words: list[str]) -> None:
    _survives("worte.csv", "".join(words).encode())


@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "ods", "xls", "zip", "parquet", "csv.gz"])
@given(st.binary(max_size=200))
@settings(fuzz, max_examples=20)
def test_any_bytes_behind_a_magic_number(suffix: str, data: bytes) -> None:
    magic = {
        "zip": b"PK\x03\x04",
        "parquet": b"PAR1",
        "csv.gz": b"\x1f\x8b",
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    }
    _survives(f"datei.{suffix}", magic.get(suffix, b"PK\x03\x04") + data)


@given(row=st.integers(0, 47), number=st.integers(0, 10**7))
@settings(fuzz, max_examples=40)
def test_one_changed_figure_changes_one_cell(row: int, number: int) -> None:
    lines = full_tidy()
    lines[row] = f"{lines[row].rsplit(';', 1)[0]};{number}"
    before = read_table(_File("a.csv", TIDY)).cells["value"].to_numpy()
    after = read_table(_File("a.csv", tidy(lines).encode())).cells["value"].to_numpy()
    assert after[row] == number
    assert (after == before).sum() >= len(before) - 1


@given(st.randoms(use_true_random=False))
@settings(fuzz, max_examples=20)
def test_order_line_ends_and_encoding_do_not_matter(rng: random.Random) -> None:
    lines = full_tidy()
    rng.shuffle(lines)
    data = (
        tidy(lines).replace("\n", rng.choice(["\n", "\r\n", "\r"])).encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"]))
    )
    keys = ["area", "year", "sex", "nationality", "age_from"]
    known = read_table(_File("a.csv", TIDY)).cells.set_index(keys)["value"].sort_index()
    assert read_table(_File("a.csv", data)).cells.set_index(keys)["value"].sort_index().equals(known)


def test_every_mutation_is_tried() -> None:
    rng = random.Random(1)
    for mutation in MUTATIONS:
        with contextlib.suppress(ZwkError):
            read_table(_File("a.csv", mutation(TIDY, rng)))
