"""The commands and their options."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from zwkprognose.cli import DONE, FAILED, WRONG_CALL
from zwkprognose.cli.answers import answer, of_check, of_compare, of_run, refusal, stopped
from zwkprognose.cli.german import GermanCommand, GermanGroup, UsageError, complaint
from zwkprognose.cli.stopping import stoppable
from zwkprognose.errors import ZwkError, system_words

PROGRAM = "zwkprognose"
ABORTED = "Abgebrochen; vorhandene Ergebnisse sind unverändert."
#: What Typer gives back after Ctrl-C.
_INTERRUPTED = 130

Out = Annotated[Path | None, typer.Option("--out", metavar="ORDNER", help="Ordner der Ergebnisse.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Vorhandene Ergebnisse ersetzen.", show_default=False)]
Until = Annotated[int, typer.Option("--bis", metavar="JAHR", help="Letztes Jahr der Vorausberechnung, sonst 2040.")]
ProjectFile = Annotated[Path, typer.Argument(metavar="PROJEKT.toml", help="Das Projektdokument.", show_default=False)]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="DATEI…", help="Tabellen (CSV, Excel) oder ein Projektdokument.", show_default=False),
]
NewFolder = Annotated[Path, typer.Argument(metavar="ORDNER", help="Ordner des neuen Projekts.", show_default=False)]
FindingsFile = Annotated[
    Path | None, typer.Option("--out", metavar="DATEI", help="Befunde als CSV schreiben.", show_default=False)
]

Launches = Annotated[
    list[int] | None,
    typer.Option("--start", metavar="JAHR", help="Startpunkt 31.12.; mehrfach möglich.", show_default=False),
]
Leads = Annotated[
    list[int] | None,
    typer.Option("--voraus", metavar="JAHRE", help="Jahre voraus; mehrfach möglich.", show_default=False),
]
LastYear = Annotated[
    Path, typer.Argument(metavar="VORJAHR", help="Ergebnisordner des Vorjahrs.", show_default=False)
]
NewSources = Annotated[
    list[Path],
    typer.Argument(metavar="BESTAND…", help="Neue Bestände als Dateien, oder das Projektdokument dieses Jahres.",
                   show_default=False),
]  # fmt: skip
Events = Annotated[
    list[Path] | None,
    typer.Option("--ereignisse", metavar="DATEI", help="Bewegungen seither; mehrfach möglich.", show_default=False),
]
ScenarioName = Annotated[
    str | None,
    typer.Option("--szenario", metavar="NAME", help="Szenario des Vorjahrs, sonst das mittlere.", show_default=False),
]
ComparedYear = Annotated[
    int | None,
    typer.Option("--jahr", metavar="JAHR", help="Verglichener 31.12., sonst der erste neue.", show_default=False),
]
ProjectionFile = Annotated[
    Path, typer.Argument(metavar="PROGNOSE.nc", help="Gespeicherte Vorausberechnung.", show_default=False)
]
ReportFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="DATEI", help="Der Bericht, sonst bericht.html daneben.", show_default=False),
]
LabFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="DATEI", help="Die Seite, sonst labor.html daneben.", show_default=False),
]
ProfileKinds = Annotated[
    list[str] | None,
    typer.Option("--art", metavar="ART", help="kommunal, versorgung, ankommen; mehrfach möglich.", show_default=False),
]
ProfileAreas = Annotated[
    list[str] | None,
    typer.Option("--gebiet", metavar="SCHLÜSSEL", help="Einzelne Seiten nur für dieses Gebiet; mehrfach möglich.",
                 show_default=False),
]  # fmt: skip
HtmlOnly = Annotated[bool, typer.Option("--nur-html", help="Keine PDF-Dateien schreiben.", show_default=False)]
Geometry = Annotated[
    Path | None, typer.Option("--karte", metavar="DATEI", help="Umrisse der Gebiete (GeoJSON).", show_default=False)
]
Alone = Annotated[
    bool, typer.Option("--ohne-projekt", help="Das projekt.toml daneben nicht beachten.", show_default=False)
]
Internal = Annotated[bool, typer.Option("--intern", help="Ohne Schutz kleiner Zahlen; nur intern.", show_default=False)]
Draws = Annotated[
    int | None,
    typer.Option("--ziehungen", metavar="ZAHL", help="Zufallsverläufe, sonst die des Projekts.", show_default=False),
]
OneScenario = Annotated[
    str | None,
    typer.Option("--szenario", metavar="NAME", help="Szenario des Projekts, sonst das mittlere.", show_default=False),
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADRESSE", help="Dask-Scheduler, etwa tcp://rechner:8786.", show_default=False),
]
PartAreas = Annotated[int, typer.Option("--teil", metavar="GEBIETE", help="Gebiete je Teil höchstens, sonst 200.")]
AsJson = Annotated[bool, typer.Option("--json", help="Die Antwort als JSON, für Programme.", show_default=False)]
REVIEW_FILES = {
    "rueckblick.html": "Seite zum Lesen, im Browser öffnen",
    "rueckblick.md": "dieselbe Seite als Text",
    "rueckblick.csv": "alle Maße für Excel",
}

app = typer.Typer(
    cls=GermanGroup,
    help="Kleinräumige Bevölkerungsprognose: Tabellen hinein, Bericht und Arbeitsmappe heraus.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Exit-Code: 0 fertig, 1 Fehler in den Eingaben oder beim Rechnen oder Abbruch, 2 falscher Aufruf.",
)


def execute(arguments: list[str]) -> int:
    """Carry out one call and return its exit code."""
    try:
        with stoppable():
            code = app(arguments, standalone_mode=False, prog_name=PROGRAM)
    except UsageError as error:
        if "--json" in arguments:
            print(stopped(arguments[0], "aufruf", complaint(error)))
        return _wrong_call(error)
    except ZwkError as error:
        if "--json" in arguments:
            print(refusal(arguments[0], error))
        return _fail(f"Fehler: {error}")
    except OSError as error:
        return _fail(f"Fehler: Das System meldet „{system_words(error)}“ ({error.filename or 'ohne Datei'}).")
    except (KeyboardInterrupt, typer.Abort):
        return _fail(ABORTED)
    except Exception as error:
        return _own_fault(error)
    if code == _INTERRUPTED:
        return _fail(ABORTED)
    return code if isinstance(code, int) else DONE


def _own_fault(error: Exception) -> int:
    """A mistake of the program itself; whoever wants to mend it sets ``ZWK_TRACEBACK``."""
    if os.environ.get("ZWK_TRACEBACK"):
        raise error
    return _fail(
        f"Fehler im Programm, nicht in den Daten: {type(error).__name__}: {error}\n"
        "Was tun: Den Fehler melden; ZWK_TRACEBACK=1 zeigt, wo er entstanden ist."
    )


def _wrong_call(error: Any) -> int:
    """Say in German what is wrong with the call; without a command the help is the answer."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help(), file=sys.stderr)
    else:
        path = error.ctx.command_path if error.ctx is not None else PROGRAM
        print(f"{complaint(error)}\nHilfe: {path} --help", file=sys.stderr)
    return WRONG_CALL


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return FAILED


def _say_version(wanted: bool) -> None:
    if wanted:
        from zwkprognose import __version__

        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Die Version zeigen.", show_default=False),
    ] = False,
) -> None:
    """Kleinräumige Bevölkerungsprognose: Tabellen hinein, Bericht und Arbeitsmappe heraus."""


@app.command(cls=GermanCommand)
def demo(out: Out = None, until: Until = 2040, force: Force = False) -> int:
    """Das mitgelieferte Beispiel rechnen: Berlin nach Ortsteilen.

    Schreibt den Ordner ergebnisse-berlin mit Bericht, Arbeitsmappe und allen Zahlen. Szenarien: untere, mittlere
    und obere Variante sowie natürliche Entwicklung.
    """
    from zwkprognose.projects.demo import demo_project

    return _run(demo_project(until), out or Path("ergebnisse-berlin"), force)


@app.command(cls=GermanCommand)
def run(project_file: ProjectFile, out: Out = None, force: Force = False, as_json: AsJson = False) -> int:
    """Ein Projekt rechnen und seine Ergebnisse in einen Ordner schreiben.

    Ein Projektdokument zum Anfangen schreibt der Befehl new.
    """
    from zwkprognose.projects import load_project

    _require_file(project_file)
    return _run(load_project(project_file), out, force, as_json)


@app.command(cls=GermanCommand)
def check(files: Files, out: FindingsFile = None, as_json: AsJson = False) -> int:
    """Tabellen oder ein ganzes Projekt prüfen, ohne etwas zu schreiben.

    Ein Projekt wird mit Szenarien, Karte, Bezirken und Meilensteinen durchprobiert. Endet mit 1, wenn ein Befund ein
    Fehler ist.
    """
    from zwkprognose.cli.checking import check_files, read_by
    from zwkprognose.output.files.sources import keep_sources

    for file in files:
        _require_file(file)
    if out is not None:
        keep_sources(read_by(files), [out])
    checked = check_files(files)
    findings = checked.findings
    if as_json:
        print(of_check(checked))
    else:
        said = checked.regions.worded(findings.summary())
        print(*checked.understood, *checked.methods, "", said, sep="\n")
    if out is not None:
        from zwkprognose.output.files.long_table import write_findings

        write_findings(findings, out)
        if not as_json:
            print(f"Befunde: {out}")
    return FAILED if len(findings.errors) else DONE


@app.command(cls=GermanCommand)
def hindcast(
    project_file: ProjectFile,
    out: Out = None,
    launches: Launches = None,
    leads: Leads = None,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Mit den Tabellen eines Projekts zurückblicken: Wie gut wäre die Prognose hier gewesen?

    Schreibt den Ordner rueckblick mit einer Seite zum Lesen und einer Tabelle. Startpunkte und Abstände wählt das
    Programm nach den vorhandenen Beständen, wenn nichts angegeben ist.
    """
    from zwkprognose.projects import review_project

    _require_file(project_file)
    folder = review_project(project_file, launches=launches or (), leads=leads or (), out=out, force=force)
    if as_json:
        print(answer("hindcast", ordner=str(folder), dateien=list(REVIEW_FILES)))
        return DONE
    print(f"Rückblick in {folder}:", *(f"  {name:<16} {what}" for name, what in REVIEW_FILES.items()), sep="\n")
    return DONE


@app.command("zwischenbilanz", cls=GermanCommand)
@app.command(cls=GermanCommand)
def compare(
    last_year: LastYear,
    sources: NewSources,
    events: Events = None,
    scenario: ScenarioName = None,
    year: ComparedYear = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Die Vorausberechnung des Vorjahrs mit dem vergleichen, was seither gezählt wurde (Zwischenbilanz).

    Vom Vorjahr genügt der Ergebnisordner. Schreibt den Ordner zwischenbilanz: erwartet und gezählt nach Bestandteil und
    Gebiet, was daraus für die Ziele folgt und warum die nächste Ausgabe anders ausfällt. Die Zahlen sind nur intern
    bestimmt.
    """
    from zwkprognose.projects.interim import write_comparison

    if not last_year.is_dir():
        raise UsageError(f"Den Ordner {last_year} gibt es nicht.")
    for path in (*sources, *(events or ())):
        _require_file(path)
    seen, folder = write_comparison(
        last_year, sources, events=events or (), scenario=scenario, year=year, out=out, force=force
    )
    print(of_compare(seen, folder) if as_json else f"{seen.text}\n\nZwischenbilanz in {folder}, nur intern.")
    return DONE


@app.command(cls=GermanCommand)
def report(
    projection_file: ProjectionFile,
    out: ReportFile = None,
    geometry: Geometry = None,
    alone: Alone = False,
    internal: Internal = False,
    force: Force = False,
) -> int:
    """Den Bericht einer gespeicherten Rechnung neu schreiben, ohne zu rechnen.

    Liegt das projekt.toml des Laufs daneben, kommen frühere Jahre, Spannen, Bedarf, Befunde und Karte aus seinen
    Tabellen.
    """
    from zwkprognose.projects import rewrite_report

    _require_file(projection_file)
    written = rewrite_report(
        projection_file, out=out, geometry_file=geometry, alone=alone, internal=internal, force=force
    )
    print(f"Bericht: {written}")
    return DONE


@app.command(cls=GermanCommand)
def lab(project_file: ProjectFile, out: LabFile = None, internal: Internal = False, force: Force = False) -> int:
    """Das Demografielabor eines Projekts schreiben: eine Seite, auf der man Annahmen ändert und sieht, was folgt.

    Die Seite rechnet selbst, ohne Netz und ohne Server. Sie enthält nur, was aus den veröffentlichten Zahlen folgt; mit
    --intern rechnet sie mit den genauen Zahlen dasselbe wie run.
    """
    from zwkprognose.projects.laboratory import write_lab

    _require_file(project_file)
    written = write_lab(project_file, out=out, internal=internal, force=force)
    print(f"Demografielabor: {written}")
    return DONE


@app.command(cls=GermanCommand)
def profile(
    project_file: ProjectFile,
    out: Out = None,
    kinds: ProfileKinds = None,
    areas: ProfileAreas = None,
    html_only: HtmlOnly = False,
    internal: Internal = False,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Profile aller Gebiete und des Ganzen schreiben, je eine Seite A4 zum Aushängen.

    Kommunalprofil mit Stärken und Schwächen, Gesundheits- und Versorgungsprofil, Ankommen und Bleiben: je Art ein PDF
    und eine HTML-Seite mit allen, dazu eine Datei je Gebiet. Schreibt den Ordner profile neben das Dokument.
    """
    from zwkprognose.projects.profiles import write_project_profiles

    _require_file(project_file)
    folder = write_project_profiles(
        project_file, out=out, kinds=kinds or (), areas=areas or (), pdf=not html_only, internal=internal, force=force
    )
    files = sorted(path.name for path in folder.iterdir())
    if as_json:
        print(answer("profile", ordner=str(folder), dateien=files))
        return DONE
    whole = [name for name in files if name.split(".")[0].endswith("profile")]
    rest = f"  und {len(files) - len(whole) - 1} einzelne Seiten; weitergabe.txt sagt, was weitergegeben werden darf."
    print(f"Profile in {folder}:", *(f"  {name}" for name in whole), rest, sep="\n")
    return DONE


@app.command(cls=GermanCommand)
def cluster(
    project_file: ProjectFile,
    draws: Draws = None,
    scenario: OneScenario = None,
    scheduler: Scheduler = None,
    areas: PartAreas = 200,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Ein Szenario eines Projekts in Teilen rechnen: viele Ziehungen oder sehr viele Gebiete.

    Ohne --scheduler rechnet dieser Rechner, sonst ein Dask-Cluster. Jeder Teil wird gespeichert, wenn er fertig ist;
    nach einem Abbruch macht derselbe Befehl weiter. Die Zahlen sind ungerundet und nur intern bestimmt.
    """
    from zwkprognose.cli.progress import progress_bar
    from zwkprognose.cli.summary import parts_summary
    from zwkprognose.projects.parts import run_project_parts

    _require_file(project_file)
    try:
        with progress_bar("Teil", ready=True) as progress:
            stored = run_project_parts(
                project_file, draws=draws, scenario=scenario, areas=areas, scheduler=scheduler, out=out, force=force,
                progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        return _fail("Abgebrochen; fertige Teile bleiben, derselbe Befehl macht weiter.")
    print(answer("cluster", ordner=str(stored.folder)) if as_json else parts_summary(stored))
    return DONE


@app.command(cls=GermanCommand)
def new(folder: NewFolder, force: Force = False) -> int:
    """Einen Projektordner mit Erläuterungen und Beispieltabellen anlegen."""
    from zwkprognose.projects import new_project

    written = new_project(folder, force=force)
    print("Angelegt:", *(f"  {path}" for path in written), sep="\n")
    print(f"Rechnen mit: {PROGRAM} run {written[0]}")
    return DONE


def _run(project: Any, out: Path | None, force: bool, as_json: bool = False) -> int:
    from zwkprognose.cli.progress import progress_bar
    from zwkprognose.cli.summary import run_summary
    from zwkprognose.projects import run_project

    with progress_bar() as progress:
        outcome = run_project(project, out=out, force=force, progress=progress)
    print(of_run(outcome) if as_json else run_summary(outcome))
    return DONE


def _require_file(path: Path) -> None:
    if not path.exists():
        raise UsageError(f"Die Datei {path} gibt es nicht.")
