"""No document of any kind takes true or false for a number."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import zwkprognose
from zwkprognose.complaints import Strict
from zwkprognose.errors import ZwkError
from zwkprognose.evaluation.milestone_document import Milestones
from zwkprognose.output.profiles.thresholds import Thresholds
from zwkprognose.projects.document import Project
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import Document, validated
from zwkprognose.tables.records.layout import RecordLayout, read_layout

PACKAGE = Path(zwkprognose.__file__).parent
_MODELS = re.compile(r"^class \w+\(.*(?:BaseModel|Strict|Statement|Selected)", re.MULTILINE)


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        if child.__module__.startswith("zwkprognose."):
            yield child
        yield from _below(child)


def _models() -> list[type[BaseModel]]:
    """Every model of the package, wherever it stands."""
    for module in pkgutil.walk_packages(zwkprognose.__path__, "zwkprognose."):
        if _MODELS.search(_source(module.name)):
            importlib.import_module(module.name)
    return sorted({*_below(BaseModel)} - {Strict}, key=lambda model: model.__qualname__)


def _source(name: str) -> str:
    path = PACKAGE.joinpath(*name.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8")


MODELS = _models()


def test_all_models_of_documents_are_strict() -> None:
    assert len(MODELS) > 25
    assert [model.__qualname__ for model in MODELS if not issubclass(model, Strict)] == []


def _takes_numbers(schema: Any) -> bool:
    if isinstance(schema, dict):
        kinds = schema.get("type", [])
        numbers = {"integer", "number"} & {*([kinds] if isinstance(kinds, str) else kinds)}
        return bool(numbers) or any(_takes_numbers(part) for name, part in schema.items() if name != "default")
    return isinstance(schema, list) and any(map(_takes_numbers, schema))


def _fields() -> Iterator[tuple[type[BaseModel], str]]:
    for model in MODELS:
        if model.__module__ != "zwkprognose.complaints":
            properties = model.model_json_schema(by_alias=True)["properties"]
            yield from ((model, name) for name, schema in properties.items() if _takes_numbers(schema))


@pytest.mark.parametrize("truth", [True, False])
@pytest.mark.parametrize(("model", "field"), [*_fields()], ids=lambda part: getattr(part, "__name__", part))
def test_every_field_that_takes_a_number_refuses_truth(model: type[BaseModel], field: str, truth: bool) -> None:
    """Alone, in a list, by year, by group and by age, in a list of lists: however the field is made up."""
    forms = (
        truth,
        [truth],
        [truth, truth],
        {"2030": truth},
        {"D": truth},
        {"2030": {"D": truth}},
        [[1, truth]],
        {"1": truth},
    )
    for form in forms:
        with pytest.raises(ValidationError) as caught:
            BaseModel.model_validate.__func__(model, {field: form})  # type: ignore[attr-defined]
        assert [error for error in caught.value.errors() if error["loc"][:1] in ((field,), ())], form


def _documents() -> list[tuple[str, type[BaseModel], dict[str, Any]]]:
    """Documents that the package brings along, and some that use what they do not."""
    found = [
        (path.name, Scenario, tomllib.loads(path.read_text("utf-8")))
        for path in sorted((PACKAGE / "scenarios" / "bundled").glob("*.toml"))
    ]
    found.append(("schwellen", Thresholds, tomllib.loads((PACKAGE / "output/data/schwellen.toml").read_text("utf-8"))))
    plan = {
        "name": "plan",
        "annahme": [{"groesse": "geburten", "faktor": 1.1, "von": 2026, "bis": 2030, "alter": "20-30"}],
        "erstbezug": [{"gebiet": "01", "name": "Hafen", "wohnungen": 100, "von": 2026, "anteil_von_aussen": 0.5}],
        "eckwert": [{"personen": {"2030": 4000000}}],
    }
    goals = {
        "meilenstein": [
            {
                "name": "a",
                "jahr": 2030,
                "ziel": 100,
                "ausloeser": 90,
                "vorlauf": 2,
                "massnahme": "Kita",
                "faellig": 2028,
            }
        ]
    }
    official = {"personen": {"2030": 3900000}, "fehler": 0.003, "quelle": "Amt"}
    need = {"titel": "Hort", "quelle": "Amt", "anteile": [{"alter": "6-9", "anteil": 0.55}], "faktor": 1.2, "bis": 2035}
    moves = {"zuzuege": {"2022": {"D": 4, "A": 5}}, "fortzuege": 9}
    project = {
        "name": "stadt",
        "daten": {"beispiel": "berlin"},
        "prognose": {"bis": 2040, "gesamtzahlen": "geschrumpft", "eckwert_amtlich": official},
        "raten": {
            "k": 100, "umschlag": 0.1, "halbwertszeit": 5, "geburten_rueckkehr": 10, "basisjahre": [2015, 2020],
            "bewegungen": moves,
        },
        "bedarf": [need],
    }  # fmt: skip
    layout = {"art": "bestand", "stichtag": 2024, "form": "fest", "felder": {"gebiet": [1, 4], "alter": [5, 7]}}
    own = [("plan", Scenario, plan), ("ziele", Milestones, goals), ("projekt", Project, project)]
    return [*found, *own, ("satz", RecordLayout, layout)]


def _numbers(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in parts:
        yield from _numbers(part, (*path, key))
    if isinstance(content, int | float) and not isinstance(content, bool):
        yield path


def _with(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = deepcopy(content)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("model", "content"), [(m, c) for _, m, c in _documents()], ids=[name for name, _, _ in _documents()]
)
def test_every_number_of_a_document_made_true_is_refused_by_its_name(model: type[Any], content: dict[str, Any]) -> None:
    """The whole document is fine; with one number made true or false, the message names the key."""
    _read(model, content)
    for path in _numbers(content):
        for truth, said in ((True, "true"), (False, "false")):
            with pytest.raises(ZwkError) as caught:
                _read(model, _with(content, path, truth))
            named = next(
                str(key) for key in reversed(path) if isinstance(key, str) and not key.isdigit() and len(key) > 1
            )
            assert named in str(caught.value), path
            assert "Zahl" in str(caught.value) or "Jahr" in str(caught.value) or said in str(caught.value), path


def _read(model: type[Any], content: dict[str, Any]) -> None:
    if model is RecordLayout:
        read_layout(content)
    else:
        validated(model, Document(content))
