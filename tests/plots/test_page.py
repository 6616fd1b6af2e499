"""What the page on pictures shows is what runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "bilder-aus-python.md").read_text(encoding="utf-8")


def test_every_block_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib as mpl

    monkeypatch.chdir(tmp_path)
    said: dict[str, object] = {}
    with mpl.rc_context({"backend": "agg"}):
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/bilder-aus-python.md", "exec"), said)  # noqa: S102
    shown = sorted(path.name for path in tmp_path.glob("*.png"))
    assert shown == sorted(re.findall(r"\(bilder/(python-\w+\.png)\)", PAGE))
    import matplotlib.pyplot as plt

    plt.close("all")


def test_the_page_names_every_picture() -> None:
    import zwkprognose

    assert [name for name in zwkprognose.__all__ if name.startswith("plot_") and name not in PAGE] == []
