"""The layout of register records (*Satzbeschreibung*): a small TOML document.

::

    titel = "Einwohnerbestand"
    art = "bestand"                  # oder "bewegung"
    stichtag = 2024                  # Jahr des 31.12.; entfällt bei Bewegungen
    universum = "Melderegister, Hauptwohnsitz"
    form = "csv"                     # oder "fest"
    trennzeichen = ";"
    kopfzeile = true
    zeichensatz = "utf-8"

    [felder]                         # Spaltenname, oder Stellen [von, bis] bei fester Form
    gebiet = "ORTSTEIL"
    geschlecht = "GESCHLECHT"
    staatsangehoerigkeit = "STAAT"
    geburtsjahr = "GEBURTSJAHR"      # oder geburtsdatum, oder alter
    ereignis = "EREIGNIS"            # bei Bewegungen
    datum = "DATUM"
    ziel = "ZIEL"                    # bei Umzügen

    [werte.geschlecht]
    "1" = "m"
    "2" = "w"

    [werte.staatsangehoerigkeit]
    "000" = "D"
    sonst = "A"
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from zwkprognose.complaints import Strict, known_names, problem, toml_place
from zwkprognose.errors import TableError, system_words

FieldName = Literal[
    "gebiet", "geschlecht", "staatsangehoerigkeit", "geburtsjahr", "geburtsdatum", "alter", "ereignis", "datum", "ziel"
]
_AGE_FIELDS = ("geburtsjahr", "geburtsdatum", "alter")


class RecordLayout(Strict):
    """Where the fields of a record are and what their values mean (German TOML keys)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titel: str = ""
    art: Literal["bestand", "bewegung"]
    stichtag: int | None = Field(default=None, ge=1800, le=2200)
    universum: str = ""
    form: Literal["csv", "fest"] = "csv"
    trennzeichen: str = Field(default=";", min_length=1, max_length=1)
    kopfzeile: bool = True
    zeichensatz: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    felder: dict[FieldName, str | tuple[int, int]]
    werte: dict[FieldName, dict[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> RecordLayout:
        ages = [name for name in _AGE_FIELDS if name in self.felder]
        if len(ages) != 1:
            raise ValueError("genau eines der Felder geburtsjahr, geburtsdatum, alter wird gebraucht")
        if self.art == "bestand" and self.stichtag is None:
            raise ValueError("ein Bestand braucht stichtag (Jahr des 31.12.)")
        if self.art == "bewegung" and not {"ereignis", "datum"} <= set(self.felder):
            raise ValueError("Bewegungen brauchen die Felder ereignis und datum")
        if self.form == "csv" and not self.kopfzeile:
            raise ValueError("eine CSV-Datei braucht eine Kopfzeile")
        for name, place in self.felder.items():
            _check_place(name, place, self.form)
        return self

    def columns(self) -> dict[str, str]:
        """Field → column name of a CSV file."""
        return {name: place for name, place in self.felder.items() if isinstance(place, str)}

    def positions(self) -> dict[str, tuple[int, int]]:
        """Field → first and last character (counted from 1) of a fixed record."""
        return {name: place for name, place in self.felder.items() if not isinstance(place, str)}


def read_layout(layout: str | Path | dict[str, Any]) -> RecordLayout:
    """A layout from a TOML file or a dictionary; :class:`TableError` says what is wrong with it."""
    if not isinstance(layout, (str, Path, dict)):
        raise TableError(
            f"Eine Satzbeschreibung ist ein Pfad oder ein Wörterbuch, nicht {type(layout).__name__}.",
            remedy="Die Anleitung „Meine Tabellen einlesen“ zeigt ein vollständiges Beispiel.",
        )
    name = "Satzbeschreibung" if isinstance(layout, dict) else Path(layout).name
    raw = layout if isinstance(layout, dict) else _toml(Path(layout), name)
    try:
        return RecordLayout.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = _complaint(first)
        raise TableError(
            f"„{name}“ ist keine gültige Satzbeschreibung{f' (bei {where})' if where else ''}: {reason}.",
            remedy="Die Anleitung „Meine Tabellen einlesen“ zeigt ein vollständiges Beispiel.",
        ) from error


def _toml(path: Path, name: str) -> dict[str, Any]:
    """The content of a document; whatever Python says about it in English is said in German."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise TableError(
            f"„{name}“ lässt sich nicht lesen: {_reason(text, error)}.", remedy="Pfad und TOML prüfen."
        ) from error


def _complaint(error: Any) -> str:
    try:
        return problem(error, known_names(RecordLayout))
    except RecursionError:
        return "zu tief verschachtelt"


def _reason(text: str, error: Exception) -> str:
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"kein gültiges TOML, {toml_place(text, error)}"
    if isinstance(error, UnicodeDecodeError):
        return "sie ist nicht in UTF-8 gespeichert"
    if isinstance(error, OSError):
        return system_words(error)
    if isinstance(error, RecursionError):
        return "zu tief verschachtelt"
    return "ein Wert darin ist unmöglich" if text else "so kann kein Pfad heißen"


def _check_place(name: str, place: str | tuple[int, int], form: str) -> None:
    if (form == "csv") != isinstance(place, str):
        kind = "einen Spaltennamen" if form == "csv" else "Stellen wie [1, 8]"
        raise ValueError(f"das Feld {name} braucht {kind}")
    if not isinstance(place, str) and not 1 <= place[0] <= place[1] <= 10_000:
        raise ValueError(f"die Stellen des Feldes {name} laufen rückwärts oder beginnen nicht bei 1")
