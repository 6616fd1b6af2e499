"""Tables of Eurostat, the Swiss and Austrian offices and the Human Mortality Database, small and in their own shapes.

Shapes after the PX file format of Statistics Sweden (2013) and Swiss STAT-TAB files, Eurostat's bulk download and
SDMX-CSV 1.0 and 2.0, ``OGD_bevstandjbab2002`` of Statistik Austria, files of MA 23 (Wien), ``BEV390OD3903`` of
Statistik Stadt Zürich, STATPOP hectares of the BFS and life tables of the Human Mortality Database. All figures are
invented.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, check, read_table, resolve_status

FIXTURES = Path(__file__).parent / "fixtures"
AUSTRIA = "OGD_bevstandjbab2002_BevStand_2024"
WHOLE = {"sex": "total", "age_from": 0}


def _text(name: str, encoding: str = "utf-8-sig") -> str:
    return (FIXTURES / name).read_bytes().decode(encoding)


def _changed(folder: Path, name: str, old: str, new: str, encoding: str = "utf-8-sig") -> Path:
    """The fixture with another text at one or more places."""
    text = _text(name, encoding)
    assert old in text
    return write(folder, text.replace(old, new), name, encoding)


def _states(table: Table, **wanted: object) -> list[str]:
    cells = table.cells
    for column, value in wanted.items():
        cells = cells[cells[column] == value]
    return sorted(set(cells["status"]))


# --- PX ---------------------------------------------------------------------------------------------------------------

PX = "musterkanton.px"


def test_px_cube_is_read_in_the_order_of_its_variables() -> None:
    table = read_table(FIXTURES / PX)
    assert (table.source.kind, table.source.table_code) == ("px", "px-x-0102010000_999")
    commune = {"area": "0901", "variable": "population"}
    young = table.cells[(table.cells["age_from"] == 0) & (table.cells["age_to"] == 65)]
    old = table.cells[table.cells["age_from"] == 65]
    for cells, men, women in ((young, 103, 105), (old, 21, 27)):
        part = table.with_cells(cells)
        assert total(part, **commune, year=2023, sex="male") == men
        assert total(part, **commune, year=2023, sex="female") == women
    assert table.cells.loc[table.cells["area"] == "0902", "area_name"].unique().tolist() == ["Üetlingen"]
    assert total(table, area="99", variable="population", year=2022, **WHOLE) == 338 + 283  # the total, and 0 to 64


def test_px_totals_add_up_and_residents_are_not_mixed_with_others() -> None:
    table = read_table(FIXTURES / PX)
    assert set(check(table).errors.frame["rule"]) == {"T26"}  # canton and Bezirk are sums of their Gemeinden
    population = build_inputs(table, areas=["0901", "0902"])["population"]
    assert float(population.sel(year_end=2022).sum()) == 100 + 20 + 104 + 26 + 41 + 38 + 9
    assert any("Nichtständige Wohnbevölkerung" in note for note in table.source.notes)


def test_px_signs_mean_what_the_file_says() -> None:
    table = read_table(FIXTURES / PX)
    odd = {"area": "0902", "variable": "population/Nichtständige Wohnbevölkerung", "year": 2023}
    assert _states(table, **odd) == ["hidden", "late", "not_applicable"]
    assert _states(table, **{**odd, "year": 2022}) == ["zero"]
    assert _states(table, **odd, sex="female") == ["hidden"]  # ".." by its footnote: Datenschutz
    notes = " ".join(table.source.notes)
    assert "„..“ nach der Datei: Angabe entfällt aus Gründen des Datenschutzes" in notes


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ('DATASYMBOL2="nicht anwendbar";', "not_applicable"), ('DATASYMBOL2="Zahl noch nicht verfügbar";', "late"),
        ('DATASYMBOL2="vertraulich";', "hidden"), ('DATASYMBOL2="nicht zuverlässig";', "unreliable"),
    ],
)  # fmt: skip
def test_px_keyword_of_a_sign_goes_before_any_convention(tmp_path: Path, said: str, status: str) -> None:
    path = _changed(tmp_path, PX, 'DATASYMBOL6="X";', f'DATASYMBOL6="X";\r\n{said}', "iso-8859-15")
    odd = {"area": "0902", "variable": "population/Nichtständige Wohnbevölkerung", "year": 2023}
    assert _states(read_table(path), **odd, sex="female") == [status]


def test_px_sign_without_a_word_is_an_unknown_number_and_said(tmp_path: Path) -> None:
    path = _changed(tmp_path, PX, "; .. = Angabe", "; Angabe", "iso-8859-15")
    table = read_table(path)
    assert any("erklärt das Zeichen „..“ nicht" in note for note in table.source.notes)
    odd = {"area": "0902", "variable": "population/Nichtständige Wohnbevölkerung", "year": 2023}
    assert _states(table, **odd, sex="female") == ["hidden"]


def _small_px(*extra: str, title: str = "Bevölkerung am 31. Dezember", data: str = "1 2 3 4") -> str:
    lines = [
        'CHARSET="ANSI";', 'AXIS-VERSION="2000";', f'TITLE="{title}";', f'CONTENTS="{title}";', 'UNITS="Personen";',
        'STUB="Jahr","Gemeinde";', 'HEADING="Geschlecht";', 'VALUES("Jahr")="2023";',
        'VALUES("Gemeinde")="Altdorf","Neudorf";', 'CODES("Gemeinde")="001","002";',
        'VALUES("Geschlecht")="männlich","weiblich";', *extra, f"DATA={data};",
    ]  # fmt: skip
    return "\r\n".join(lines)


def test_px_figures_may_stand_in_lines_of_any_length(tmp_path: Path) -> None:
    broken = write(tmp_path, _small_px(data="1\r\n2 3,\r\n4\r\n"), "a.px", "cp1252")
    table = read_table(broken)
    assert table.cells[["area", "sex", "value", "line"]].to_numpy().tolist() == [
        ["001", "male", 1, 12], ["001", "female", 2, 13], ["002", "male", 3, 13], ["002", "female", 4, 14],
    ]  # fmt: skip


def test_px_file_in_a_single_line(tmp_path: Path) -> None:
    text = _small_px().replace("\r\n", " ")
    assert read_table(write(tmp_path, text, "a.px", "cp1252")).cells["value"].tolist() == [1, 2, 3, 4]


def test_px_rows_left_out_with_keys_are_exactly_zero(tmp_path: Path) -> None:
    keys = ('KEYS("Jahr")=VALUES;', 'KEYS("Gemeinde")=CODES;')
    table = read_table(write(tmp_path, _small_px(*keys, data='"2023","002",3 4'), "a.px", "cp1252"))
    assert total(table, area="002") == 7
    assert table.cells.loc[table.cells["area"] == "001", "status"].tolist() == ["zero", "zero"]
    with pytest.raises(TableError, match="„009“ ist keine Ausprägung"):
        read_table(write(tmp_path, _small_px(*keys, data='"2023","009",3 4'), "a.px", "cp1252"))


@pytest.mark.parametrize(("page", "encoding"), [("utf-8", "utf-8"), ("iso-8859-1", "latin-1"), ("cp850", "cp850")])
def test_px_names_its_own_code_page(tmp_path: Path, page: str, encoding: str) -> None:
    text = _small_px(f'CODEPAGE="{page}";').replace("Altdorf", "Ödikon")
    assert read_table(write(tmp_path, text, "a.px", encoding)).cells["area_name"].iloc[0] == "Ödikon"


def test_px_stock_of_the_first_of_january_is_that_of_the_year_before(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, _small_px(title="Bevölkerung zu Jahresbeginn"), "a.px", "cp1252"))
    assert table.cells["year"].unique().tolist() == [2022]
    assert any("1. Januar" in note for note in table.source.notes)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("DATA=1 2 3 4", "DATA=1 2 3", "3 Zahlen, die Merkmale verlangen 4"),
        ("DATA=1 2 3 4", "DATA=1 2 3 vier", "„vier“ ist weder eine Zahl"),
        ("DATA=1 2 3 4;", "DATA=1 2 3", "unvollständig"),
        ("DATA=1 2 3 4;", "", "DATA fehlt"),
        ('UNITS="Personen"', 'UNITS="Prozent"', "„Prozent“ zählt keine Personen"),
        ('TITLE="Bevölkerung am', 'TITLE="Szenarien der Bevölkerung am', "Vorausberechnung"),
        ("Bevölkerung am 31. Dezember", "Mittlere Bevölkerung", "sagt nicht"),
        ("Bevölkerung am 31. Dezember", "Motorfahrzeuge am 31. Dezember", "sagt nicht"),
        ('VALUES("Jahr")="2023"', 'VALUES("Jahr")="2023Q2"', "„2023Q2“"),
        ('VALUES("Gemeinde")="Altdorf","Neudorf";', "", "1 Zahlen|fehlen die Ausprägungen|verlangen"),
        ('STUB="Jahr"', "STUB Jahr", "Schlüsselwort der Form"),
        ('CHARSET="ANSI"', 'CHARSET="ANSI";CODEPAGE="klingonisch"', "klingonisch"),
    ],
)
def test_px_files_that_are_none(tmp_path: Path, old: str, new: str, match: str) -> None:
    text = _small_px()
    assert old in text
    text = text.replace(old, new)
    if old.startswith('VALUES("Gemeinde")'):
        text = text.replace('CODES("Gemeinde")="001","002";', "")
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, text, "a.px", "cp1252"))


# --- Eurostat and SDMX ------------------------------------------------------------------------------------------------


def test_eurostat_stock_belongs_to_the_end_of_the_year_before() -> None:
    table = read_table(FIXTURES / "demo_pjan_muster.tsv")
    assert table.source.kind == "eurostat-tsv"
    region = {"area": "DE9", "sex": "male"}
    assert total(table, **region, year=2022, age_from=1) == 12  # printed below 2023
    assert sorted(table.cells.loc[table.cells["area"] == "DE9", "year"].unique()) == [2022, 2023]  # ":" in all of 2022
    assert table.cells.loc[table.cells["year"] == 2023, "flag"].value_counts()["p"] == 15


def test_eurostat_open_group_begins_where_single_ages_end() -> None:
    """Y_OPEN has no age of its own: it begins after the last single age that an area publishes."""
    table = read_table(FIXTURES / "demo_pjan_muster.tsv")
    open_ = table.cells[table.cells["age_to"].isna() & (table.cells["age_from"] > 0)]
    assert open_.groupby("area")["age_from"].unique().map(list).to_dict() == {"DE9": [3], "XB": [2]}
    errors = check(table).errors.frame
    assert errors.empty, errors["message"].tolist()
    hidden = table.cells[table.cells["status"] == "hidden"]
    assert hidden[["area", "year", "age_from", "flag"]].to_numpy().tolist() == [["XB", 2023, 1, "c"]]


@pytest.mark.parametrize(
    ("name", "old", "new", "match"),
    [
        ("proj_23np.tsv", "", "", "Vorausberechnung"),
        ("tabelle.tsv", "", "", "welcher Datensatz"),
        ("demo_pjan.tsv", "A,NR,TOTAL,M,DE9", "Q,NR,TOTAL,M,DE9", "„Q“ ist nicht jährlich"),
        ("demo_pjan.tsv", "A,NR,TOTAL,M,DE9", "A,PC,TOTAL,M,DE9", "„PC“"),
        ("demo_pjan.tsv", "A,NR,TOTAL,M,DE9", "A,NR,ALLE,M,DE9", "„ALLE“ in Spalte „age“"),
        ("demo_pjan.tsv", "A,NR,TOTAL,M,DE9", "A,NR,TOTAL,X,DE9", "„X“ in Spalte „sex“"),
        ("demo_pjan.tsv", "A,NR,TOTAL,M,DE9", "A,NR,TOTAL,M", "4 statt 5 Schlüssel"),
        ("demo_pjan.tsv", "336 ", "33x6 ", "„33x6“ ist weder eine Zahl"),
        ("demo_pjan.tsv", "2023 ", "2023-Q1 ", "„2023-Q1“"),
    ],
)
def test_eurostat_files_that_are_refused(tmp_path: Path, name: str, old: str, new: str, match: str) -> None:
    text = _text("demo_pjan_muster.tsv")
    assert old in text
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, text.replace(old, new) if old else text, name))


SDMX = (
    "DATAFLOW,LAST UPDATE,freq,unit,age,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS",
    "ESTAT:DEMO_PJAN(1.0),22/05/26 11:00:00,A,NR,Y_LT1,F,DE9,2024,17,,",
    "ESTAT:DEMO_PJAN(1.0),22/05/26 11:00:00,A,NR,Y1,F,DE9,2024,18,bep,",
    "ESTAT:DEMO_PJAN(1.0),22/05/26 11:00:00,A,NR,Y_GE2,F,DE9,2024,,c,",
    "ESTAT:DEMO_PJAN(1.0),22/05/26 11:00:00,A,NR,TOTAL,F,DE9,2024,435,,",
)


def test_sdmx_csv_of_eurostat(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "\n".join(SDMX), "estat_demo_pjan.csv"))
    assert (table.source.kind, table.source.title) == ("sdmx-csv", "ESTAT:DEMO_PJAN(1.0)")
    cells = table.cells.astype({"age_from": object, "age_to": object})
    assert cells["year"].unique().tolist() == [2023]
    assert cells[["age_from", "value", "status", "flag"]].fillna(-1).to_numpy().tolist() == [
        [0, 17, "number", ""], [1, 18, "number", "bep"], [2, -1, "hidden", "c"], [0, 435, "number", ""],
    ]  # fmt: skip


def test_sdmx_csv_2_with_labels_and_a_power_of_ten(tmp_path: Path) -> None:
    header = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,Frequency,REF_AREA,Territory,DATA_TYPE,SEX,Sex,AGE,Age,TIME_PERIOD,"
    flow = "dataflow,IT1:22_289_DF_DCIS_POPRES1_1(1.0),I,A,annual,ITD10,Bolzano,JAN"
    text = header + "OBS_VALUE,UNIT_MULT\n" + "\n".join(
        f"{flow},{sex},{label},Y7,7 years,2024,{value},3"
        for sex, label, value in (("1", "males", "2.5"), ("2", "females", "2.25"), ("9", "total", "4.75"))
    )  # fmt: skip
    cells = read_table(write(tmp_path, text, "popres.csv")).cells
    assert cells[["area", "year", "sex", "age_from", "value"]].to_numpy().tolist() == [
        ["ITD10", 2023, "male", 7, 2500], ["ITD10", 2023, "female", 7, 2250], ["ITD10", 2023, "total", 7, 4750],
    ]  # fmt: skip


def test_stocks_of_the_oecd_have_no_known_day(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,MEASURE,SEX,AGE,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "DATAFLOW,OECD.ELS.SAE:DSD_POPULATION@DF_POP_HIST(1.0),I,DEU,POP,_T,_T,2023,83000000,A\n"
    )
    with pytest.raises(TableError, match=r"Jahresmitte oder den 1\. Januar"):
        read_table(write(tmp_path, text, "oecd.csv"))


# --- Austria ----------------------------------------------------------------------------------------------------------


def test_austrian_codes_are_ages_sexes_and_the_end_of_the_year_before() -> None:
    table = read_table(FIXTURES / f"{AUSTRIA}.csv")
    assert table.source.kind == "statistik-austria"
    assert table.cells["year"].unique().tolist() == [2023]
    man = {"area": "90201", "sex": "male"}
    assert total(table, **man, age_from=0) == 2 * (90201 % 7 + 1)
    assert total(table, **man, age_from=99) == 2 * (90201 % 7 + 1) + 99 % 5
    oldest = table.cells[table.cells["age_to"].isna()]
    assert oldest["age_from"].unique().tolist() == [100]
    assert build_inputs(table)["population"].sizes["age"] == 101


def test_austrian_names_come_from_the_files_of_codes(tmp_path: Path) -> None:
    files = [FIXTURES / f"{AUSTRIA}{part}.csv" for part in ("", "_C-GRGEMAKT-0", "_HEADER")]
    table = read_table(files)
    names = table.cells.drop_duplicates("area").set_index("area")["area_name"].to_dict()
    assert names == {"90101": "Wien  1.,Innere Stadt", "90201": "Wien  2.,Leopoldstadt", "10101": "Eisenburg"}
    assert len(table.ledger.accounts) == 3
    assert total(table) == total(read_table(files[0]))
    with pytest.raises(TableError, match="nur die Bezeichnungen von Schlüsseln"):
        read_table(files[1])


@pytest.mark.parametrize(
    ("name", "old", "new", "match"),
    [
        ("OGD_anders_1.csv", "", "", "welche Personen die Spalte „F-ISIS-1“"),
        (f"{AUSTRIA}.csv", "C11-2;GRGEMAKT-90101;GALTEJ112-7;", "C11-3;GRGEMAKT-90101;GALTEJ112-7;", "„C11-3“"),
        (f"{AUSTRIA}.csv", "GALT5J100-21", "GALT5J100-22", "„GALT5J100-22“"),
        (f"{AUSTRIA}.csv", "A10-2024;C11-1;GRGEMAKT-90101;GALTEJ112-1;", "A10-1/24;C11-1;GRGEMAKT-90101;GALTEJ112-1;",
         "Merkmal „C-A10-0“"),
    ],
)  # fmt: skip
def test_austrian_files_that_are_refused(tmp_path: Path, name: str, old: str, new: str, match: str) -> None:
    text = _text(f"{AUSTRIA}.csv")
    assert old in text
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, text.replace(old, new) if old else text, name))


def test_austrian_code_file_that_contradicts_the_codes(tmp_path: Path) -> None:
    table = write(tmp_path, _text(f"{AUSTRIA}.csv"), f"{AUSTRIA}.csv")
    codes = "code;name\n" + "\n".join(f"GALTEJ112-{n};{n} Jahre" for n in range(1, 101))  # one year off
    with pytest.raises(TableError, match="heißt in der Schlüsseldatei „1 Jahre“"):
        read_table([table, write(tmp_path, codes, f"{AUSTRIA}_C-GALTEJ112-0.csv")])


def test_vienna_by_bezirk_age_and_citizenship() -> None:
    table = read_table(FIXTURES / "vie-bez-pop-muster.csv")
    assert table.source.kind == "wien"
    assert table.cells["year"].unique().tolist() == [2023]
    assert total(table, area="90200", nationality="austrian", sex="female", age_from=3) == 23
    assert total(table, area="90200", nationality="foreign", sex="female", age_from=3) == 5


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("20240101", "20240701", "„20240701“"), (";2024;20240101", ";2022;20240101", "REF_YEAR „2022“"),
        ("AUT;FOR", "DOGS;CATS", "Keine Spalte zählt Personen"), ("AGE1", "AGE5", "Nummer einer Altersgruppe"),
    ],
)  # fmt: skip
def test_files_of_vienna_that_are_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_table(_changed(tmp_path, "vie-bez-pop-muster.csv", old, new))


def test_vienna_city_row_is_the_sum_and_other_columns_are_named(tmp_path: Path) -> None:
    text = (
        "Bevölkerung der Bezirke\n"
        "NUTS;DISTRICT_CODE;SUB_DISTRICT_CODE;REF_YEAR;REF_DATE;POP_TOTAL;POP_MEN;POP_WOMEN;POP_DENSITY\n"
        "AT13;90000;.;2024;01.01.2024;30;14;16;4.321,5\nAT13;90100;.;2024;01.01.2024;10;4;6;1,5\n"
        "AT13;90200;.;2024;01.01.2024;20;10;10;2,5\n"
    )
    table = read_table(write(tmp_path, text, "vie.csv"))
    assert set(table.cells["area"]) == {"90100", "90200"}
    assert total(table, sex="total") == 30
    assert table.ledger.figures("sum") == 3
    assert any("POP_DENSITY" in note for note in table.source.notes)
    assert table.ledger.figures("left_out") == 3


# --- Switzerland ------------------------------------------------------------------------------------------------------


def test_zuerich_codes() -> None:
    table = read_table(FIXTURES / "bev390od3903_muster.csv")
    assert table.source.kind == "zuerich"
    row = {"area": "012", "year": 2023, "sex": "female", "age_from": 47, "nationality": "foreign"}
    assert total(table, **row) == 47 % 9 + 2 * 10 + 2 + 3
    assert table.cells.loc[table.cells["area"] == "012", "area_name"].unique().tolist() == ["Muster, Hof"]
    whole = resolve_status(table, unlisted="zero")
    assert total(whole) == total(table)
    assert total(whole, year=2022, age_from=2) == 0


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('"1","männlich","M"', '"1","weiblich","W"', "dasselbe Geschlecht wie in SexCd"),
        ("AnzBestWir", "AnzHaushWir", "„AnzHaushWir“ ist nicht bekannt"),
        ("HerkunftSort", "ZivilstandCd", "„ZivilstandCd“ unterteilt die Zahlen weiter"),
        (',"47",', ',"siebenundvierzig",', "„siebenundvierzig“ in Spalte „AlterVCd“"),
    ],
)
def test_zuerich_files_that_are_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_table(_changed(tmp_path, "bev390od3903_muster.csv", old, new))


def test_three_on_a_hectare_is_a_bound_and_no_number() -> None:
    table = read_table(FIXTURES / "STATPOP2023_muster.csv")
    assert table.source.kind == "statpop"
    hectare = {"area": "68002470"}
    assert total(table, **hectare, sex="male", age_from=0) == 5
    oldest = table.cells[(table.cells["age_from"] == 90) & (table.cells["area"] == "68002470")]
    assert oldest[["sex", "status", "flag"]].to_numpy().tolist() == [
        ["male", "number", ""], ["female", "hidden", "<4"],
    ]  # fmt: skip
    assert set(oldest["age_to"].isna()) == {True}
    assert not (table.cells["value"] == 3).any()
    middle = resolve_status(table, hidden="midpoint")
    assert total(middle, area="68012470", sex="total") == 2  # the middle of 1 to 3
    assert table.ledger.figures("left_out") == 2  # B23B11 of both hectares


def test_statpop_by_gemeinde_has_no_hidden_three(tmp_path: Path) -> None:
    text = "GMDE;GMDNAME;BBTOT;BBM01;BBM19;BBW01\n261;Musterwil;10;3;4;3\n"
    table = read_table(write(tmp_path, text, "STATPOP2024_GMDE.csv"))
    assert table.cells["year"].unique().tolist() == [2024]
    assert total(table, sex="male", age_from=0) == 3
    with pytest.raises(TableError, match="für welches Jahr"):
        read_table(write(tmp_path, text, "gemeinden.csv"))
    with pytest.raises(TableError, match="BBM20"):
        read_table(write(tmp_path, text.replace("BBM19", "BBM20"), "STATPOP2024_GMDE.csv"))


# --- Human Mortality Database -----------------------------------------------------------------------------------------

LIFE_TABLE = "mltper_1x1_muster.txt"


def test_life_table_of_the_human_mortality_database() -> None:
    table = read_table(FIXTURES / LIFE_TABLE)
    assert table.source.kind == "hmd"
    q = table.cells[(table.cells["variable"] == "death_prob") & (table.cells["year"] == 2020)]
    assert q["value"].tolist() == [0.004, 0.0003, 0.0002, 0.0001, 0.0001, 1]
    assert q["age_from"].tolist() == [0, 1, 2, 3, 4, 110]
    assert q["age_to"].isna().tolist() == [False] * 5 + [True]
    assert set(table.cells["sex"]) == {"male"}
    alive = table.cells[(table.cells["variable"] == "survivors") & (table.cells["year"] == 2020)]["value"].to_numpy()
    assert np.allclose(alive[1:5], alive[:4] * (1 - q["value"].to_numpy()[:4]), atol=1)  # l(x+1) = l(x)(1 − q(x))
    assert table.ledger.figures("value") == 2 * 6 * 8


def test_intervals_of_years_stand_for_their_middle_year(tmp_path: Path) -> None:
    fives = _changed(tmp_path, LIFE_TABLE, "  2020", "  2015-2019")
    table = read_table(fives)
    assert sorted(table.cells["year"].unique()) == [2017, 2019]
    assert any("mittleres Jahr" in note for note in table.source.notes)
    with pytest.raises(TableError, match="„2016-2019“ in Spalte „Year“"):
        read_table(_changed(tmp_path, LIFE_TABLE, "  2020", "  2016-2019"))


def test_counts_of_the_human_mortality_database(tmp_path: Path) -> None:
    head = "  Year          Age             Female            Male           Total\n"
    body = "  2020            0              110.00  140.50  250.50\n  2020         110+      .   2.00  2.00\n"
    title = "Germany, Deaths (period 1x1), \tLast modified: 12 Mar 2025;  Methods Protocol: v6 (2017)\n\n"
    deaths = title + head + body
    table = read_table(write(tmp_path, deaths, "Deaths_1x1.txt"))
    assert total(table, variable="deaths", sex="male", age_from=0) == 140.5
    assert _states(table, sex="female", age_from=110) == ["hidden"]
    stock = deaths.replace("Deaths (period 1x1)", "Population size (1-year)")
    assert read_table(write(tmp_path, stock, "Population.txt")).cells["year"].unique().tolist() == [2019]
    with pytest.raises(TableError, match="„2020-“ ist ein Bestand vor oder nach"):
        read_table(write(tmp_path, stock.replace("  2020   ", "  2020-  "), "Population.txt"))
    with pytest.raises(TableError, match="4 statt 5 Felder"):
        read_table(write(tmp_path, deaths.replace("140.50", ""), "Deaths_1x1.txt"))


# --- archives ---------------------------------------------------------------------------------------------------------


def test_archives_hold_px_tsv_and_files_of_codes(tmp_path: Path) -> None:
    def archive(*names: str) -> Path:
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name in names:
                file.write(FIXTURES / name, name)
        return path

    codes = read_table(archive(f"{AUSTRIA}.csv", f"{AUSTRIA}_C-GRGEMAKT-0.csv", f"{AUSTRIA}_HEADER.csv"))
    assert "Eisenburg" in set(codes.cells["area_name"])
    assert read_table(archive(PX)).source.kind == "px"
    assert read_table(archive("demo_pjan_muster.tsv")).source.kind == "eurostat-tsv"


def test_a_packed_table_of_eurostat(tmp_path: Path) -> None:
    path = tmp_path / "estat_demo_pjan.tsv.gz"
    path.write_bytes(gzip.compress((FIXTURES / "demo_pjan_muster.tsv").read_bytes()))
    assert total(read_table(path), area="XB", year=2021, age_from=0, sex="total") == 543 + 20


# --- a part of the people is not everybody ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Ständige ausländische Wohnbevölkerung am 31. Dezember", "ausländische"),
        ("Wahlberechtigte Bevölkerung am 31. Dezember", "Wahlberechtigte"),
        ("Bevölkerung ab 15 Jahren am 31. Dezember", "ab 15"),
        ("Bevölkerung in Privathaushalten am 31. Dezember", "Privathaushalten"),
    ],
)
def test_px_titles_of_a_part_are_refused(tmp_path: Path, title: str, word: str) -> None:
    path = write(tmp_path, _small_px(title=title), "a.px", "cp1252")
    with pytest.raises(TableError, match=f"„{word}“"):
        read_table(path)
    assert len(read_table(path, titles="trusted").cells) == 4


def test_a_single_marital_status_of_eurostat_is_not_everybody(tmp_path: Path) -> None:
    text = "\n".join(SDMX).replace(",unit,age,", ",unit,marsta,age,").replace(",NR,Y", ",NR,MAR,Y")
    text = text.replace(",NR,TOTAL", ",NR,MAR,TOTAL").replace("DEMO_PJAN", "DEMO_PJANMARSTA")
    variables = set(read_table(write(tmp_path, text, "demo_pjanmarsta.csv")).cells["variable"])
    assert variables == {"population/marsta=MAR"}


def test_an_austrian_variable_with_one_value_is_read_only_as_a_total(tmp_path: Path) -> None:
    text = _text(f"{AUSTRIA}.csv").replace("C-C11-0;", "C-STAATS-0;C-C11-0;").replace("A10-2024;", "A10-2024;STAATS-1;")
    table = write(tmp_path, text, f"{AUSTRIA}.csv")
    with pytest.raises(TableError, match="Merkmal „C-STAATS-0“"):
        read_table(table)
    codes = write(tmp_path, "code;name\nSTAATS-1;Insgesamt\n", f"{AUSTRIA}_C-STAATS-0.csv")
    assert len(read_table([table, codes]).cells) == 606


@pytest.mark.parametrize(
    ("old", "new"), [("(period 1x1)", "(cohort 1x1)"), ("Age         mx", "Age         Cohort"), ("  ex\n", "  zz\n")]
)
def test_cohorts_are_no_years(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(TableError, match="Geburtsjahrgängen"):
        read_table(_changed(tmp_path, LIFE_TABLE, old, new))
