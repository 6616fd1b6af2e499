"""docs/staedte.md: the figures of its tables are those that the blocks compute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from support.pages import ROOT, Visit

from zwkprognose.engine import check_balance
from zwkprognose.german import number, percent, signed

PAGE = (ROOT / "docs" / "staedte.md").read_text(encoding="utf-8")


def around(visit: Visit) -> Iterator[None]:
    (visit.folder / "docs").symlink_to(ROOT / "docs")
    yield
    for check in (the_figures_of_bremerhaven_are_computed, the_share_of_dueren_is_found, the_conferences_lose_nobody):
        check(visit.names)


def the_figures_of_bremerhaven_are_computed(said: dict[str, Any]) -> None:
    rows = dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", PAGE, re.MULTILINE))
    names = {"insgesamt": "insgesamt", "ab 65": "ab 65 Jahren", "unter 18": "unter 18 Jahren",
             "unter 15": "unter 15 Jahren, aus 46.160 − 26.060"}  # fmt: skip
    for key, name in names.items():
        printed, counted = said["gedruckt"][key], said["gezaehlt"][key]
        off = f"{signed(printed - counted)} ({percent(100 * (printed / counted - 1))})".replace("\u202f", " ")
        assert rows[name] == f"{number(printed)} | {number(counted)} | {off}"
    between = said["zwischen"]
    youths = rows["15 bis 17 Jahre, was dann bleibt"]
    assert youths.startswith(f"{number(between['Stadt'])} | {number(between['Land'])}")
    middle = {who: n["insgesamt"] - n["ab 65"] - n["unter 18"] for who, n in
              (("Stadt", said["gedruckt"]), ("Land", said["gezaehlt"]))}  # fmt: skip
    assert rows["18 bis 64 Jahre"].startswith(f"{number(middle['Stadt'])} | {number(middle['Land'])} | +3.587")
    assert 4680 == said["abstand"]["insgesamt"] == sum(
        (middle["Stadt"] - middle["Land"], said["abstand"]["ab 65"], said["abstand"]["unter 18"])
    )


def the_share_of_dueren_is_found(said: dict[str, Any]) -> None:
    assert "ausgewiesen 17,16 %, nach den Anzahlen 21,48 %." in said["befunde"].summary()


def the_conferences_lose_nobody(said: dict[str, Any]) -> None:
    run = said["lauf"]
    assert float(said["personen"].isel(year_end=0)) == 217_072
    check_balance(run.projection)
    report = (run.folder / "bericht.html").read_text(encoding="utf-8")
    assert "Gemeindekonferenz" in report
    assert "Landkreis Rostock" in report
    assert "erfunden" in report
