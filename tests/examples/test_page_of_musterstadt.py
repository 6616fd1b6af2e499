"""The page on Musterstadt lists the quarters that there are."""

from __future__ import annotations

import re
from pathlib import Path

from zwkprognose.examples import musterstadt

PAGE = (Path(__file__).parents[2] / "docs" / "musterstadt.md").read_text(encoding="utf-8")


def test_the_page_lists_the_quarters() -> None:
    town = musterstadt(years=1)
    names = dict(zip(town.inputs["area"].values.tolist(), town.inputs["area_name"].values.tolist(), strict=True))
    rows = re.findall(r"^\| (\d\d) ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    listed = {key: (name, kind) for key, name, kind in rows}
    assert listed == {key: (name, town.kinds[key]) for key, name in names.items()}
