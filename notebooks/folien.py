"""Slides of a unit as one HTML file that needs no network: what was run, with its pictures and tables.

    python notebooks/folien.py kurs

writes ``kurs/T1_lesen_folien.html`` for every unit. Arrow keys turn the pages, N shows and hides the trainer's notes,
and printing gives one page per slide. The slides that Jupyter makes load their script from a server; these carry all.
"""

from __future__ import annotations

import re
import sys
from ast import literal_eval
from html import escape
from pathlib import Path

import nbformat
from bauen import executed, units
from markdown_it import MarkdownIt

STYLE = """
:root { color-scheme: light; font: 1.35rem/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff }
body { margin: 0 }
section { box-sizing: border-box; min-height: 100vh; padding: 4vh 6vw; overflow-wrap: anywhere;
  border-bottom: 1px solid #ccc; font-size: calc(1rem * var(--fit, 1)) }
h1, h2, h3 { line-height: 1.15; margin: 0 0 .6em; color: #00507f; hyphens: auto }
h1 { font-size: 2.2em } h2 { font-size: 1.7em } h3 { font-size: 1.4em }
.out { overflow-x: auto; margin: .8em 0 }
.out > div { overflow-x: auto }
img, svg { max-width: 100%; height: auto; max-height: calc(72vh * var(--fit, 1));
  object-fit: contain; object-position: left }
table { border-collapse: collapse; font-size: .8em }
th, td { padding: .2em .7em; text-align: left; border-bottom: 1px solid #ddd }
.out td { text-align: right; font-variant-numeric: tabular-nums }
.out table { overflow-wrap: normal }
pre, code { font: .85em/1.4 ui-monospace, monospace }
pre { white-space: pre-wrap; background: #f4f4f4; padding: .6em .8em }
aside { display: none; margin-top: 1.5em; padding: .1em 1em; border-left: .3em solid #c25e00;
  background: #fff6ec; font-size: .85em }
body.notes aside { display: block }
nav { position: fixed; right: 1rem; bottom: .6rem; font-size: .7rem; color: #595959 }
@media (max-width: 700px) { :root { font-size: 1.05rem } section { padding: 1.2rem } }
@media print { @page { size: 297mm 167mm; margin: 8mm } :root { font-size: 13pt } nav { display: none }
  section { min-height: 0; padding: 0; border: 0; break-after: page }
  img, svg { max-height: calc(115mm * var(--fit, 1)) } }
"""
#: A slide is set smaller until it fits the screen; smaller than this nobody reads it from the last row.
SMALLEST = 0.6
#: Rows of a table that a slide shows; the notebook has all.
ROWS = 20
SCRIPT = """
const all = [...document.querySelectorAll("section")];
const here = () => all.findLastIndex(s => s.getBoundingClientRect().top <= 5);
const turn = by => all[Math.min(all.length - 1, Math.max(0, here() + by))].scrollIntoView();
const count = () => { document.querySelector("nav").textContent = `${here() + 1} / ${all.length}`; };
addEventListener("keydown", event => {
  if (event.key === "n" || event.key === "N") document.body.classList.toggle("notes");
  const by = {ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1}[event.key];
  if (by) { event.preventDefault(); turn(by); }
});
const fit = () => {
  if (innerWidth <= 700) return; // a telephone scrolls
  for (const s of all) {
    s.style.setProperty("--fit", 1);
    for (let size = 1; size > SMALLEST && s.scrollHeight > innerHeight + 2; size -= .04) {
      s.style.setProperty("--fit", size);
    }
  }
};
addEventListener("scroll", count);
addEventListener("resize", fit);
addEventListener("load", fit);
count();
"""
#: What an output shows best, first choice first.
SHOWN = ("text/html", "image/png", "text/plain")
#: Cells in which those who learn write their answer; a slide shows the task only.
ANSWER = re.compile(r"^answer\(", re.MULTILINE)


def slides(unit: nbformat.NotebookNode) -> str:
    """The executed unit of the trainer as a page of slides."""
    title = unit.cells[0].source.splitlines()[0].removeprefix("# ")
    sections = "\n".join(f"<section>{''.join(page)}</section>" for page in _pages(unit))
    return (
        f'<!doctype html>\n<html lang="de"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body>{sections}<nav></nav><script>const SMALLEST = {SMALLEST};{SCRIPT}</script></body></html>\n"
    )


def _pages(unit: nbformat.NotebookNode) -> list[list[str]]:
    """What stands on each slide: a heading begins one, and so does a second output, or what follows a task."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    pages: list[list[str]] = []
    chapter = heading = ""
    full = asked = False  # whether the slide has its output, and whether a task has just been set
    for cell in unit.cells:
        begins, tags = cell.metadata["slideshow"]["slide_type"] in ("slide", "subslide"), cell.metadata["tags"]
        if {"loesung", "excel"} & set(tags):
            continue
        if cell.cell_type == "code" and ANSWER.search(cell.source):
            asked = True
            continue
        text = markdown.render(cell.source) if cell.cell_type == "markdown" else _outputs(cell)
        if "trainer" in tags:
            pages[-1].append(f"<aside>{text}</aside>")
        elif begins:
            heading = text.split("\n", 1)[0]
            chapter = chapter if cell.source.startswith("### ") else heading
            pages.append([text])
            full, asked = cell.source.startswith("# "), False  # what the first cell shows has a slide of its own
        elif text:
            leads_on = cell.cell_type == "code" or cell.source.endswith(":")
            if asked or (full and leads_on):
                heading = chapter if asked else heading
                pages.append([heading])
                full = asked = False
            pages[-1].append(text)
            full = full or cell.cell_type == "code"
    return pages


def _outputs(cell: nbformat.NotebookNode) -> str:
    """What a cell shows."""
    return "".join(f'<div class="out">{_output(output)}</div>' for output in cell.outputs)


def _output(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return f"<pre>{escape(output.text)}</pre>"
    kind = next(kind for kind in SHOWN if kind in output.data)
    value = output.data[kind]
    if kind == "image/png":
        return f'<img alt="" src="data:image/png;base64,{value.strip()}">'
    return _plain(value) if kind == "text/plain" else _table(value)


def _plain(text: str) -> str:
    """What Python prints, as people write it: a mapping as a table, a text without its marks."""
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError):
        series = re.search(r"\n(Name: .*, )?dtype: .*$", text)
        return f"<pre>{escape(_decimals(text[: series.start()]) if series else text)}</pre>"
    if isinstance(value, dict):
        rows = [f"<tr><th>{escape(str(key))}</th><td>{_decimals(str(one))}</td></tr>" for key, one in value.items()]
        return f"<table>{''.join(rows)}</table>"
    return f"<p>{escape(value if isinstance(value, str) else _decimals(text))}</p>"


def _table(html: str) -> str:
    """A table with no more rows than can be read; those of pandas with German decimals."""
    body = _decimals(html) if 'class="dataframe"' in html else html
    *rows, end = re.split(r"(?<=</tr>)", body)
    if len(rows) <= ROWS + 2:
        return body
    return "".join(rows[:ROWS]) + f"{end}<p>… und {len(rows) - ROWS} weitere Zeilen im Heft</p>"


def _decimals(text: str) -> str:
    """Decimal commas and true minus signs; whole numbers where all are, as in „391.0“."""
    number = re.compile(r"(?<![\w.])(-?)(\d+)\.(\d+)(?![\w.])")
    whole = not any(int(found[3]) for found in number.finditer(text))
    return number.sub(lambda n: n[1].replace("-", "−") + n[2] + ("" if whole else f",{n[3]}"), text)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in units():
        path = folder / f"{source.stem}_folien.html"
        path.write_text(slides(executed(source)), encoding="utf-8")
        print(f"{source.stem}: {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "kurs"))
