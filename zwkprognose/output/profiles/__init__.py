"""Pages for the wall: Kommunalprofil, Gesundheits- und Versorgungsprofil, Ankommen und Bleiben, as HTML and as PDF."""

from __future__ import annotations

from zwkprognose.output.profiles.arrivals import Survey
from zwkprognose.output.profiles.care import Seat
from zwkprognose.output.profiles.one import profile
from zwkprognose.output.profiles.sections import Section
from zwkprognose.output.profiles.thresholds import Thresholds, default_text, read_thresholds
from zwkprognose.output.profiles.write import write_profiles

__all__ = [
    "Seat",
    "Section",
    "Survey",
    "Thresholds",
    "default_text",
    "profile",
    "read_thresholds",
    "write_profiles",
]
