"""Answers of the commands for programs: one JSON object on standard output (option ``--json``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ZwkError

if TYPE_CHECKING:
    from pathlib import Path

    from zwkprognose.cli.checking import Checked
    from zwkprognose.projects import Outcome, YearComparison
    from zwkprognose.tables import Findings


def answer(command: str, **said: Any) -> str:
    """What a command has done."""
    from zwkprognose import __version__

    return json.dumps({"befehl": command, "version": __version__, **said}, ensure_ascii=False, indent=1)


def refusal(command: str, error: ZwkError) -> str:
    """Why a command has stopped: code of the kind of error, message, cells, remedy."""
    cells = [{str(key): _plain(value) for key, value in cell.items()} for cell in error.cells]
    return stopped(command, error.code, error.message, error.remedy, cells)


def stopped(command: str, code: str, message: str, remedy: str = "", cells: list[dict[str, Any]] | None = None) -> str:
    """That a command has stopped, and why."""
    return answer(command, fehler={"code": code, "meldung": message, "stellen": cells or [], "was_tun": remedy})


def of_check(checked: Checked) -> str:
    """What was understood, which methods follow, and the findings."""
    return answer(
        "check",
        gelesen=checked.understood,
        verfahren=checked.methods,
        befunde=_findings(checked.findings),
        fehlerzahl=len(checked.findings.errors),
    )


def of_run(outcome: Outcome) -> str:
    """Where the results are, the totals of every scenario, and the findings."""
    from zwkprognose.output.content.facts import facts_of, with_scenario
    from zwkprognose.output.files.run_folder import RESULTS

    facts = facts_of(outcome.projection, outcome.inputs)
    whole = with_scenario(outcome.projection)["population"].sum(["area", "nationality", "sex", "age"])
    totals = whole.transpose("scenario", "year_end").values.round().astype(int).tolist()
    years = [str(year) for year in whole["year_end"].values.tolist()]
    return answer(
        "run",
        ordner=str(outcome.folder),
        dateien=[name for name in RESULTS if (outcome.folder / name).exists()],
        titel=facts.title,
        personen={s.name: dict(zip(years, row, strict=True)) for s, row in zip(facts.scenarios, totals, strict=True)},
        meilensteine=outcome.milestones,
        befunde=_findings(outcome.findings),
    )


def of_compare(seen: YearComparison, folder: Path) -> str:
    """What was projected and counted, the goals before and now, and why the forecast moved."""
    from zwkprognose.output.files.interim import COMPARED, GOALS

    rows = seen.table[list(COMPARED)].to_dict("records")
    goals = [] if seen.goals is None else seen.goals.to_dict("records")
    parts = seen.decomposition["contribution"].isel(year_end=-1).sum(["area", "age_group"])
    return answer(
        "compare",
        ordner=str(folder),
        dateien=sorted(path.name for path in folder.iterdir() if path.name.startswith("zwischenbilanz")),
        jahr=seen.year,
        szenario=seen.scenario,
        saetze=list(seen.sentences),
        bestandteile=[{COMPARED[str(key)]: _plain(value) for key, value in row.items()} for row in rows],
        ziele=[{GOALS[str(key)]: _plain(row[key]) for key in GOALS} for row in goals],
        ursachen={str(part["component"].item()): _plain(part.item()) for part in parts},
    )


def _findings(findings: Findings) -> list[dict[str, Any]]:
    heads = {
        "severity": "schwere", "rule": "regel", "area": "gebiet", "year": "jahr", "message": "befund",
        "remedy": "was_tun",
    }  # fmt: skip
    rows = findings.frame.reindex(columns=list(heads)).to_dict("records")
    return [{heads[str(key)]: _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    """A value that JSON knows; what is missing is nothing."""
    if value is None or value != value:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)
