"""The published JSON Schema of the documents: editors check and complete while people write."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario document, with German keys.

    Examples
    --------
    >>> sorted(scenario_schema()["required"])
    ['name']
    """
    from zwkprognose.scenarios.scenario import Scenario

    schema = Scenario.model_json_schema(by_alias=True, schema_generator=GenerateJsonSchema)
    return {"$schema": GenerateJsonSchema.schema_dialect, **without_docstrings(schema)}


def schema_text() -> str:
    """The schema as the file that is published."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=2) + "\n"


def without_docstrings(node: Any) -> Any:
    """Docstrings speak English to programmers; the schema is read by people who write scenarios."""
    if isinstance(node, list):
        return [without_docstrings(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_docstrings(value)
        for key, value in node.items()
        if not (key == "description" and isinstance(value, str) and "type" in node)
    }
