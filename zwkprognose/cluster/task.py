"""One part of a run as a task: read, compute, store, say so. It returns a receipt, never the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.cluster.digest import digest_of, versions
from zwkprognose.cluster.stored import OTHER, Folder
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.draws.drawn import Asked
from zwkprognose.engine.parts.block import draw_block, project_block, value_block
from zwkprognose.errors import ClusterError, OutputError


@dataclass(frozen=True)
class Task:
    """What a part is computed from, and where it is stored; ``expected`` are the versions of the client."""

    number: int
    folder: Folder
    inputs: xr.Dataset
    rates: xr.Dataset
    question: Question
    whole: bool
    asked: Asked | None
    along_draws: bool
    expected: dict[str, str]

    def loaded(self) -> Task:
        """The same with its arrays in memory; chunked ones are read here, where they are needed."""
        if not (self.inputs.chunks or self.rates.chunks):
            return self
        inputs, rates = (dataset.compute(scheduler="synchronous") for dataset in (self.inputs, self.rates))
        return replace(self, inputs=inputs, rates=rates)

    @property
    def key(self) -> str:
        """Checksum of everything that decides the result; who computes and with how many threads does not."""
        question = self.question.whoever_computes
        asked = None if self.asked is None else tuple(self.asked._replace(threads=None))
        return digest_of(self.inputs, self.rates, question, self.whole, asked, self.along_draws)


class Receipt(NamedTuple):
    """Number of a part, and how it stands: ``fertig``, ``fehlt`` or ``anders`` (computed from other inputs)."""

    number: int
    state: str


def examine(task: Task) -> Receipt:
    """Is a part there, whole, and computed from these inputs?"""
    _require_same(task)
    done = task.folder.done(task.number)
    if done is None:
        return Receipt(task.number, "fehlt")
    if done.get("eingaben") != task.loaded().key:
        return Receipt(task.number, "anders")
    return Receipt(task.number, "fertig" if task.folder.intact(task.number, done.get("ergebnis", "")) else "fehlt")


def carry_out(task: Task) -> Receipt:
    """Compute and store a part.

    Raises
    ------
    ZwkError
        As the projection, or if the part cannot be stored here.
    """
    _require_same(task)
    if task.folder.asked is None:
        raise ClusterError(
            f"Der Ordner {task.folder.path} ist auf einem Worker nicht zu sehen.",
            remedy="Einen Ordner angeben, den alle Rechner unter demselben Namen erreichen.",
        )
    task = task.loaded()
    if (there := examine(task)).state == "fertig":
        return there  # its worker died after storing it, before saying so
    task.folder.keep(task.number, task.key, _found(task))
    return Receipt(task.number, "fertig")


def _found(task: Task) -> xr.Dataset:
    given = task.inputs, task.rates, task.question
    if task.asked is None:
        return project_block(*given, task.whole)
    if task.along_draws:
        values = value_block(*given, task.asked)
        numbers = np.arange(task.asked.first, task.asked.first + task.asked.draws)
        return xr.Dataset({"values": (("area", "year_end", "age_band", "draw"), values)}, {"draw": numbers})
    part = draw_block(*given, task.whole, task.asked)
    return part.areas.assign(sums=(("half", "year_end", "age_band", "draw"), part.sums))


def _require_same(task: Task) -> None:
    here = versions()
    if here != task.expected:
        raise other_versions([("dieser Worker", here)], task.expected)


def other_versions(workers: list[tuple[str, dict[str, str]]], expected: dict[str, str]) -> ClusterError:
    """What differs, worker by worker."""
    cells = [
        {"Worker": worker, "Paket": name, "dort": there.get(name, "fehlt"), "hier": expected[name]}
        for worker, there in workers
        for name in expected
        if there.get(name) != expected[name]
    ]
    return ClusterError(
        "Auf den Workern ist anderes installiert als hier; die Ergebnisse könnten sich unterscheiden.",
        cells=cells,
        remedy="Überall dieselben Fassungen installieren und die Worker neu starten.",
    )


def refuse_others(receipts: list[Receipt], folder: Folder) -> None:
    """Refuse to go on where finished parts were computed from something else."""
    others = [receipt.number for receipt in receipts if receipt.state == "anders"]
    if others:
        raise OutputError(
            f"Im Ordner {folder.path} liegen Teile eines anderen Laufs: Bestand, Raten oder Annahmen sind anders.",
            cells=[{"Teil": number + 1} for number in others],
            remedy=OTHER,
        )
