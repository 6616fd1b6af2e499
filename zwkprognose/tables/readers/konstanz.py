"""What all tables of the city of Konstanz share."""

from __future__ import annotations

AREA = "08335043"
AREA_NAME = "Konstanz"
PUBLISHER = "Stadt Konstanz, Amt für Digitalisierung und IT (eigene Einwohnerfortschreibung)"
MAIN_RESIDENCE = "Melderegister, Hauptwohnung"
