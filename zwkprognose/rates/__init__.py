"""Estimate rates, never project: mortality, fertility and migration of small areas.

Below :func:`estimate_rates` stand the methods of demography by name, for teaching and for checking by hand.
"""

from zwkprognose.rates.area_types import TypeProposal, propose_types
from zwkprognose.rates.estimate import estimate_rates
from zwkprognose.rates.explain import explain
from zwkprognose.rates.fertility.change import change_fertility
from zwkprognose.rates.fertility.returning import return_fertility
from zwkprognose.rates.migration.rogers_castro import rogers_castro
from zwkprognose.rates.mortality.closing import close_rates
from zwkprognose.rates.mortality.improvement import improve_mortality
from zwkprognose.rates.mortality.infant import separation
from zwkprognose.rates.mortality.lee_carter import drift_forecast, fit_lee_carter
from zwkprognose.rates.mortality.lifetable import life_table
from zwkprognose.rates.mortality.topals import fit_topals
from zwkprognose.rates.mortality.year_end import year_end_death_prob
from zwkprognose.rates.shrinkage import empirical_bayes
from zwkprognose.rates.textbook.brass import brass_survivors, fit_brass
from zwkprognose.rates.textbook.death_methods import farr, year_of_death
from zwkprognose.rates.textbook.ipf import ipf
from zwkprognose.rates.textbook.osculatory import graduate_by_multipliers
from zwkprognose.rates.textbook.pclm import graduate_pclm
from zwkprognose.rates.textbook.rogers_castro_fit import fit_rogers_castro

__all__ = [
    "TypeProposal",
    "brass_survivors",
    "change_fertility",
    "close_rates",
    "drift_forecast",
    "empirical_bayes",
    "estimate_rates",
    "explain",
    "farr",
    "fit_brass",
    "fit_lee_carter",
    "fit_rogers_castro",
    "fit_topals",
    "graduate_by_multipliers",
    "graduate_pclm",
    "improve_mortality",
    "ipf",
    "life_table",
    "propose_types",
    "return_fertility",
    "rogers_castro",
    "separation",
    "year_end_death_prob",
    "year_of_death",
]
