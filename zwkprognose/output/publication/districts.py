"""Larger areas published beside the small ones: their tables in the form of those of the areas."""

from __future__ import annotations

from dataclasses import replace

import xarray as xr

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.content.numbers import Numbers, numbers_of

_PREFIX = "district_"


def district_tables(published: xr.Dataset) -> xr.Dataset | None:
    """Tables of the districts with the districts as areas; None if none were published."""
    if "district" not in published.dims:
        return None
    own = [str(name) for name in published if str(name).startswith(_PREFIX)]
    city = [str(name) for name in published if not {"area", "district"} & set(published[name].dims)]
    renamed = published[own].rename({name: name.removeprefix(_PREFIX) for name in own} | {"district": "area"})
    return renamed.merge(published[city], join="exact").assign_attrs(published.attrs)


def district_numbers(published: xr.Dataset, facts: Facts) -> Numbers | None:
    """Numbers of the districts; None if none were published."""
    tables = district_tables(published)
    if tables is None:
        return None
    names = {str(key): str(key) for key in tables["area"].values}
    return numbers_of(tables, replace(facts, areas=names, larger=True))
