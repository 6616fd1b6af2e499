"""What may happen besides rates, each in a file: what a user states, its arrays, and its checks.

Nothing here knows the model of a run; see ``model`` and ``years`` for how they come together.
"""
