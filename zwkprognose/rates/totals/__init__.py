"""Area totals: how many people live where, apart from how old they are.

Simple rules win the totals of small areas, cohort methods win the ages, so a forecast takes
each from the better one. Every rule here is a named function of the past stocks alone.
"""

from zwkprognose.rates.totals.city import CityTotals
from zwkprognose.rates.totals.estimate import estimate_totals
from zwkprognose.rates.totals.growth import shock_years
from zwkprognose.rates.totals.past import Past, past_of
from zwkprognose.rates.totals.rules import RULES

__all__ = ["RULES", "CityTotals", "Past", "estimate_totals", "past_of", "shock_years"]
