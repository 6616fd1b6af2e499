"""The published JSON Schema of a project document."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from zwkprognose.projects.document import TOTALS, Project
from zwkprognose.scenarios.schema import without_docstrings


def project_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a project document, with German keys.

    Examples
    --------
    >>> sorted(project_schema()["required"])
    ['daten', 'name', 'prognose']
    """
    schema = without_docstrings(Project.model_json_schema(by_alias=True, schema_generator=GenerateJsonSchema))
    schema["$defs"]["Horizon"]["properties"]["gesamtzahlen"] = {"enum": list(TOTALS), "title": "Gesamtzahlen"}
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


def schema_text() -> str:
    """The schema as the file that is published."""
    return json.dumps(project_schema(), ensure_ascii=False, indent=2) + "\n"
