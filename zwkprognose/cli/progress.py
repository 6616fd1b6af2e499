"""Progress of a run on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zwkprognose.projects.run import Progress


@contextmanager
def progress_bar(what: str = "Schritt", *, ready: bool = False) -> Iterator[Progress]:
    """A bar that names the present step, shown only where somebody can see it; ``ready``: counts only what is done."""
    from tqdm import tqdm

    shown = f"{{desc:<40}}|{{bar:20}}| {what} {{n_fmt}} von {{total_fmt}}"
    bar = tqdm(total=0, disable=None, leave=False, bar_format=shown)

    def tell(step: str, done: int, total: int) -> None:
        bar.total = total
        bar.set_description_str(step, refresh=False)
        bar.update(done + (not ready) - bar.n)
        bar.refresh()

    try:
        yield tell
    finally:
        bar.close()
