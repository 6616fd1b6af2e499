"""A method is one file and one line: what options, documents and outputs say is read from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
import xarray as xr

from zwkprognose import estimate_rates, load_example
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.notes import rates_sentences
from zwkprognose.projects.document import RateOptions
from zwkprognose.rates import fertility, migration, mortality
from zwkprognose.rates.options import CHOICES

ROOMS = {"mortality": mortality, "fertility": fertility, "migration": migration}


@pytest.mark.parametrize("kind", ROOMS)
def test_every_file_with_a_method_is_registered_and_the_other_way_round(kind: str) -> None:
    folder = Path(str(ROOMS[kind].__file__)).parent
    written = {path.stem for path in folder.glob("*.py") if "\nNOTE = " in path.read_text("utf-8")}
    methods = [ROOMS[kind].METHODS[name] for name in ROOMS[kind].METHODS]
    assert {method.estimate.__module__.rpartition(".")[2] for method in methods} == written
    assert all(method.note for method in methods)


@pytest.mark.parametrize("kind", ROOMS)
def test_options_and_documents_know_the_same_names(kind: str) -> None:
    names = ("auto", *ROOMS[kind].METHODS)
    assert CHOICES[kind] == names
    assert get_args(RateOptions.model_fields[kind].annotation) == names
    assert all(f'"{name}"' in str(estimate_rates.__doc__) for name in names)


class Nobody:
    """A method as a file would hold it: nobody dies."""

    NOTE = "niemand stirbt"

    @staticmethod
    def usable(inputs: xr.Dataset) -> bool:
        return True

    @staticmethod
    def estimate(inputs: xr.Dataset, base: Any) -> mortality.Mortality:
        return mortality.Mortality(0 * base.death_prob, None)


def test_a_new_line_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mortality.METHODS._modules, "nobody", "nobody")
    monkeypatch.setitem(CHOICES, "mortality", mortality.METHODS.choices)
    monkeypatch.setattr("zwkprognose.rates.methods.import_module", lambda name: Nobody)
    assert mortality.METHODS.note("nobody") == "niemand stirbt"
    method = mortality.METHODS.chosen("auto", load_example("bremerhaven"))  # the last that is usable
    assert method.name == "nobody"


def test_outputs_say_what_was_used() -> None:
    from zwkprognose import project

    inputs = load_example("bremerhaven")
    rates = estimate_rates(inputs, fertility="national", migration="none")
    sentences = rates_sentences(facts_of(project(inputs, rates, until=2024), inputs))
    assert sentences[1:] == (
        "Sterblichkeit: Sterbetafel 2021/23 für Deutschland.",
        "Geburten: Geburtenziffern 2023 für Deutschland.",
        "Wanderung: keine.",
    )
