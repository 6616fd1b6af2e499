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
from zwkprognose.tables.dates import stated_dates
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.moves import without_scopes
from zwkprognose.tables.words import MEASURE_WORDS, TOTAL_WORDS, measures_in, nationality_of, plain, sex_of

#: How a user vouches for a title.
TRUSTED = (
    'Ist die Überschrift geprüft, gilt sie mit titles="trusted" (im Projekt unter [daten]: ueberschriften = "geprüft").'
)
#: Parts of words that count fewer people, and those that count no people; of :func:`title_words`.
RESTRICTING = ("wortteile", "kennzahlen")
#: Endings of German words in titles.
_ENDINGS = ("innen", "en", "er", "es", "em", "e", "n", "s", "r")
#: "in Auental", "der Stadt Musterlingen", "Statistikstelle Auental": what follows is a name.
_LEADING = frozenset({"in", "von", "für", "zu", "bei", "st", "sankt", "bad"})
_OFFICE = re.compile(r".*(?:amt|stelle|verwaltung|forschung|kommunalstatistik)")
#: "Saalekreis", "Südstadt".
_DISTRICT = re.compile(r".+(?:kreis|stadt|viertel|gemeinde)")
#: "Frankfurt am Main", "Halle an der Saale": a name goes on over these.
_WITHIN_NAMES = frozenset({"am", "an", "im", "in", "der", "dem", "den", "die", "bei", "ob", "vor", "auf", "zu"})
#: Parts of words for people and events: a compound of them that is not known counts some of them and is no name.
_COUNTED = re.compile(
    r"bevölkerung|einwohner|personen|bürger|geburt|geboren|sterbe|gestorben|todes|zuzüg|zuzug|fortzüg|fortzug|wegzüg|"
    r"wanderung|umzüg"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-*:/][^\W\d_]+)*\.?")
#: Said of all who are counted, whether or not the table is split by it.
_EVERYBODY = re.compile(
    r"haupt-? ?(?:und|oder|u\.|/) ?nebenwohn\w*|(?:nur (?:mit )?haupt|ohne neben)wohn\w*|ohne totgeb\w*", re.IGNORECASE
)


@cache
def title_words() -> Mapping[str, frozenset[str]]:
    """Words that restrict nobody, by theme; under :data:`RESTRICTING` parts of words that do."""
    data = tomllib.loads(files(__package__).joinpath("title_words.toml").read_text(encoding="utf-8"))
    known = {theme: frozenset(words.split()) for theme, words in data["bekannt"].items()}
    restricting = {theme: frozenset(words.split()) for theme, words in data["einschraenkend"].items()}
    return {**known, **restricting}


@cache
def _known_words() -> frozenset[str]:
    themes = (words for theme, words in title_words().items() if theme not in RESTRICTING)
    return frozenset(word.casefold() for words in themes for word in words)


@cache
def _restricting(themes: tuple[str, ...]) -> re.Pattern[str]:
    parts = sorted(part.casefold() for theme in themes for part in title_words()[theme])
    return re.compile("|".join(map(_as_pattern, parts)))


def _as_pattern(part: str) -> str:
    if part[0] == "=":
        return f"^{re.escape(part[1:])}$"
    return f"^{re.escape(part[1:])}" if part[0] == "^" else re.escape(part)


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
    moves = bool(measures_in(title) & {"in_moves", "out_moves", "moves"})
    for match in _WORD.finditer(title):
        word, low, rest = match[0], match[0].casefold().rstrip("."), title[match.end() :]
        known = low in names or all(map(_is_known, re.split(r"[-*:/]", low))) or low in _known_words()
        known = known or (rest.startswith("-") and _is_beginning(low))
        restricts = not known and _restricting(themes).search(low) is not None
        known = known or (not restricts and _restricting(RESTRICTING).search(low) is not None)
        introduced = named or _introduces_name(before, moves=moves) or _shows_name(low, rest)
        may_be_name = word[0].isupper() and introduced and _COUNTED.search(low) is None
        goes_on = low in _WITHIN_NAMES and (named or may_be_name)
        named = goes_on or bool(may_be_name and not known and not restricts)
        if not known and not named:
            yield word, restricts
        before = low


def _is_beginning(word: str) -> bool:
    """Whether a word that a hyphen cuts off, "Hanse- und Universitätsstadt", is the beginning of a known one."""
    return any(whole.startswith(word) for whole in _known_words())


def _shows_name(word: str, rest: str) -> bool:
    """Whether a word or what follows it tells that it is a name: "Auental:", "Saalekreis", "Bonner Stadtbezirke"."""
    following = _WORD.match(rest.lstrip())
    of_place = word.endswith("er") and following is not None and _is_place(following[0].casefold())
    return of_place or rest.lstrip().startswith(":") or _DISTRICT.fullmatch(word) is not None


def _introduces_name(word: str, *, moves: bool) -> bool:
    """Whether a name follows that restricts nobody; "Zuzüge von Auental" says where people come from."""
    if moves and word in ("von", "zu"):
        return False
    return word in _LEADING or _OFFICE.fullmatch(word) is not None or _is_place(word)


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
    said = (_without_dates(_EVERYBODY.sub(" ", without_scopes(title))) for title in titles)
    odd = list(odd_words(said, names, themes))
    odd += [found for found in odd_words([document.sheet], names, themes) if found[1]]
    if not odd:
        return
    word = next((word for word, restricts in odd if restricts), odd[0][0])
    if any(restricts for _, restricts in odd):
        message = f"{document.label}: Die Überschrift spricht von „{word}“; damit sind nicht alle Personen gezählt."
        remedy = "Gebraucht werden Anzahlen aller Personen oder aller Bewegungen."
    else:
        message = (
            f"{document.label}: Die Überschrift enthält „{word}“; ob damit alle Personen gezählt sind, ist nicht "
            "sicher."
        )
        remedy = "Die Überschrift ohne dieses Wort schreiben, wenn alle Personen oder alle Bewegungen gezählt sind."
    raise TableError(
        message,
        cells=[{"text": title} for title in titles if word in title],
        remedy=f"{remedy} {TRUSTED}",
    )


def _without_dates(title: str) -> str:
    for stated in stated_dates(title):
        title = title.replace(stated.text, " " * len(stated.text), 1)
    return title


def words_of(texts: Iterable[str]) -> set[str]:
    """Single words in names, in small letters."""
    return {word.casefold().rstrip(".") for text in texts for word in _WORD.findall(text.replace("_", " "))}
