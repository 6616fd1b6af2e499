"""The page of the Demografielabor: one file that carries case, engine and screen."""

from __future__ import annotations

from importlib import resources

from zwkprognose.engine import formulas
from zwkprognose.lab.javascript import javascript

#: Parts of the engine in the order in which they need each other.
_ENGINE = ("arithmetic", "year", "statements", "plans", "case")


def engine_script() -> str:
    """The engine of the page: the lines of the year from ``engine/formulas.py``, and the loops around them."""
    return javascript(formulas) + "".join(_script(name) for name in _ENGINE)


def _script(name: str) -> str:
    return resources.files("zwkprognose").joinpath("lab", "js", f"{name}.js").read_text(encoding="utf-8")
