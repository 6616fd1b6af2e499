"""The rules of :func:`zwkprognose.tables.check`, one thought per file."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from zwkprognose.tables.findings import Findings
from zwkprognose.tables.rules import (
    areas,
    asides,
    cells,
    cohorts,
    coverage,
    empty,
    keys,
    names,
    rates,
    series,
    sexes,
    sources,
    totals,
)
from zwkprognose.tables.rules.checked import Checked

#: Rules about the cells themselves, in the order of the codes.
RULES: tuple[Callable[[Checked], Findings], ...] = (
    cells.duplicates,
    coverage.missing_ages,
    coverage.overlapping_ages,
    coverage.ages_within_others,
    coverage.missing_groups,
    coverage.missing_areas,
    coverage.not_enough,
    totals.totals_differ,
    totals.balances_differ,
    areas.children_exceed,
    keys.lost_zeros,
    keys.dates,
    keys.reformed,
    names.renamed,
    cells.negative,
    cells.fractional,
    cells.ages_out_of_range,
    cells.unknown_ages,
    cells.hidden,
    cells.absent,
    sources.repaired,
    sources.unread,
    asides.set_aside,
    areas.pseudo,
    sources.universes,
    sources.gebietsstand,
    rates.out_of_range,
    rates.complements,
    rates.shares_contradict,
    sources.census_day,
    areas.nested,
    areas.unplaced,
    cohorts.odd_cohorts,
    sexes.swapped,
)

#: Rules that also need the persons of each area and year, which are reckoned once for all of them.
TOTALS_RULES: tuple[Callable[[Checked, pd.Series], Findings], ...] = (
    areas.area_total_differs,
    areas.small,
    empty.where_nobody_lives,
    series.jumps,
    series.town_jumps,
)
