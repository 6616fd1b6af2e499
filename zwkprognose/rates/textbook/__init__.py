"""Methods of demography by name, for teaching and for checking by hand; no estimate uses them."""
