"""Figures as geometry: points and paths in user units; the templates turn them into SVG.

Drawn here and not by a plotting library for three measured reasons: a report holds some three hundred
figures and draws them in about a second (matplotlib needs 25); the page works without any script and
without the 0.9 MB of a chart runtime; and every mark can carry its own label for screen readers.
"""
