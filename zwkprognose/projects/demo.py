"""The project of the first command: the bundled Berlin example."""

from __future__ import annotations

from zwkprognose.projects.document import Project
from zwkprognose.projects.load import load_project

_DOCUMENT = """\
schema = 1
name = "berlin"
titel = "Berlin nach Ortsteilen"
gesamt = "Berlin"
ebenen = ["Stadt", "Bezirk", "Ortsteil"]
text = "Mitgeliefertes Beispiel: 94 Ortsteile, Basis 31.12.2020."

[daten]
beispiel = "berlin"

[prognose]
basisjahr = 2020
bis = {until}
gesamtzahlen = "geschrumpft"
szenarien = ["lower", "middle", "upper", "natural"]

[ausgabe]
ordner = "ergebnisse-berlin"
labor = true

[[bedarf]]
quote = "kita_u3"
[[bedarf]]
quote = "kita_ue3"
[[bedarf]]
quote = "grundschule"
[[bedarf]]
quote = "pflege"
"""


def demo_project(until: int = 2040) -> Project:
    """Berlin's Ortsteile from 31.12.2020 to ``until`` under the four bundled scenarios."""
    return load_project(_DOCUMENT.format(until=until))
