"""What the rooms offer: pinned names, types that say what goes in and out, an example in the help of what is public."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import pytest

import zwkprognose

ROOT = Path(zwkprognose.__file__).parents[1]
#: Room → names it exports. Additions are deliberate.
EXPORTS = {
    "cluster": """
        open_parts run_parts
    """,
    "course": """
        Reply answer messy_workbook
    """,
    "engine": """
        Eckwert Erstbezug Prepared Sondergruppe Timing Uncertainty age_bands area_totals check_balance
        cut draw_trajectories prepare project project_draws rates_to_totals
    """,
    "evaluation": """
        Case FIVE_YEARS Forecast Forecaster Goal History Library METHODS Method TEN_YEARS age_intervals
        city_page compare_official contributions_text decompose decompose_vintages evaluate_milestones
        flow_errors hindcast history_of intervals milestone_sentences over_launches reach score total_trajectories
        variants_of
    """,
    "evaluation.measures": """
        Skill absolute_percent_error age_structure_error ape90 coverage crps growth_bands interval_score malpe
        mape medape median_half_width misallocation percent_error share_above shelf_life size_bands skill wape
        wis
    """,
    "examples": """
        Musterstadt about example_tables geometry load_example musterstadt tables_of
    """,
    "inputs": """
        build_inputs check_dataset
    """,
    "national": """
        death_prob fertility_rate fertility_years periods
    """,
    "output": """
        Account Quota Rate Service aggregate check_folder default_quota default_quotas demand dwellings_needed
        households indicators open_netcdf profile publish school_entry summary trace write_csv write_excel
        write_findings write_netcdf write_parquet write_profiles write_report write_run write_sdmx
    """,
    "output.profiles": """
        Seat Section Survey Thresholds default_text profile read_thresholds write_profiles
    """,
    "output.report": """
        write_report
    """,
    "lab": """
        Lab lab
    """,
    "plots": """
        plot_components plot_coverage plot_decomposition plot_lexis plot_map plot_pyramid plot_small_multiples
        plot_trend
    """,
    "projects": """
        Outcome Project YearComparison compare_year load_project new_project review_project rewrite_report
        run_project scenarios_of write_project_profiles
    """,
    "rates": """
        TypeProposal brass_survivors change_fertility close_rates drift_forecast empirical_bayes estimate_rates
        explain farr fit_brass fit_lee_carter fit_rogers_castro fit_topals graduate_by_multipliers graduate_pclm
        improve_mortality ipf life_table propose_types return_fertility rogers_castro separation year_end_death_prob
        year_of_death
    """,
    "rates.households": """
        HouseholdQuotas KnownHouseholds Share Split living_alone split_persons
    """,
    "rates.totals": """
        CityTotals Past RULES estimate_totals past_of shock_years
    """,
    "scenarios": """
        Assumption Scenario apply_scenario assumptions_of cross housing_plan scenario_schema totals_of unfolded
    """,
    "tables": """
        Adjusted COLUMNS Crosswalk Findings Hierarchy Raked Source Status Table adjust_level aggregate_areas
        apply_crosswalk area_totals check check_hierarchy concat_tables kinds official_hierarchy parts_only rake
        read_crosswalk read_hierarchy read_register read_table resolve_status restore_zeros understood
        with_universe
    """,
}
#: Objects of the engine that a user builds himself, beside the public names.
BUILT = ("Eckwert", "Erstbezug", "Sondergruppe", "Uncertainty")


@pytest.mark.parametrize("room", sorted(EXPORTS))
def test_names_of_the_rooms_are_pinned(room: str) -> None:
    module = import_module(f"zwkprognose.{room}")
    assert sorted(module.__all__) == EXPORTS[room].split()
    assert all(hasattr(module, name) for name in module.__all__)


def test_every_room_with_names_is_pinned() -> None:
    found = {p.parent.relative_to(ROOT / "zwkprognose").as_posix().replace("/", ".") for p in _inits()}
    found = {room for room in found if not room.startswith("tables.readers.")}  # a reader in several files
    assert {room for room in found if hasattr(import_module(f"zwkprognose.{room}"), "__all__")} <= set(EXPORTS)


def _inits() -> Iterator[Path]:
    return (p for p in (ROOT / "zwkprognose").rglob("__init__.py") if p.parent != ROOT / "zwkprognose")


@pytest.mark.parametrize("name", [*(name for name in zwkprognose.__all__ if name != "__version__"), *BUILT])
def test_help_shows_a_runnable_example(name: str) -> None:
    home = import_module("zwkprognose.engine") if name in BUILT else zwkprognose
    text = inspect.getdoc(getattr(home, name)) or ""
    example = text.partition("Examples\n--------\n")[2]
    assert ">>> " in example
    assert "+SKIP" not in example


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions of the rooms, and methods and properties of their classes."""
    for room in EXPORTS:
        module = import_module(f"zwkprognose.{room}")
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                yield f"{room}.{name}", thing
            elif inspect.isclass(thing):
                members = {key: getattr(m, "__func__", getattr(m, "fget", m)) for key, m in vars(thing).items()}
                public = {k: m for k, m in members.items() if not k.startswith(("_", "model_"))}
                yield from ((f"{room}.{name}.{k}", m) for k, m in public.items() if inspect.isfunction(m))


def test_signatures_say_their_types() -> None:
    """No type is missing and none is Any; documents (``dict[str, Any]``, as TOML and JSON give them) may hold it."""
    wrong = []
    for name, function in _functions():
        signature = inspect.signature(function)
        types = {p.name: p.annotation for p in signature.parameters.values() if p.name not in ("self", "cls")}
        for place, given in (types | {"return": signature.return_annotation}).items():
            said = "Any" if given is inspect.Signature.empty else str(given).replace("typing.", "")
            if "Any" in said.replace("dict[str, Any]", "").replace("Mapping[str, Any]", ""):
                wrong.append(f"{name}: {place}: {given}")
    assert not wrong


def test_type_checkers_see_the_public_names() -> None:
    tree = ast.parse((ROOT / "zwkprognose" / "__init__.pyi").read_text("utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    seen = {alias.asname: (str(node.module), alias.name) for node in imports for alias in node.names}
    assert set(seen) == set(zwkprognose.__all__) - {"__version__"}
    for public, (module, name) in seen.items():
        assert getattr(import_module(module), name) is getattr(zwkprognose, public)


def test_the_package_says_that_it_is_typed() -> None:
    assert resources.files("zwkprognose").joinpath("py.typed").is_file()


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "zwkprognose/__init__.py"
    cited = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert f"version: {zwkprognose.__version__}" in cited
