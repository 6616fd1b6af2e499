"""Hinweise: what every reader of a table or report has to know, in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.german import HIDDEN, NOTHING, SENSELESS, counted, listed, number
from zwkprognose.names import label
from zwkprognose.output.content.facts import Facts, Scenario
from zwkprognose.output.content.services import STEP, Need
from zwkprognose.output.content.spans import WIDE, Spans
from zwkprognose.output.tables.ratios import MEANING
from zwkprognose.rates import fertility, migration, mortality
from zwkprognose.rates.totals import CityTotals
from zwkprognose.rates.totals.growth import SMALLEST_AREA
from zwkprognose.scenarios.turnover import effect_sentence

METHOD = (
    "Kohorten-Komponenten-Modell (Geburtsjahrmethode): Jeder Jahrgang wird Jahr für Jahr um ein Jahr älter; "
    "Geburten, Sterbefälle, Zuzüge und Fortzüge werden je Gebiet, Geschlecht, Alter und Staatsangehörigkeit "
    "berechnet. Bestand am Jahresende = Bestand am Jahresanfang + Geburten − Sterbefälle + Zuzüge − Fortzüge, "
    "ohne Rest in jeder Zelle."
)
LIMITS = (
    "Eine Vorausberechnung sagt, was aus den Annahmen folgt; sie sagt nicht, was geschehen wird.",
    "Je kleiner ein Gebiet und je weiter das Jahr, desto unsicherer die Zahl. Für Gebiete unter 10.000 Personen "
    "sind Abweichungen von mehreren Prozent nach fünf Jahren üblich.",
    "Neubau, Abriss, Heime und Unterkünfte wirken nur mit, wenn das Szenario sie nennt.",
)


#: Signs of the tables besides the one for secrets (DIN 55301).
SIGNS = (
    f"„{NOTHING}“ = null, „{SENSELESS}“ = Angabe nicht sinnvoll, bei Spannen: keine möglich. "
    "+ und − stehen vor Veränderungen."
)
#: What may stand beside this, and what may not.
TOGETHER = (
    "Mehrere Fassungen aus demselben Bestand (andere Szenarien, Jahre, Altersgruppen oder Mindestzahlen) geben "
    "zusammen nicht mehr preis als die mit der kleinsten Mindestzahl. Nicht nebeneinander veröffentlichen: "
    "verschiedene Zuschnitte der Gebiete, verschiedene Zusammenfassungen zu größeren Gebieten, interne Fassungen."
)
COUNTED_AGAIN = (
    "Im Szenario „{title}“ zieht niemand zu oder fort: Spätere Altersgruppen sind die gezählten Personen, einige Jahre "
    "älter. Wo Zahlen geheim sind, daraus nur Summen über alle Alter weitergeben; eine auffällig kleine "
    "Altersgruppe ließe sich sonst eingrenzen."
)
#: What hindcasts elsewhere found, in round numbers (docs/wie-gut-ist-das.md).
YARDSTICK = (
    "Als Anhalt: In Berliner Quartieren mit 1.000 bis 10.000 Personen wichen Vorausberechnungen nach fünf Jahren im "
    "Mittel um rund 5 % ab, nach zehn Jahren um rund 8 bis 10 %."
)


@dataclass(frozen=True, slots=True)
class Notes:
    """The Hinweise in order: heading and sentences."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]


def notes_for(published: xr.Dataset, facts: Facts, spans: Spans, needs: Sequence[Need] = ()) -> Notes:
    """Hinweise of a published projection."""
    return Notes(
        (
            ("Inhalt", (_content(facts),)),
            ("Quelle", tuple(_source(source) for source in facts.sources) or (facts.source_line,)),
            *((("Eingelesen", facts.understood),) if facts.understood else ()),
            ("Methode", (facts.method or facts.regions.worded(METHOD), totals_rule(facts))),
            *((("Raten", said),) if (said := rates_sentences(facts)) else ()),
            ("Szenarien", tuple(_scenario(scenario, facts) for scenario in facts.scenarios)),
            *((("Annahmen", said),) if (said := assumed(facts)) else ()),
            ("Spannen", span_sentences(spans, facts)),
            ("Kennzahlen", (facts.regions.worded(MEANING),)),
            *((("Bedarf", need_sentences(needs, facts)),) if needs else ()),
            ("Zeichen und Rundung", signs(published, facts)),
            ("Grenzen", tuple(facts.regions.worded(sentence) for sentence in LIMITS)),
        )
    )


def assumed(facts: Facts) -> tuple[str, ...]:
    """What each scenario assumes, sentence by sentence, and what of it has no effect in these years."""
    return tuple(
        f"{scenario.title}: {sentence}"
        for scenario in facts.scenarios
        for sentence in (*scenario.assumptions, *(f"Achtung: {text}" for text in scenario.lost))
    )


def need_sentences(needs: Sequence[Need], facts: Facts) -> tuple[str, ...]:
    """What must be said beside the demand, and where the quotas come from."""
    return (*need_notes(needs, facts), *(f"{need.title}: {need.said}" for need in needs))


def need_notes(needs: Sequence[Need], facts: Facts) -> tuple[str, ...]:
    """What must be said beside the demand of every service."""
    return (
        f"Bedarf = Personen der veröffentlichten Altersgruppen mal Quote, auf {STEP} gerundet; innerhalb einer Gruppe "
        f"verteilt sich das Alter wie {facts.regions.whole.in_the} insgesamt. Die Quoten bleiben gleich, wenn nichts "
        "anderes dasteht. Bundesweite Quoten sind Vorgaben; wer örtliche kennt, nimmt diese.",
        facts.regions.worded(_need_spans(needs)),
    )


def _need_spans(needs: Sequence[Need]) -> str:
    """Where the limits beside the demand come from: only what is true of this run."""
    if any(need.calibrated for need in needs):
        return (
            "Die Spanne neben der Zahl folgt aus den Abweichungen früherer Vorausberechnungen bei den betroffenen "
            "Altersgruppen; ohne Angabe: keine belastbare Spanne."
        )
    if any((need.margin > 0).any() for need in needs):
        return (
            "Die Spanne neben der Zahl folgt allein aus dem Zufall in kleinen Gebieten; Abweichungen früherer "
            "Vorausberechnungen sind nicht bekannt."
        )
    return "Eine Spanne ist nicht angegeben: Abweichungen früherer Vorausberechnungen sind nicht bekannt."


#: Said of the assumed turnover where what it does to the projection itself was not computed.
TURNOVER_IN_BERLIN = (
    "Zum Beispiel ergibt in Berlin der halbe Umschlag nach 20 Jahren rund 3 % mehr, der doppelte rund 3 % weniger "
    "Personen"
)


def rates_sentences(facts: Facts) -> tuple[str, ...]:
    """From which years and by which methods the rates of a projection come."""
    return methods_of(facts.provenance.get("rates", {}))


def methods_of(rates: Mapping[Any, Any]) -> tuple[str, ...]:
    """What attributes of rates say of years and methods; nothing if they were not estimated here."""
    if "base_period" not in rates:
        return ()
    told = {
        "Sterblichkeit": mortality.METHODS.note(rates.get("mortality")),
        "Geburten": fertility.METHODS.note(rates.get("fertility")) + _return_of_fertility(rates),
        "Wanderung": migration.METHODS.note(rates.get("migration")),
    }
    said = {
        **rates,
        "umschlag": number(100 * float(rates.get("turnover", 0.0)), 1),
        "wirkung": effect_sentence(rates) or TURNOVER_IN_BERLIN,
    }
    methods = (f"{what}: {words.format(**said)}." for what, words in told.items() if words)
    return f"Basiszeitraum: {rates['base_period'] or 'nur der letzte Bestand'}.", *methods


def _return_of_fertility(rates: Mapping[Any, Any]) -> str:
    """What is said of a level of births that goes back to its mean."""
    if "fertility_return" not in rates:
        return ""
    times, years = number(float(rates["fertility_mean_level"]), 2), int(rates["fertility_return"])
    within = "im ersten Jahr" if years == 1 else f"gleichmäßig in {years} Jahren"
    return f"; das Niveau kehrt {within} zum Mittel aller bisherigen zurück, dem {times}-Fachen des letzten"


def totals_rule(facts: Facts) -> str:
    """Where the totals of the areas come from."""
    given = facts.provenance
    return totals_sentence(given.get("totals"), facts.kind.plural, CityTotals.of(given.get("city")))


def totals_sentence(rule: str | None, areas: str, city: CityTotals | None = None) -> str:
    """Where the totals of the areas, in the words for them, come from under a rule or without one."""
    if not rule:
        return f"Gesamtzahlen der {areas}: aus den Kohorten, ohne eigene Vorgabe."
    return (
        f"Gesamtzahlen der {areas}: Regel „{label('totals', str(rule))}“. Zu- und Fortzüge sind so "
        f"abgestimmt, dass die Zahlen ihr folgen; die Annahmen der Szenarien kommen dazu.{_official(city)}"
    )


def _official(city: CityTotals | None) -> str:
    """What an official total does to the totals; nothing without one."""
    if city is None:
        return ""
    values = listed([f"{year}: {number(persons)}" for year, persons in sorted(city.persons.items())])
    source = f" ({city.source})" if city.source else ""
    return (
        f" Zusammen ergeben sie den amtlichen Eckwert{source}: {values} Personen, dazwischen gleichmäßig. Die mittlere "
        "Variante trifft ihn in jedem Jahr; andere Szenarien weichen um ihre Annahmen davon ab."
    )


def _official_error(city: CityTotals | None) -> tuple[str, ...]:
    """What the limits say of an official total."""
    if city is None:
        return ()
    if city.error is None:
        return ("Zum amtlichen Eckwert ist kein Fehler angegeben: Die Spannen gelten nur, wenn er genau eintrifft.",)
    return (
        f"Zum amtlichen Eckwert ist ein Fehler von {number(100 * city.error, 2)} Prozent je Jahr angegeben; er ist in "
        "jeder Spanne enthalten.",
    )


def span_sentences(spans: Spans, facts: Facts) -> tuple[str, ...]:
    """What the limits mean and where they come from, or why there are none."""
    reasons = [facts.regions.worded(reason) for reason in spans.reasons]
    if spans.totals is None:
        return "Für diese Vorausberechnung lassen sich keine Spannen angeben.", *reasons, YARDSTICK
    if not spans.lead:
        return (
            f"Die Spanne {facts.regions.whole.of_the} folgt allein aus dem Fehler des amtlichen Eckwerts: In 80 von "
            "100 Fällen liegt die wirkliche Zahl darin, wenn er so groß ist wie angegeben.",
            *_official_error(CityTotals.of(facts.provenance.get("city"))),
            *reasons,
        )
    return (
        "Die Spanne ist so weit, dass die wirkliche Zahl nach den Erfahrungen hier in 80 von 100 Fällen darin liegt. "
        "Sie gilt für jede Zahl einzeln; Spannen lassen sich nicht zusammenzählen.",
        f"Grundlage sind die Abweichungen, die sich nach der Regel „{spans.method}“ von jedem früheren Bestand aus "
        f"ergeben hätten, nach Größe und Schwankung der {facts.kind.plural}. {_together(spans, facts)} Ein Szenario "
        "ist eine Wenn-dann-Aussage und kann außerhalb liegen.",
        f"Auch weite Spannen stehen da: Liegt die obere Grenze über dem {WIDE}-Fachen der unteren, nennt die Zahl nur "
        f"die Größenordnung. In {facts.kind.plural_dative} mit weniger als {number(SMALLEST_AREA)} Personen ist die "
        "Spanne aus den Abweichungen größerer erschlossen und hielt in Berlin in drei von vier Fällen. Keine "
        "Spanne hat nur, was geheim oder unbewohnt ist.",
        *_official_error(CityTotals.of(facts.provenance.get("city"))),
        *_beyond(spans, facts),
        *reasons,
    )


def _together(spans: Spans, facts: Facts) -> str:
    """Where the limits of the city and of the districts come from."""
    if facts.provenance.get("city"):
        return (
            f"Für {facts.regions.whole.the_object} insgesamt gilt allein der Fehler des amtlichen Eckwerts; wie die "
            f"{facts.kind.plural} ihn sich teilen, ist nach ihren Abweichungen bei bekannter Gesamtzahl bemessen."
        )
    districts = "" if spans.districts is None else f" und die {facts.regions.district.plural}"
    return (
        f"Für {facts.regions.whole.the_object} insgesamt{districts} gelten dieselben Abweichungen je nach Größe; die "
        f"Spanne ist höchstens so weit wie die der {facts.kind.plural} zusammen."
    )


def _beyond(spans: Spans, facts: Facts) -> tuple[str, ...]:
    seen = facts.base_year + spans.lead
    if seen >= facts.target_year:
        return ()
    return (
        f"Beobachtet sind Abweichungen bis {counted(spans.lead, 'Jahr', 'Jahre')} voraus; ab {seen + 1} sind die "
        "Spannen hochgerechnet.",
    )


def signs(published: xr.Dataset, facts: Facts) -> tuple[str, ...]:
    """What the signs mean and how small numbers are protected."""
    rule = json.loads(published.attrs["publication"])
    rounded = (
        f"Alle Zahlen sind auf ganze Personen gerundet, sodass sich {facts.kind.plural} und Altersgruppen "
        f"{facts.regions.whole.up_to_the} summieren. Gerechnet wird mit ungerundeten Werten."
    )
    if rule["internal"]:
        return rounded, SIGNS, "INTERNE FASSUNG: kleine Zahlen sind nicht geschützt. Nicht zur Weitergabe bestimmt."
    return (
        rounded,
        f"„{HIDDEN}“ = Zahl wird geheim gehalten: In dieser Gliederung stünden am 31.12.{facts.base_year} hier "
        f"oder, durch Abziehen, andernorts weniger als {rule['min_cell']} Personen. Sie sind in "
        f"allen Jahren und Szenarien gröber gegliedert, {facts.kind.plural} unter {number(rule['single_ages_from'])} "
        "Personen nie nach einzelnen Altersjahren.",
        f"Vorausberechnete Zahlen unter {rule['min_cell']} sind auf 0 oder {rule['min_cell']} gerundet; den Rest "
        "gleichen benachbarte Altersgruppen aus.",
        "Geburten, Sterbefälle und Wanderungen der Zukunft sind Erwartungswerte, keine gezählten Personen.",
        facts.regions.worded(TOGETHER),
        *_counted_again(published, facts),
        SIGNS,
    )


def _counted_again(published: xr.Dataset, facts: Facts) -> tuple[str, ...]:
    """Scenarios without moves: their later years are the counted persons themselves."""
    kinds = (f"city_{name}" for name in ("in_moves", "out_moves", "moves_in", "moves_out"))
    moves = sum(published[name].sum("year").values for name in kinds if name in published)
    still = np.broadcast_to(moves, len(facts.scenarios)) == 0
    return tuple(COUNTED_AGAIN.format(title=s.title) for s, none in zip(facts.scenarios, still, strict=True) if none)


def _content(facts: Facts) -> str:
    return (
        f"{facts.title}: Bevölkerung am 31.12. der Jahre {facts.base_year} (Ausgangsbestand) bis {facts.target_year} "
        f"(Vorausberechnung), {counted(len(facts.areas), *facts.unit)}, "
        f"{counted(len(facts.scenarios), 'Szenario', 'Szenarien')}."
    )


def _source(source: dict[str, Any]) -> str:
    parts = [source.get(key) for key in ("publisher", "title", "table_code")]
    named = ", ".join(str(part) for part in parts if part) or str(source.get("file", "ohne Angabe"))
    extra = {"Lizenz": "licence", "Gebietsstand": "gebietsstand", "Bestand": "universe", "Datei": "file"}
    return "; ".join([named, *(f"{name}: {source[key]}" for name, key in extra.items() if source.get(key))])


def _scenario(scenario: Scenario, facts: Facts) -> str:
    mark = " (in Karten und Altersaufbau dargestellt)" if scenario is facts.main and len(facts.scenarios) > 1 else ""
    return f"{scenario.title}{mark}" + (f": {scenario.text}" if scenario.text else "")
