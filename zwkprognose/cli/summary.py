"""What a run says when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zwkprognose.projects import Outcome
    from zwkprognose.projects.parts import Stored
    from zwkprognose.tables import Findings

_FILES = {
    "bericht.html": "Bericht mit Abbildungen, im Browser öffnen",
    "labor.html": "Demografielabor: Annahmen ändern und sehen, was folgt, im Browser öffnen",
    "prognose.xlsx": "Arbeitsmappe",
    "bevoelkerung.csv": "lange Tabelle für Excel",
    "bevoelkerung-bezirke.csv": "dieselbe Tabelle für die {districts}",
    "meilensteine.csv": "was die Vorausberechnung zu den Meilensteinen sagt",
    "haushalte.csv": "Haushalte nach Größe, Alleinlebende, Wohnungen",
    "prognose.nc": "alle Zahlen, ungerundet, nur intern (netCDF)",
    "eingaben.nc": "Bestand und Bewegungen, ungerundet, nur intern (netCDF)",
    "raten.nc": "geschätzte Raten, nur intern (netCDF); mit eingaben.nc für die Zwischenbilanz im nächsten Jahr",
    "haushalte.nc": "Haushalte, ungerundet, nur intern (netCDF)",
    "meilensteine-des-laufs.toml": "die Ziele, wie sie galten",
    "weitergabe.txt": "welche Dateien weitergegeben werden dürfen",
    "befunde.csv": "was die Prüfung der Tabellen ergab",
    "projekt.toml": "was gerechnet wurde, zum Wiederholen",
}


def run_summary(outcome: Outcome) -> str:
    """Totals by scenario, findings, and where to look."""
    from zwkprognose.german import SENSELESS, counted, number, percent
    from zwkprognose.output.content.facts import facts_of, with_scenario

    facts = facts_of(outcome.projection, outcome.inputs)
    whole = with_scenario(outcome.projection)["population"].sum(["area", "nationality", "sex", "age"])
    start = round(float(whole.isel(scenario=0, year_end=0)))
    width = max(len(scenario.title) for scenario in facts.scenarios)
    lines = [f"{facts.title}: {counted(start, 'Person', 'Personen')} am 31.12.{facts.base_year}", ""]
    lines.append(f"Am 31.12.{facts.target_year}:")
    for index, scenario in enumerate(facts.scenarios):
        end = round(float(whole.isel(scenario=index, year_end=-1)))
        change = percent(100 * (end - start) / start) if start else SENSELESS
        lines.append(f"  {scenario.title:<{width}}  {number(end):>10}  ({change})")
    if outcome.milestones:
        lines += ["", "Meilensteine:", *(f"  {sentence}" for sentence in outcome.milestones)]
    lines += ["", _findings_line(outcome.findings), *_own_words(outcome.findings), f"Quelle: {facts.source_line}"]
    many = facts.regions.district.plural
    written = {name: what.format(districts=many) for name, what in _FILES.items() if (outcome.folder / name).exists()}
    lines += ["", f"Ergebnisse in {outcome.folder}:", *(f"  {name:<24} {what}" for name, what in written.items())]
    return "\n".join(lines)


def _own_words(findings: Findings) -> list[str]:
    """Warnings about the project document; nobody would look for them among those about the tables."""
    rows = findings.frame.loc[findings.frame["rule"].isin(("P01", "P02", "P03", "S02")), ["message", "remedy"]]
    pairs = ((str(row.message).rstrip("."), str(row.remedy).rstrip(".")) for row in rows.itertuples())
    return [f"Achtung: {message}. Was tun: {remedy}." for message, remedy in pairs]


def _findings_line(findings: Findings) -> str:
    from zwkprognose.german import counted

    if len(findings) == 0:
        return "Prüfung der Tabellen: keine Befunde."
    found = counted(len(findings), "Befund", "Befunde")
    warnings = counted(len(findings.warnings), "Warnung", "Warnungen")
    return f"Prüfung der Tabellen: {found}, davon {warnings} (befunde.csv)."


def parts_summary(stored: Stored) -> str:
    """Persons at the end, of draws with the range of eight in ten, and where to look."""
    from zwkprognose.german import counted, number

    found, project = stored.results, stored.project
    title, year = project.title or project.name, int(found["year_end"][-1])
    scenario = "" if stored.scenario is None else f", {stored.scenario.title or stored.scenario.name}"
    lines = [f"{title}{scenario}: {counted(found.sizes['area'], 'Gebiet', 'Gebiete')}", ""]
    if "population" in found:
        persons = found["population"].isel(year_end=-1).values.sum()
        lines.append(f"Am 31.12.{year}: {counted(round(float(persons)), 'Person', 'Personen')}")
    else:
        last = found.isel(year_end=-1, age_band=0)
        low, high = (round(float(last["city_quantiles"].sel(quantile=q))) for q in (0.1, 0.9))
        lines.append(
            f"Am 31.12.{year}: {counted(round(float(last['city_mean'])), 'Person', 'Personen')}; in 80 von 100 "
            f"Ziehungen zwischen {number(low)} und {number(high)}"
        )
    lines += ["", f"Ergebnisse in {stored.folder}, ungerundet, nur intern; in Python öffnet sie open_parts."]
    return "\n".join(lines)
