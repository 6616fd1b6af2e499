"""Statements without effect: what a run leaves of them (``judge``), by years, sizes and repetitions, as verdicts."""
