"""Households: which share of the persons of an age lives in households of each size, adjusted to what is known."""

from zwkprognose.rates.households.default import living_alone
from zwkprognose.rates.households.known import KnownHouseholds
from zwkprognose.rates.households.quotas import HouseholdQuotas, Share
from zwkprognose.rates.households.split import Split, split_persons

__all__ = ["HouseholdQuotas", "KnownHouseholds", "Share", "Split", "living_alone", "split_persons"]
