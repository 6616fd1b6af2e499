"""docs/gross-rechnen.md: a small town as a project, a town of two districts as Datasets, a scheduler for „rechner“."""

from __future__ import annotations

from collections.abc import Iterator

from distributed import LocalCluster
from support.cities import City, rates_of, stock_of
from support.pages import Visit
from support.town import write_town

from zwkprognose import project

KEYS = ["01051044", "01051045", "01053001"]


def around(visit: Visit) -> Iterator[None]:
    home = visit.folder / "meine-stadt"
    home.mkdir()
    write_town(home, lambda year, area, age: 90 + year - 2000, range(91), {"middle": None}, years=(2015, 2020))
    (home / "PROJEKT.toml").rename(home / "projekt.toml")
    town = City(areas=3, groups=2, open_age=30, seed=3)
    visit.names |= {
        "project": project,
        "inputs": stock_of(town).assign_coords(area=KEYS),
        "rates": rates_of(town).assign_coords(area=KEYS),
    }
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0") as cluster:
        visit.instead['scheduler="tcp://rechner:8786"'] = f'scheduler="{cluster.scheduler_address}"'
        yield
    assert visit.names["stored"].sizes["area"] == 3
    assert visit.names["lazy"].chunks["area"] == (3,)
