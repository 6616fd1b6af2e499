"""From what is asked for to the models that are computed, and what the result says of it: a case and its scenarios."""
