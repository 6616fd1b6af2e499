"""Rates as a project asks for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import RatesError
from zwkprognose.projects.document import Project, RateOptions

if TYPE_CHECKING:
    import xarray as xr


def rates_of(project: Project, inputs: xr.Dataset, **instead: Any) -> xr.Dataset:
    """Rates by the methods the project names, or with other options ``instead``.

    Raises
    ------
    RatesError
        Names options as the document does.
    """
    from zwkprognose.rates import estimate_rates, return_fertility

    try:
        rates = estimate_rates(inputs, **(project.rates.options() | instead))
        within = project.rates.fertility_return
        if within is None:
            return rates
        years = range(int(inputs["year_end"][-1]) + 1, project.horizon.until + 1)
        return return_fertility(inputs, rates, years, within=within)
    except RatesError as error:
        message, remedy = (_as_written(text) for text in (error.message, error.remedy or ""))
        raise RatesError(f"{project.where('raten')}: {message}", cells=error.cells, remedy=remedy) from error


def _as_written(text: str) -> str:
    """A sentence about arguments of the estimation in the words of the document."""
    keys = {name: str(field.alias) for name, field in RateOptions.model_fields.items()}
    return re.sub(r"\w+", lambda word: keys.get(word[0], word[0]), text)
