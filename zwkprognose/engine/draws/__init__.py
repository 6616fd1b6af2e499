"""Chance: many projections with random rates and random persons."""
