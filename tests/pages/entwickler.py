"""docs/entwickler.md: the folder that its small tool reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from shutil import copy

from support.pages import ROOT, Visit

from zwkprognose import Scenario, errors, estimate_rates, load_example, write_netcdf


def around(visit: Visit) -> Iterator[None]:
    results, inputs = visit.folder / "ergebnisse", load_example("bremerhaven")
    results.mkdir()
    write_netcdf(inputs, results / "eingaben.nc")
    write_netcdf(estimate_rates(inputs), results / "raten.nc")
    (visit.folder / "plaetze.csv").write_text("gebiet;plaetze\n04012;4100\n", encoding="utf-8")
    for german, name in (("untere", "lower"), ("obere", "upper")):
        (visit.folder / f"{german}.toml").write_text(Scenario.bundled(name).to_toml(), encoding="utf-8")
    copy(ROOT / "docs" / "examples" / "kita_luecke.py", visit.folder)
    heard = StringIO()
    with redirect_stdout(heard):
        yield
    people, code = heard.getvalue().split()
    assert int(people) > 1000
    assert code in {kind.code for kind in errors.ZwkError.__subclasses__()}
    assert (visit.folder / "luecken.csv").read_text(encoding="utf-8").startswith("scenario;area;ab_jahr")
