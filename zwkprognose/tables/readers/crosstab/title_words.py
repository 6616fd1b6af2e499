"""What a title may say: words that are known not to restrict who is counted. Everything else is refused or asked back.

A table under "Wahlberechtigte Einwohner" or "Zuzüge aus dem Ausland" would otherwise pass for everybody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import MEASURE_WORDS, TOTAL_WORDS, nationality_of, plain, sex_of

#: How a user vouches for a title.
TRUSTED = (
    'Ist die Überschrift geprüft, gilt sie mit titles="trusted" (im Projekt unter [daten]: ueberschriften = "geprüft").'
)
#: Parts of words that count fewer people, and those that count no people; of :func:`title_words`.
RESTRICTING = ("wortteile", "kennzahlen")
#: Endings of German words in titles.
_ENDINGS = ("innen", "en", "er", "es", "em", "e", "n", "s", "r")
#: "in Auental", "der Stadt Musterlingen", "des Landkreises Rostock": what follows is a name.
_LEADING = frozenset({"in", "im", "von", "vom", "für", "zu", "am", "an", "bei", "st", "sankt", "bad"})
_WORD = re.compile(r"[^\W\d_]+(?:[-*:/][^\W\d_]+)*\.?")
#: Said of all who are counted, whether or not the table is split by it.
_EVERYBODY = re.compile(r"haupt-? ?(?:und|oder|u\.|/) ?nebenwohn\w*", re.IGNORECASE)


@cache
def title_words() -> Mapping[str, frozenset[str]]:
    """Words that restrict nobody, by theme; under :data:`RESTRICTING` parts of words that do."""
    data = tomllib.loads(files(__package__).joinpath("title_words.toml").read_text(encoding="utf-8"))
    known = {theme: frozenset(words.split()) for theme, words in data["bekannt"].items()}
    restricting = {theme: frozenset(words.split()) for theme, words in data["einschraenkend"].items()}
    return {**known, **restricting}


@cache
def _known_words() -> frozenset[str]:
    return frozenset().union(*(words for theme, words in title_words().items() if theme not in RESTRICTING))


@cache
def _restricting(themes: tuple[str, ...]) -> re.Pattern[str]:
    parts = sorted(part for theme in themes for part in title_words()[theme])
    return re.compile("|".join(f"^{re.escape(part[1:])}$" if part[0] == "=" else re.escape(part) for part in parts))


def odd_words(
    titles: Iterable[str], names: Collection[str] = (), themes: tuple[str, ...] = RESTRICTING
) -> Iterator[tuple[str, bool]]:
    """Words of titles that may restrict who is counted, and whether they are known to.

    Parameters
    ----------
    titles : iterable of str
        Lines above the table and the name of its sheet.
    names : collection of str
        Words that are names here: of the areas, and in the name of the file; in small letters.
    themes : tuple of str
        Which words restrict; others of :data:`RESTRICTING` pass.

    Examples
    --------
    >>> list(odd_words(["Stadt Auental: Einwohner am 31.12.2023 nach Stadtteilen"]))
    []
    >>> list(odd_words(["Türkische Einwohner 2023", "Einwohner je km²", "Einwohner der Kategorie B"]))
    [('Türkische', True), ('je', True), ('km²', True), ('Kategorie', False), ('B', False)]
    """
    for title in titles:
        if not plain(title).startswith("quelle"):
            yield from _odd_in(title, names, themes)


def _odd_in(title: str, names: Collection[str], themes: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    before, named = "", False
    for match in _WORD.finditer(title):
        word, low = match[0], match[0].casefold().rstrip(".")
        known = low in names or all(map(_is_known, re.split(r"[-*:/]", low))) or low in _known_words()
        restricts = not known and _restricting(themes).search(low) is not None
        known = known or (not restricts and _restricting(RESTRICTING).search(low) is not None)
        introduced = named or before in _LEADING or _is_place(before) or title[match.end() :].lstrip().startswith(":")
        named = word[0].isupper() and introduced and not known and not restricts
        if not known and not named:
            yield word, restricts
        before = low


def _is_known(word: str) -> bool:
    """Whether a word restricts nobody, in any of its forms; words for sexes and nationalities are read elsewhere."""
    if not word:
        return True
    return any(
        form in _known_words() or form in TOTAL_WORDS or form in MEASURE_WORDS or (len(form) > 1 and _is_group(form))
        for form in _forms(word)
    )


def _is_place(word: str) -> bool:
    return any(form in title_words()["gebiete"] for form in _forms(word))


def _is_group(word: str) -> bool:
    return sex_of(word) is not None or nationality_of(word) is not None


def _forms(word: str) -> Iterator[str]:
    yield word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word.removesuffix(ending)
            yield word.removesuffix(ending) + "e"


def is_spoken_of(text: str) -> bool:
    """Whether a line has nothing but words that titles use, and so is no name of its own.

    >>> is_spoken_of("Einwohner nach Alter"), is_spoken_of("Am Hang")
    (True, False)
    """
    return all(
        _is_known(part) for word in _WORD.findall(text) for part in re.split(r"[-*:/]", word.casefold().rstrip("."))
    )


def refuse_odd_words(
    document: Document, titles: Sequence[str], names: Collection[str], themes: tuple[str, ...]
) -> None:
    """Raise :class:`TableError` for titles with a word that may say that not everybody is counted."""
    if document.options.trusted:
        return
    odd = list(odd_words((_EVERYBODY.sub(" ", title) for title in titles), names, themes))
    odd += [found for found in odd_words([document.sheet], names, themes) if found[1]]
    if not odd:
        return
    word = next((word for word, restricts in odd if restricts), odd[0][0])
    if any(restricts for _, restricts in odd):
        message = f"{document.label}: Die Überschrift spricht von „{word}“; damit sind nicht alle Einwohner gezählt."
        remedy = "Gebraucht werden Anzahlen aller Personen oder aller Ereignisse."
    else:
        message = (
            f"{document.label}: Die Überschrift enthält „{word}“; ob damit alle Personen gezählt sind, ist nicht "
            "sicher."
        )
        remedy = "Die Überschrift ohne dieses Wort schreiben, wenn alle Personen oder alle Ereignisse gezählt sind."
    raise TableError(
        message,
        cells=[{"text": title} for title in titles if word in title],
        remedy=f"{remedy} {TRUSTED}",
    )


def words_of(texts: Iterable[str]) -> set[str]:
    """Single words in names, in small letters."""
    return {word.casefold().rstrip(".") for text in texts for word in _WORD.findall(text.replace("_", " "))}
