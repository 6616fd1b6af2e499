"""All machine code of a projection, and who decides when it is used."""
