"""docs/bilder-aus-python.md: every picture that it shows is one that it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    import matplotlib.pyplot as plt

    yield
    plt.close("all")
    shown = re.findall(r"\(bilder/(python-\w+\.png)\)", visit.page.read_text(encoding="utf-8"))
    assert sorted(path.name for path in visit.folder.glob("*.png")) == sorted(shown)
