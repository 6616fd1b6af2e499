"""The first command anybody types."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.cli import main
from zwkprognose.engine import check_balance
from zwkprognose.output import open_netcdf


def test_the_demo_projects_berlin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--bis", "2022"]) == 0
    result = open_netcdf(tmp_path / "ergebnisse-berlin" / "prognose.nc")
    assert result["scenario"].values.tolist() == ["lower", "middle", "upper", "natural"]
    assert result.sizes["area"] == 94
    start = result["population"].sel(year_end=2020).sum(["area", "nationality", "sex", "age"])
    assert start.values == pytest.approx([3_769_962] * 4)
    assert check_balance(result) < 1e-9
    told = capsys.readouterr().out
    assert "3.769.962 Personen am 31.12.2020" in told
    assert "Amt für Statistik Berlin-Brandenburg" in told
