"""docs/haushalte.md: its keys are those of the document."""

from __future__ import annotations

import re
from pathlib import Path

from zwkprognose.projects import load_project
from zwkprognose.projects.document import HouseholdOptions

PAGE = (Path(__file__).parents[2] / "docs" / "haushalte.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_document_is_one_and_every_key_is_explained() -> None:
    (text,) = blocks("toml")
    project = load_project('name = "a"\n[daten]\nbeispiel = "berlin"\n[prognose]\nbis = 2040\n\n' + text)
    assert project.households is not None
    keys = {str(field.alias or name) for name, field in HouseholdOptions.model_fields.items()} - {"hinweis", "quelle"}
    assert keys <= set(re.findall(r"`(\w+)`", PAGE))
