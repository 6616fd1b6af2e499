"""One German voice: every text of the package and its documentation, walked through word by word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "zwkprognose"

#: Words that offices do not use, or that mean an image instead of a statistical object, and what stands instead.
FORBIDDEN = {
    r"Porträts?": "Gebietsprofil",
    r"Steckbrief": "Gebietsprofil",
    r"Umschlüsselung": "Umsteigetabelle",
    r"Altersb[aä]nd(er|ern|es)?": "Altersgruppe",
    r"Stützjahre?n?": "Basisjahre",
    r"mittiger? Fehler": "Median des Fehlers",
    r"bei der Geburt": "bei Geburt",
    r"Umzugstopf": "Umzugspool",
    r"(leihen|leiht) sich Stärke": "stützen sich auf die Werte der Stadt",
    r"zu unruhig": "schwankte zu stark",
    r"je Einwohner": "je Person",
    r"Höhe der (Kinder|Geburten|Sterbefälle)": "im Niveau angepasst",
    r"früheren? Fehlern?": "Abweichungen früherer Vorausberechnungen",
    r"Wohnsitz(e|es)?": "Wohnung",
    r"Befunde zu den Eingangsdaten": "Prüfung der Eingangsdaten",
}
#: Words that sources use, which the tables room must know to read them.
READ = ("tables/words.py", "tables/readers", "examples/data")
#: „heute“ is the day of the call, never a base year.
TODAY = re.compile(r"\bheute\b(?!: \{)")
#: „Sie“ begins sentences about things; behind a verb or in the middle of a sentence it is an address.
ADDRESS = re.compile(
    r"(?<![.!?:*–] )(?<![.!?]\n)(?<!\n)(?<![.!?]\*\* )(?<!^)\b(Sie|Ihnen|Ihre[mnrs]?)\b"
    r"|\b(du|dir|dich|dein\w*|euch|euer)\b|\b\w+en Sie\b"
)


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    """Texts of a file of code that are no docstrings; the values within an f-string become ``{}``."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "{x}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (silent | inside):
            yield node.lineno, node.value


def _script_texts(text: str) -> str:
    """A script without its comments and without the expressions in its texts."""
    return re.sub(r"\$\{[^{}]*\}", "{x}", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def _prose(text: str) -> str:
    """A page of documentation without code and without the addresses of links."""
    return re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", "", text, flags=re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """Place and text of everything that people read."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in _literals(path):
            yield f"{path.relative_to(ROOT).as_posix()}:{line}", text
    for path in sorted([*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.toml")]):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.js")):
        yield path.relative_to(ROOT).as_posix(), _script_texts(path.read_text("utf-8"))
    for path in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]:
        yield path.relative_to(ROOT).as_posix(), _prose(path.read_text("utf-8"))


ALL = list(texts())
#: The dictionary of signs of other quotation marks, which is no text.
SIGNS = ("cli/console.py", "tables/words.py", "zwkprognose/regions.py")


def _wrong(pattern: str | re.Pattern[str], skipped: tuple[str, ...] = ()) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{place}: …{text[max(0, hit.start() - 40) : hit.end() + 30]!r}"
        for place, text in ALL
        if not any(part in place for part in skipped)
        for hit in found.finditer(text)
    ]


def test_there_are_texts_to_walk() -> None:
    assert len(ALL) > 3000
    assert any("Bevölkerungspyramide" in text for _, text in ALL)


def test_quotation_marks_are_german_and_of_one_kind() -> None:
    assert _wrong("[»«‚‘›‹]", SIGNS) == []
    assert _wrong(r"(?<=\s)'[A-ZÄÖÜ]?[a-zäöüß]+'(?=[\s.,;:])", ("report/pages.py",)) == []


def test_quotation_marks_are_opened_and_closed() -> None:
    odd = [
        f"{place}: {text[:80]!r}"
        for place, text in ALL
        if text.count("„") != text.count("“") and not any(part in place for part in (*SIGNS, "tables/"))
    ]
    assert odd == []


def test_nobody_is_addressed() -> None:
    assert _wrong(ADDRESS, ("tables/readers", "tables/words.py")) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_offices_call_it_otherwise(word: str) -> None:
    assert _wrong(rf"\b{word}\b", READ) == [], f"statt dessen: {FORBIDDEN[word]}"


def _advice() -> Iterator[tuple[str, str]]:
    """Place and text of what a message advises to do; ``{x}`` for values within."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_named = isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "remedy" for t in node.targets)
            if is_named or (isinstance(node, ast.keyword) and node.arg == "remedy"):
                value = node.value
                for said in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                    if isinstance(said, ast.JoinedStr):
                        parts = (str(p.value) if isinstance(p, ast.Constant) else "{x}" for p in said.values)
                        yield f"{path.relative_to(ROOT).as_posix()}:{said.lineno}", "".join(parts)
                    elif isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
                        yield f"{path.relative_to(ROOT).as_posix()}:{said.lineno}", said.value


#: Names of code with which advice may begin: arguments, functions, columns, commands.
CODE = re.compile(r"[a-z]\w*[_=(]|(auto|timing|exact|until|demand|publish|ridge|exposure|destinations|smoothing|year"
                  r"|profil|pip) ")  # fmt: skip


def test_advice_is_a_sentence() -> None:
    advice = list(_advice())
    assert len(advice) > 300
    assert [f"{place}: {text}" for place, text in advice if text[0].islower() and not CODE.match(text)] == []
    open_end = [f"{place}: {text}" for place, text in advice if not text.endswith((".", "?", "{x}"))]
    assert [one for one in open_end if "pip install" not in one] == []


def test_the_base_year_is_not_today() -> None:
    assert _wrong(TODAY, ("benchmarks", "docs/", "CHANGELOG")) == []


def test_decimal_points_stand_in_code_only() -> None:
    pages = [f"{place}: {hit[0]}" for place, text in ALL if place.endswith(".md") for hit in
             re.finditer(r"(?<![\d./])\b0\.\d{1,2}\b(?![.\d/])", text)]  # fmt: skip
    assert [page for page in pages if "0.1" not in page] == []
