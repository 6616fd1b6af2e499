"""Real published figures to start from: Berlin, Bremerhaven, Konstanz."""

from zwkprognose.examples.load import about, example_tables, geometry, load_example, tables_of

__all__ = ["about", "example_tables", "geometry", "load_example", "tables_of"]
