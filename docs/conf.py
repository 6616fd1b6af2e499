"""Sphinx settings of the German documentation; the units of the course are run and become pages and slides."""

import sys
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "notebooks"))

from bauen import executed, units, without_solutions  # noqa: E402
from folien import slides  # noqa: E402

project = "zwkprognose"
author = "The zwkprognose developers"
language = "de"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
html_theme = "pydata_sphinx_theme"
html_title = "zwkprognose"
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"
autodoc_typehints = "description"
napoleon_numpy_docstring = True
html_theme_options = {"use_edit_page_button": False, "show_prev_next": True, "navigation_with_keys": True}
html_show_sourcelink = False
#: Slides are pages of their own beside the documentation.
html_extra_path = ["folien"]


def _newest(*folders: Path) -> float:
    return max(
        path.stat().st_mtime for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".md")
    )


def _course() -> None:
    """Run every unit once, unless nothing has changed since: a page, the same with solutions, and slides."""
    changed = _newest(HERE.parent / "notebooks", HERE.parent / "zwkprognose")
    for folder in ("kurs/loesungen", "folien"):
        (HERE / folder).mkdir(parents=True, exist_ok=True)
    for source in units():
        page, solved = (HERE / folder / f"{source.stem}.ipynb" for folder in ("kurs", "kurs/loesungen"))
        if solved.exists() and solved.stat().st_mtime > changed:
            continue
        unit = executed(source)
        nbformat.write(without_solutions(unit), page)
        (HERE / "folien" / f"{source.stem}_folien.html").write_text(slides(unit), encoding="utf-8")
        heading, rest = unit.cells[0].source.split("\n", 1)
        unit.cells[0].source = f"{heading} (mit Lösungen)\n{rest}"
        nbformat.write(unit, solved)
    links = [f'<li><a href="../{s.stem}_folien.html">{_title(s)}</a></li>' for s in units()]
    keys = "Pfeiltasten blättern, N zeigt die Hinweise für die Leitung, gedruckt ist jede Folie eine Seite."
    text = "\n".join(["# Folien", "", keys, "", "<ul>", *links, "</ul>", ""])
    (HERE / "kurs" / "folien.md").write_text(text, encoding="utf-8")


def _title(source: Path) -> str:
    return source.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


_course()
