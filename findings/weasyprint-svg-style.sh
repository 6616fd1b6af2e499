#!/bin/sh
# weasyprint 70.0, 2026-11-28: rules of the page's style sheet do not reach an inline <svg>; its texts are drawn letter by letter.
#
# Expected: as in browsers, .red { fill: red } colours a rectangle of an <svg> that stands in the page. Seen: it is black in
# the PDF, without a warning; a <style> within the <svg> and presentation attributes work. Every letter of an SVG text is
# laid out and drawn by itself, so that labels are a third of the time of a page with two figures.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "weasyprint==70.0"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import re
import zlib
from importlib.metadata import version

import weasyprint

SHAPE = '<svg viewBox="0 0 9 9" width="90">{}<rect {} width="9" height="9"/><text x="1" y="5">Hallo</text></svg>'
print("weasyprint", version("weasyprint"))
for how, inside, attribute in (
    ("style sheet of the page", "", 'class="red"'),
    ("style in the svg", "<style>.red { fill: red }</style>", 'class="red"'),
    ("attribute", "", 'fill="red"'),
):
    page = "<style>.red { fill: red }</style>" + SHAPE.format(inside, attribute)
    pdf = weasyprint.HTML(string=page).write_pdf()
    text = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text += zlib.decompress(stream)
        except zlib.error:
            pass
    red, letters = b"1 0 0 rg" in text, len(re.findall(rb"T[jJ]", text))
    print(f"{how}: {'red' if red else 'black'}; Hallo is drawn in {letters} pieces")
PYTHON
