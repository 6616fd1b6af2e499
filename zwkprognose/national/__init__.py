"""National default schedules of Germany as published, ready for calculation."""

from zwkprognose.national.schedules import death_prob, fertility_rate, fertility_years, periods

__all__ = ["death_prob", "fertility_rate", "fertility_years", "periods"]
