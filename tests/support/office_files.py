"""Tables as an office saves them: Windows code page, Windows line ends, semicolons."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.tidy_files import write
from zwkprognose.errors import TableError
from zwkprognose.tables import Table, read_table

STAND = "Einwohner am 31.12.2023"
DISTRICTS = ("Ortsteil;männlich;weiblich", "Altstadt;100;110", "Hafen;50;60")
BLOCKS = (
    "Alter;männlich;weiblich;zusammen", "0101 Altstadt;;;", "unter 1;5;6;11", "1 - 74;70;80;150", "75 u. m.;7;8;15",
    "zusammen;82;94;176", ";;;", "0102 Süd;;;", "unter 1;1;2;3", "1 - 74;3;4;7", "75 u. m.;-;2;2", "zusammen;4;8;12",
    ";;;", "Quelle: Melderegister;;;",
)  # fmt: skip


def office_text(*lines: str) -> str:
    """Lines as a file."""
    return "\r\n".join(lines) + "\r\n"


def office_table(tmp_path: Path, *lines: str, name: str = "tabelle.csv") -> Table:
    """The table in a file of these lines."""
    return read_table(write(tmp_path, office_text(*lines), name, "cp1252"))


def refusal(tmp_path: Path, *lines: str) -> str:
    """What the error says about a file of these lines that cannot be read."""
    with pytest.raises(TableError) as caught:
        office_table(tmp_path, *lines)
    assert caught.value.remedy
    return str(caught.value)
