"""The public face: pinned names, a light import, rooms that import downwards only."""

from __future__ import annotations

import subprocess
import sys

import pytest

import zwkprognose

PUBLIC = {
    "Findings",
    "Scenario",
    "__version__",
    "aggregate",
    "build_inputs",
    "check",
    "check_balance",
    "decompose",
    "demand",
    "estimate_rates",
    "hindcast",
    "indicators",
    "intervals",
    "load_example",
    "open_netcdf",
    "profile",
    "compare_year",
    "prepare",
    "project",
    "publish",
    "read_table",
    "score",
    "write_excel",
    "write_netcdf",
    "write_report",
    "summary",
    "trace",
    "plot_components",
    "plot_coverage",
    "plot_decomposition",
    "plot_lexis",
    "plot_map",
    "plot_pyramid",
    "plot_small_multiples",
    "plot_trend",
}


def test_public_names_are_pinned() -> None:
    assert set(zwkprognose.__all__) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert (getattr(zwkprognose, name).__doc__ or "").strip()


def test_import_loads_no_heavy_package() -> None:
    code = (
        "import sys, zwkprognose; "
        "print(sorted({'numba', 'pandas', 'xarray', 'numpy', 'scipy', 'pydantic', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_rooms_import_downwards_only() -> None:
    linter = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    result = subprocess.run([sys.executable, "-c", linter, "--no-cache"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="projct"):
        _ = zwkprognose.projct  # type: ignore[attr-defined]
