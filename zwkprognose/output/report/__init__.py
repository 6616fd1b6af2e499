"""The single-file German report."""

from __future__ import annotations

from zwkprognose.output.report.page import write_report
from zwkprognose.output.report.profile import profile

__all__ = ["profile", "write_report"]
