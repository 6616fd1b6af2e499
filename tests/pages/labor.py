"""docs/labor.md: a project, and pages that a browser could open."""

from __future__ import annotations

from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    document = 'name = "a"\n[daten]\nbeispiel = "bremerhaven"\n[prognose]\nbis = 2030\n'
    (visit.folder / "projekt.toml").write_text(document, encoding="utf-8")
    visit.after["lab projekt.toml"] = lambda: (visit.folder / "labor.html").rename(visit.folder / "weitergabe.html")
    visit.after["lab projekt.toml --intern"] = lambda: (visit.folder / "labor.html").rename(
        visit.folder / "intern.html"
    )
    yield
    outside, inside, of_python = (
        (visit.folder / name).read_text(encoding="utf-8") for name in ("weitergabe.html", "intern.html", "labor.html")
    )
    assert outside != inside
    assert "Bremerhaven" in of_python
