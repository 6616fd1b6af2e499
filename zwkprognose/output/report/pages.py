"""Templates of the pages: what they share, how they are filled, and how they are written."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zwkprognose
from zwkprognose import german
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.report.table_html import folded_html, table_html

if TYPE_CHECKING:
    import jinja2

#: Characters that could end a script element or a line of script, as JSON may also write them.
_SAFE = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def render(name: str, created: datetime.date | None, **content: Any) -> str:
    """A page from a template of the package; every text put into it is escaped."""
    shared = {
        "created": (created or datetime.date.today()).strftime("%d.%m.%Y"),
        "version": zwkprognose.__version__,
        "css": text_of("report.css"),
    }
    return str(_environment().get_template(name).render(**{**shared, **content}))


@cache
def _environment() -> jinja2.Environment:
    """One for all pages: it keeps the templates translated, which takes longer than to fill one."""
    import jinja2
    from markupsafe import Markup

    loader = jinja2.FunctionLoader(text_of)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    for filter_ in (german.number, german.signed, german.percent, german.counted):
        environment.filters[filter_.__name__] = filter_
    environment.filters |= {
        "table": lambda table: Markup(table_html(table)),
        "folded": lambda table: Markup(folded_html(table)),
    }
    return environment


def policy(*scripts: str, css: str | None = None, worker: bool = False) -> str:
    """What a browser may do with a page: show its own style and run these scripts, nothing else.

    ``css`` is its style, that of the report unless given; with ``worker`` a script may also work beside the page.
    """
    allowed = " ".join(_checksum(script) for script in scripts) or "'none'"
    style, beside = _checksum(text_of("report.css") if css is None else css), " worker-src blob:;" if worker else ""
    return f"default-src 'none'; style-src {style}; script-src {allowed};{beside} base-uri 'none'; form-action 'none'"


def _checksum(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def script_data(data: Any) -> str:
    """Data as JSON that cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_SAFE)


def write_page(path: str | Path, page: str) -> Path:
    """Write a page, whole or not at all."""
    with whole_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return Path(path)


def text_of(name: str) -> str:
    """Text of a file in ``templates``."""
    return resources.files("zwkprognose.output").joinpath("templates", name).read_text(encoding="utf-8")
