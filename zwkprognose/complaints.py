"""What pydantic found wrong in a document, said in German; documents in which true is no number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from zwkprognose import german

#: Prefix of pydantic's error type → German sentence; ``{…}`` are filled from the error's context.
_SENTENCES = {
    "missing": "diese Angabe fehlt",
    "float": "hier muss eine Zahl stehen (Dezimalpunkt, keine Anführungszeichen), nicht {input}",
    "int": "hier muss eine ganze Zahl stehen, nicht {input}",
    "string_pattern": "{input} enthält unerlaubte Zeichen (erlaubt: Buchstaben, Ziffern, - und _)",
    "string_too_short": "hier darf kein leerer Text stehen",
    "string": "hier muss ein Text in Anführungszeichen stehen, nicht {input}",
    "bool": "hier muss true oder false stehen, nicht {input}",
    "date": "hier muss ein Datum stehen, zum Beispiel 2026-03-31, nicht {input}",
    "greater_than_equal": "der Wert {input} ist kleiner als {ge}",
    "greater_than": "der Wert {input} muss größer als {gt} sein",
    "less_than_equal": "der Wert {input} ist größer als {le}",
    "too_short": "hier muss mindestens ein Eintrag stehen",
    "too_long": "hier stehen zu viele Einträge",
    "tuple": "hier muss eine Liste in [ ] stehen, nicht {input}",
    "list": "hier muss eine Liste in [ ] stehen, nicht {input}",
    "dict": "hier müssen Angaben der Form „name = wert“ stehen, nicht {input}",
    "model": "hier müssen Angaben der Form „name = wert“ stehen, nicht {input}",
    "finite": "hier muss eine endliche Zahl stehen, nicht {input}",
}

#: Statements whose value is a table of years.
_BY_YEAR = ("personen", "plaetze", "wohnungen", "mindestens", "hoechstens", "personen_je_wohnung")


def problem(error: Mapping[str, Any], names: list[str]) -> str:
    """One German sentence for one of pydantic's error records; ``names`` are the statements known."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "dict_type" and error["loc"][-1:] and error["loc"][-1] in _BY_YEAR:
        return _by_year(error["input"])
    if kind in ("tuple_type", "list_type") and isinstance(error["input"], Mapping) and len(error["loc"]) == 1:
        return f"davon kann es mehrere geben; [[{error['loc'][0]}]] in doppelten Klammern schreiben"
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), names)
    if kind == "literal_error":
        return f"{written(error['input'])} ist nicht möglich; möglich sind {_or_list(context['expected'])}"
    for prefix, sentence in _SENTENCES.items():
        if kind.startswith(prefix):
            said = written(error["input"]) if "{input}" in sentence else ""
            if kind.startswith("int") and isinstance(error["input"], float) and "," not in said:
                said += ",0"
            return sentence.format(input=said, **{k: written(v) for k, v in context.items()})
    return f"der Wert {written(error['input'])} ist nicht möglich"


def toml_place(text: str, error: ValueError) -> str:
    """Where a text is no TOML, with the line as it is printed; the parser's own sentence is English and is left out."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    lines = text.splitlines()
    line = int(place[1]) if place else len(lines)
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return f"Zeile {line}" + (f", Spalte {place[2]}" if place else " (Ende der Datei)") + f": {shown}"


def _by_year(said: Any) -> str:
    """How values by year are written, with the number that was given if it is one."""
    number = said[0] if isinstance(said, list | tuple) and len(said) == 1 else said
    plain = isinstance(number, int | float) and not isinstance(number, bool)
    return f"hier steht ein Wert für jedes Jahr, zum Beispiel {{ 2030 = {number if plain else 120} }}"


def written(value: Any) -> str:
    """A value of a document as German readers write it.

    Examples
    --------
    >>> written("Hafen"), written(1.5), written(True), written(-120)
    ('„Hafen“', '1,5', 'true', '-120')
    >>> written(["03", 4]), written({"groesse": "zuzuege"}), written(None)
    ('[„03“, 4]', '{ groesse = „zuzuege“ }', 'nichts')
    """
    if value is None:
        return "nichts"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"„{value}“"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {written(part)}' for key, part in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return german.written(value) if isinstance(value, float) else str(value)


def known_names(model: type[BaseModel]) -> list[str]:
    """All names of statements that a document of this model may use, nested ones included."""
    names: dict[str, None] = {}
    for name, field in model.model_fields.items():
        names[field.alias or name] = None
        for inner in _models_in(field.annotation):
            names.update(dict.fromkeys(known_names(inner)))
    return list(names)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _unknown(word: str, names: list[str]) -> str:
    """Why a key is refused: it belongs elsewhere, or is misspelt."""
    if word in names:
        return "diese Angabe gibt es, aber nicht an dieser Stelle"
    hits = get_close_matches(word, names, n=1, cutoff=0.6)
    return "diese Angabe ist unbekannt" + (f"; gemeint ist vielleicht „{hits[0]}“" if hits else "")


def _or_list(expected: str) -> str:
    return re.sub(r"'([^']*)'", r"„\1“", expected).replace(" or ", " oder ")


def _guarded(schema: Any, model: Any) -> Any:
    """The schema of a model, or a part of it, with a guard before every number; other models guard their own."""
    if isinstance(schema, list | tuple):
        return type(schema)(_guarded(part, model) for part in schema)
    if not isinstance(schema, dict) or (schema.get("type") == "model" and schema["cls"] is not model):
        return schema
    kind = schema.get("type")
    if kind in ("int", "float"):
        return core_schema.no_info_before_validator_function(_NO_TRUTH[str(kind)], schema)
    return {name: part if name in ("metadata", "default") else _guarded(part, model) for name, part in schema.items()}


def _no_truth(error: Literal["int_type", "float_type"]) -> Callable[[Any], Any]:
    def refuse(value: Any) -> Any:
        if isinstance(value, bool):
            raise PydanticKnownError(error)
        return value

    return refuse


#: Kind of number in a schema → the guard before it.
_NO_TRUTH: Mapping[str, Callable[[Any], Any]] = {"int": _no_truth("int_type"), "float": _no_truth("float_type")}


class Strict(BaseModel):
    """Base of everything that is read from documents: true and false are no numbers, anywhere below it.

    Examples
    --------
    >>> from pydantic import ValidationError
    >>> class Dwelling(Strict):
    ...     persons: float | None
    >>> try:
    ...     Dwelling(persons=True)
    ... except ValidationError as error:
    ...     problem(error.errors()[0], [])
    'hier muss eine Zahl stehen (Dezimalpunkt, keine Anführungszeichen), nicht true'
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the fields with a guard before every number."""
        guarded: CoreSchema = _guarded(handler(source), source)
        return guarded
