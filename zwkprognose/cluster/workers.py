"""Who works on the parts: this process, one part after the other, or the workers of a Dask cluster."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from zwkprognose.cluster.digest import versions
from zwkprognose.cluster.task import Receipt, Task, other_versions
from zwkprognose.errors import ClusterError, ZwkError
from zwkprognose.inputs.handed import handed
from zwkprognose.output.files.extras import require

if TYPE_CHECKING:
    from distributed import Client

#: Maps a function over tasks; receipts come as they are ready.
Team: TypeAlias = Callable[[Callable[[Task], Receipt], Sequence[Task]], Iterator[Receipt]]
#: Seconds to wait for a scheduler, and for its first worker.
PATIENCE = 15
#: Tasks sent ahead for every thread of the cluster, so that none waits and few arrays lie with the scheduler.
AHEAD = 2


def here(work: Callable[[Task], Receipt], tasks: Sequence[Task]) -> Iterator[Receipt]:
    """All tasks in this process; the kernels use its processors."""
    return (work(task) for task in tasks)


@contextmanager
def team_of(scheduler: Any) -> Iterator[Team]:
    """This process without a scheduler; else the workers of a cluster, all with the same versions.

    Raises
    ------
    ClusterError
        If the scheduler does not answer, has no worker, or versions differ.
    """
    if scheduler is None:
        yield here
        return
    require("distributed", extra="cluster")
    with _client(scheduler) as client:
        _require_workers(client)
        yield lambda work, tasks: _on(client, work, tasks)


@contextmanager
def _client(scheduler: Any) -> Iterator[Client]:
    """A client of an address; one that is handed on stays open."""
    from distributed import Client

    if isinstance(scheduler, Client):
        yield scheduler
        return
    if not isinstance(scheduler, str):
        raise ClusterError(
            f"Als Scheduler wurde {handed(scheduler)} übergeben.",
            remedy="Eine Adresse wie tcp://rechner:8786 oder einen Client von dask.distributed angeben.",
        )
    client = None
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="distributed")  # versions are compared below
            client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise _dead(scheduler) from error
    try:
        yield client
    finally:
        client.close(timeout=2)


def _dead(address: str) -> ClusterError:
    return ClusterError(
        f"Der Scheduler {address} antwortet nicht.",
        remedy="Die Adresse prüfen und den Scheduler starten: dask scheduler; dann dask worker ADRESSE.",
    )


def _require_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterError("Der Scheduler hat keinen Worker.", remedy="Worker starten: dask worker ADRESSE.") from error
    expected = versions()
    try:
        found: dict[str, dict[str, str]] = client.run(versions)
    except Exception as error:  # whatever a worker without the package or with another pickle answers
        raise ClusterError(
            f"Ein Worker kann mit den Aufgaben nichts anfangen ({type(error).__name__}).",
            remedy="Auf allen Workern dasselbe zwkprognose installieren.",
        ) from error
    differing = [(worker, there) for worker, there in sorted(found.items()) if there != expected]
    if differing:
        raise other_versions(differing, expected)


def _on(client: Client, work: Callable[[Task], Receipt], tasks: Sequence[Task]) -> Iterator[Receipt]:
    """Tasks on the workers, a few ahead; what a killed worker was at is done again by another."""
    from distributed import as_completed

    waiting = list(reversed(tasks))
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    numbers: dict[Any, int] = {}

    def send() -> Any:
        task = waiting.pop()
        future = client.submit(work, _light(task), pure=False, retries=0)
        numbers[future] = task.number
        return future

    running = as_completed([send() for _ in range(min(ahead, len(waiting)))], loop=client.loop)
    try:
        for future in running:
            yield _receipt(client, future, numbers[future])
            numbers.pop(future)
            if waiting:
                running.add(send())
    finally:
        if numbers:
            client.cancel(list(numbers), force=True)


def _light(task: Task) -> Task:
    """A task that carries no more than its own arrays: of chunked ones only the way to read them."""
    from dask.base import optimize

    if not (task.inputs.chunks or task.rates.chunks):
        return task
    inputs, rates = optimize(task.inputs, task.rates)
    return replace(task, inputs=inputs, rates=rates)


def _receipt(client: Client, future: Any, number: int) -> Receipt:
    """What a task has to say, or in German why it failed."""
    from distributed import KilledWorker

    if future.status == "finished":
        found: Receipt = future.result(timeout=PATIENCE)
        return found
    error = future.exception(timeout=PATIENCE) if future.status == "error" else None
    if isinstance(error, KilledWorker):
        raise ClusterError(
            f"An Teil {number + 1} sind mehrere Worker nacheinander gestorben.",
            cells=[{"Teil": number + 1}],
            remedy="Den Workern mehr Speicher geben oder kleinere Teile rechnen (--teil). Fertige Teile bleiben.",
        ) from error
    if isinstance(error, ZwkError):
        raise error
    if error is not None:
        raise ClusterError(
            f"Teil {number + 1} ist auf einem Worker gescheitert ({type(error).__name__}).",
            remedy="Das Protokoll des Workers ansehen. Fertige Teile bleiben; derselbe Aufruf macht weiter.",
        ) from error
    raise lost()


def lost() -> ClusterError:
    """The scheduler has gone while parts were at work."""
    return ClusterError(
        "Die Verbindung zum Scheduler ist abgerissen.",
        remedy="Den Scheduler neu starten und den Aufruf wiederholen; fertige Teile bleiben.",
    )
