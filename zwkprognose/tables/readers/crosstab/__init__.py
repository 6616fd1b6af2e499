"""Crosstabs of any office: labels of rows on the left, groups across, titles above, a foot below."""

from zwkprognose.tables.readers.crosstab.reader import TITLE, read, recognise

__all__ = ["TITLE", "read", "recognise"]
