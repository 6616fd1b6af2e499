"""Reading leaves the collector of circular garbage as it was, also when a file is refused."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from zwkprognose import read_table
from zwkprognose.errors import TableError


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("text", ["jahr;gebiet;alter_von;alter_bis;anzahl\n2025;0101;0;;80\n", "kein;Format\n"])
def test_the_collector_is_as_before(tmp_path: Path, enabled: bool, text: str) -> None:
    file = tmp_path / "bestand.csv"
    file.write_text(text, encoding="utf-8")
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        if "jahr" in text:
            read_table(file)
        else:
            with pytest.raises(TableError):
                read_table(file)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
