"""Optional packages: say which extra is missing before any work is done."""

from __future__ import annotations

from importlib.util import find_spec

from zwkprognose.errors import MissingExtraError


def require(module: str, *, extra: str, remedy: str = "") -> None:
    """Raise :class:`MissingExtraError` with the line to type if ``module`` is not installed."""
    if find_spec(module) is None:
        raise MissingExtraError(
            f"Dafür wird das Paket {module} gebraucht.", remedy=remedy or f"pip install 'zwkprognose[{extra}]'"
        )
