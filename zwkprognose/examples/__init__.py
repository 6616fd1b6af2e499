"""Real published figures to start from: Berlin, Bremerhaven, Konstanz; and Musterstadt, whose truth is known."""

from zwkprognose.examples.load import about, example_tables, geometry, load_example, tables_of
from zwkprognose.examples.musterstadt import Musterstadt, musterstadt

__all__ = ["Musterstadt", "about", "example_tables", "geometry", "load_example", "musterstadt", "tables_of"]
