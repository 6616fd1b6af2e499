"""Words of German (and English) tables for sex, nationality, totals, events, dimensions and measures."""

from __future__ import annotations

import re

from zwkprognose.tables.numbering import names_numbering

TOTAL_WORDS = frozenset(
    {"insgesamt", "zusammen", "gesamt", "summe", "total", "alle", "alle altersgruppen", "alter insgesamt",
     "all ages", "i", "z", "altersgruppen insgesamt", "geschlecht insgesamt", "nationalität insgesamt",
     "deutsche und ausländer", "männlich und weiblich", "beide geschlechter", "gesamtergebnis", "gesamtsumme",
     "insges", "insges.", "insg", "insg.", "zus", "zus.", "ges", "ges.", "sa", "sa.", "σ", "∑"}
)  # fmt: skip

SEX_WORDS = {
    "male": "male", "males": "male", "m": "male", "männlich": "male", "maennlich": "male", "männer": "male",
    "maenner": "male", "mann": "male", "gesm": "male", "m.": "male", "männl.": "male", "männl": "male",
    "männliche": "male", "jungen": "male", "knaben": "male",
    "female": "female", "females": "female", "w": "female", "weiblich": "female", "frauen": "female",
    "frau": "female", "gesw": "female", "w.": "female", "weibl.": "female", "weibl": "female", "weibliche": "female",
    "mädchen": "female",
}  # fmt: skip

NATIONALITY_WORDS = {
    "d": "german", "deutsch": "german", "deutsche": "german", "german": "german", "germans": "german",
    "natd": "german", "dt.": "german", "dt": "german",
    "a": "foreign", "ausländer": "foreign", "auslaender": "foreign", "ausländisch": "foreign",
    "ausländer/innen": "foreign", "ausländerinnen und ausländer": "foreign", "nichtdeutsch": "foreign",
    "nichtdeutsche": "foreign", "nicht deutsch": "foreign", "foreign": "foreign", "foreigners": "foreign",
    "nata": "foreign", "ausl.": "foreign", "ausl": "foreign", "ausländerinnen": "foreign", "ausländische": "foreign",
    "ausländer/-innen": "foreign", "nicht-deutsche": "foreign", "nicht-deutsch": "foreign", "nicht-dt.": "foreign",
    "nichtdt.": "foreign",
}  # fmt: skip

#: Events of the tidy form → variable of the contract.
EVENTS = {
    "geburten": "births", "sterbefaelle": "deaths", "sterbefälle": "deaths", "zuzuege": "in_moves",
    "zuzüge": "in_moves", "fortzuege": "out_moves", "fortzüge": "out_moves", "umzuege": "moves", "umzüge": "moves",
    "lebendgeborene": "births", "gestorbene": "deaths", "todesfälle": "deaths", "zuzug": "in_moves",
    "fortzug": "out_moves", "wegzug": "out_moves", "wegzüge": "out_moves",
}  # fmt: skip

#: Months and other words, each of them the key to a message of its own.
MONTHS = frozenset(
    {"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
     "dezember", "jan", "feb", "mrz", "apr", "jun", "jul", "aug", "sep", "okt", "nov", "dez", "monat", "geburtsmonat"}
)  # fmt: skip
OTHER_SEXES = frozenset({"divers", "unbestimmt", "ohne angabe", "keine angabe", "unbekannt", "divers/ohne angabe"})

#: A word that a narrow column has broken into two lines.
_BROKEN = re.compile(
    r"(?<=[a-zäöüß])-[ \t]*\r?\n\s*(?=[a-zäöüß])|(?<=[a-zäöüß])- +(?=[a-zäöüß])(?!und\b|oder\b|bis\b|u\.)|\u00ad"
)
_FOOTNOTE = re.compile(r"(?<=\S)(?:(?:\s+|(?<=[^\W\d]))\(?\d{1,2}\)|\s*[¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|\s*\*{1,3}\)?)\s*$")


def plain(text: str) -> str:
    """A label without case, footnote mark, doubled spaces and hyphens at line ends.

    >>> plain("  Ausländer  2)"), plain("Ins-\\ngesamt")
    ('ausländer', 'insgesamt')
    """
    return " ".join(without_footnote(_BROKEN.sub("", text)).split()).casefold()


def without_footnote(text: str) -> str:
    """A label without the mark of a footnote.

    >>> [without_footnote(text) for text in ("Altstadt 3)", "Block 12", "Ausländer¹)", "Ausländer*", "2023 ²", "*")]
    ['Altstadt', 'Block 12', 'Ausländer', 'Ausländer', '2023', '*']
    """
    return _FOOTNOTE.sub("", text)


def sex_of(text: str) -> str | None:
    """``male``, ``female`` or ``total``; ``None`` if the word is none of these."""
    word = plain(text)
    return "total" if word in TOTAL_WORDS else SEX_WORDS.get(word)


def nationality_of(text: str) -> str | None:
    """``german``, ``foreign`` or ``total``; ``None`` if the word is none of these."""
    word = plain(text)
    return "total" if word in TOTAL_WORDS else NATIONALITY_WORDS.get(word)


#: Names of columns that label rows → what they hold.
DIMENSION_WORDS = {
    **dict.fromkeys(
        ("schlüssel", "schluessel", "gebietsschlüssel", "ags", "ars", "regionalschlüssel", "nr", "nr.", "nummer",
         "kennziffer", "gemeindeschlüssel", "kreisschlüssel", "schlüssel-nr.", "raumid", "gebiets-nr.", "schl.",
         "schl.-nr.", "id"), "area"),
    **dict.fromkeys(
        ("gebiet", "gebietseinheit", "gebietsname", "name", "bezeichnung", "stadtteil", "ortsteil", "bezirk",
         "stadtbezirk", "quartier", "gemeinde", "kreis", "raum", "ortschaft", "region", "bez.", "stadtviertel",
         "statistischer bezirk", "stat. bezirk", "planungsraum", "sozialraum", "ortsbezirk", "raumbezug", "stadtteile",
         "ortsteile", "stadtbezirke", "bezirke", "quartiere", "gemeinden", "kreise"), "area_name"),
    **dict.fromkeys(("jahr", "stichtag", "zeit", "datum", "year", "berichtsjahr", "zeitpunkt"), "year"),
    **dict.fromkeys(
        ("alter", "altersgruppe", "altersgruppen", "altersjahr", "altersjahre", "alter in jahren", "age", "lebensalter",
         "altersklasse", "altersklassen", "altersstufe", "altersstufen", "alter der mutter", "alter der mütter",
         "alter von ... bis unter ... jahren", "alter von … bis unter … jahren"), "age"),
    **dict.fromkeys(("geburtsjahr", "geburtsjahrgang", "jahrgang", "geb.-jahr", "geburtsjahre"), "birth_year"),
    **dict.fromkeys(("geschlecht", "sex", "geschl.", "geschl"), "sex"),
    **dict.fromkeys(
        ("staatsangehörigkeit", "nationalität", "nationality", "nation", "nat.", "nat", "staatsang.", "staatsangeh."),
        "nationality"),
}  # fmt: skip
#: "Altersgruppe von … bis unter … Jahren": what the groups below say each for themselves.
_AGE_HEADING = re.compile(
    r"alters?(?:gruppen?|klassen?|jahre?|stufen?)?(?:[ ,:]*(?:von|bis|unter|in|über|mindestens|vollendet\w*|und|mehr|"
    r"älter|jahre?n?|\.\.\.?|…|-|–|\(|\)))+"
)
_KEY_ENDING = re.compile(r"[-_ ]?(?:nr\.?|nummer|id|schlüssel|schl\.|kennziffer|key|code)$")
_NAME_ENDING = re.compile(r"[-_ ]?(?:name|bezeichnung)$")


def dimension_of(label: str) -> str | None:
    """What a column with this heading labels rows by; ``None`` if the heading does not say.

    >>> dimension_of("Stadtteil-Nr."), dimension_of("stadtteil_name"), dimension_of("Geschl."), dimension_of("Fläche")
    ('area', 'area_name', 'sex', None)
    >>> dimension_of("Altersgruppe von … bis unter … Jahren"), dimension_of("Altersheime")
    ('age', None)
    >>> dimension_of("Lfd.-Nr."), dimension_of("Nr.")
    ('numbering', 'area')
    """
    word = plain(label)
    if word in DIMENSION_WORDS:
        return DIMENSION_WORDS[word]
    if _AGE_HEADING.fullmatch(word):
        return "age"
    if names_numbering(word):
        return "numbering"
    for ending, role in ((_KEY_ENDING, "area"), (_NAME_ENDING, "area_name")):
        if DIMENSION_WORDS.get(ending.sub("", word)) == "area_name":
            return role
    return None


_BIRTH_DATE = re.compile(r"geb(?:urts)?[-_. ]?(?:datum|dat|tag)\b\.?")


def is_birth_date(label: str) -> bool:
    """Whether a heading names dates of birth: then every row is a person, and the file no table.

    >>> is_birth_date("GEBDAT"), is_birth_date("Geburtsdatum"), is_birth_date("Geburten")
    (True, True, False)
    """
    return _BIRTH_DATE.match(plain(label)) is not None


#: What is counted → variable of the contract.
MEASURE_WORDS = {
    **dict.fromkeys(
        ("bevölkerung", "bevölkerungsstand", "einwohner", "einwohnerzahl", "einwohnerinnen und einwohner", "personen",
         "wohnbevölkerung", "hauptwohnsitzbevölkerung", "population", "bestand", "einwohnerinnen", "einwohnern",
         "einwohnerbestand", "bevölkerungsbestand", "einwohnerstatistik", "wohnberechtigte", "gesamtbevölkerung",
         "bevölkerungszahl", "bevölkerungsstruktur", "bevölkerungsaufbau", "bevölkerungsstatistik", "bevölkerungsdaten",
         "einwohnerdaten", "einwohnerstruktur", "ew", "einw.", "bev."), "population"),
    **dict.fromkeys(
        ("lebendgeborene", "geburten", "geborene", "lebendgeburten", "neugeborene", "live births"), "births"),
    **dict.fromkeys(("gestorbene", "sterbefälle", "todesfälle", "verstorbene", "deaths"), "deaths"),
    **dict.fromkeys(("zuzüge", "zuzug", "zugezogene", "zuzüge über die gemeindegrenzen", "aussenzuzüge"), "in_moves"),
    **dict.fromkeys(
        ("fortzüge", "fortzug", "wegzüge", "wegzug", "fortgezogene", "weggezogene", "aussenfortzüge", "aussenwegzüge",
         "fortzüge über die gemeindegrenzen"), "out_moves"),
}  # fmt: skip


def measures_in(text: str) -> set[str]:
    """Variables of the contract that a title speaks of.

    >>> measures_in("Bevölkerungsstand (Anzahl)"), measures_in("Geburten und Sterbefälle") == {"births", "deaths"}
    ({'population'}, True)
    """
    words = re.findall(r"[a-zäöüß]+", text.casefold())
    return {MEASURE_WORDS[word] for word in words if word in MEASURE_WORDS}
