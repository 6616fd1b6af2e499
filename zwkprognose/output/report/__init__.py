"""The single-file German report."""

from __future__ import annotations

from zwkprognose.output.report.page import write_report

__all__ = ["write_report"]
