"""Projections in parts: cities of their own in one Dataset, and areas or draws that are computed apart, lazily."""
