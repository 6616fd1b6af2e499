"""Registers with one record per person or move: read along a declared layout, counted, never kept."""
