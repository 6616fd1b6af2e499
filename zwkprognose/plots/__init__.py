"""Pictures for notebooks and papers, in the colours of the report; every one also says in words what it shows.

They need matplotlib (``pip install 'zwkprognose[plots]'``). Persons are shown as they were computed, neither rounded
nor protected: what leaves the house is the report.
"""

from __future__ import annotations

from zwkprognose.output.files.extras import require

require("matplotlib", extra="plots")

from zwkprognose.plots.components import plot_components  # noqa: E402 - the missing extra is told first
from zwkprognose.plots.coverage import plot_coverage  # noqa: E402
from zwkprognose.plots.decomposition import plot_decomposition  # noqa: E402
from zwkprognose.plots.lexis import plot_lexis  # noqa: E402
from zwkprognose.plots.map import plot_map  # noqa: E402
from zwkprognose.plots.pyramid import plot_pyramid  # noqa: E402
from zwkprognose.plots.small_multiples import plot_small_multiples  # noqa: E402
from zwkprognose.plots.trend import plot_trend  # noqa: E402

__all__ = [
    "plot_components",
    "plot_coverage",
    "plot_decomposition",
    "plot_lexis",
    "plot_map",
    "plot_pyramid",
    "plot_small_multiples",
    "plot_trend",
]
