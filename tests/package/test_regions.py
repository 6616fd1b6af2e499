"""Kinds of regions and their German forms."""

from __future__ import annotations

import pytest

from zwkprognose.regions import kind_of, regions_in, regions_of


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Stadtteil", "der Stadtteil, den Stadtteil, des Stadtteils, dem Stadtteil, im Stadtteil, zum Stadtteil"),
        ("Gemeinde", "die Gemeinde, die Gemeinde, der Gemeinde, der Gemeinde, in der Gemeinde, zur Gemeinde"),
        ("Land", "das Land, das Land, des Landes, dem Land, im Land, zum Land"),
        ("Planungsraum", "der Planungsraum, den Planungsraum, des Planungsraums, dem Planungsraum, im Planungsraum, "
                         "zum Planungsraum"),
    ],
)  # fmt: skip
def test_the_cases_of_a_kind(word: str, forms: str) -> None:
    kind = kind_of(word)
    assert ", ".join([kind.the, kind.the_object, kind.of_the, kind.to_the, kind.in_the, kind.up_to_the]) == forms


@pytest.mark.parametrize(
    ("word", "plural", "dative"),
    [
        ("Stadtteil", "Stadtteile", "Stadtteilen"), ("Gemeinde", "Gemeinden", "Gemeinden"), ("Amt", "Ämter", "Ämtern"),
        ("Stadtviertel", "Stadtviertel", "Stadtvierteln"), ("Landkreis", "Landkreise", "Landkreisen"),
        ("Ortschaft", "Ortschaften", "Ortschaften"), ("Sozialraum", "Sozialräume", "Sozialräumen"),
    ],
)  # fmt: skip
def test_the_plural_of_a_kind(word: str, plural: str, dative: str) -> None:
    assert (kind_of(word).plural, kind_of(word).plural_dative) == (plural, dative)


@pytest.mark.parametrize("word", ["Krams", "", "Statistischer Bezirk", "Gebiet<script>"])
def test_a_kind_without_known_forms_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="nicht bekannt"):
        kind_of(word)


def test_the_words_of_a_region_travel_in_attributes() -> None:
    said = regions_of("Landkreis Rostock", ["Landkreis", "Amt", "Gemeinde"])
    assert regions_in({}, {"regions": said.as_text()}) == said
    assert regions_in({}, {}) == regions_of()


@pytest.mark.parametrize(
    ("name", "whole"), [("Landkreis Rostock", "Landkreis"), ("Neustadt an der Orla", "Stadt"), ("", "Stadt")]
)
def test_the_kind_of_the_whole_is_that_with_which_its_name_begins(name: str, whole: str) -> None:
    assert regions_of(name).whole.singular == whole


@pytest.mark.parametrize("levels", [["Stadt"], ["Land", "Kreis", "Amt", "Gemeinde"]])
def test_two_or_three_levels(levels: list[str]) -> None:
    with pytest.raises(ValueError, match="zwei oder drei"):
        regions_of(levels=levels)


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("Gebiete unter 500 Personen: 2 von 5.", "Ortsteile unter 500 Personen: 2 von 5."),
        ("1 Gebiet, 3 Gebiete, in 3 Gebieten", "1 Ortsteil, 3 Ortsteile, in 3 Ortsteilen"),
        ("Hamilton–Perry, jedes Gebiet für sich", "Hamilton–Perry, jeder Ortsteil für sich"),
        ("sie werden an die Stadt angelehnt", "sie werden an die Gemeinde angelehnt"),
        ("Trend der Stadt", "Trend der Gemeinde"),
        ("„Gebiete.csv“, gelesen: 3 Gebiete", "„Gebiete.csv“, gelesen: 3 Ortsteile"),
        ("Kohorten nach Gebietstyp", "Kohorten nach Gebietstyp"),
    ],
)
def test_texts_of_the_program_in_other_words(text: str, worded: str) -> None:
    assert regions_of(levels=["Gemeinde", "Ortsteil"]).worded(text) == worded
    assert regions_of().worded(text) == text
