"""The page on pictures names every picture."""

from __future__ import annotations

from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "bilder-aus-python.md").read_text(encoding="utf-8")


def test_the_page_names_every_picture() -> None:
    import zwkprognose

    assert [name for name in zwkprognose.__all__ if name.startswith("plot_") and name not in PAGE] == []
