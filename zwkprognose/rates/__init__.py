"""Estimate rates, never project: mortality, fertility and migration of small areas."""

from zwkprognose.rates.estimate import estimate_rates

__all__ = ["estimate_rates"]
