"""Many areas or draws in parts: here or on a Dask cluster, stored part by part, to be resumed at any time."""

from __future__ import annotations

from zwkprognose.cluster.run import run_parts
from zwkprognose.cluster.stored import open_parts

__all__ = ["open_parts", "run_parts"]
