"""Whatever the size of a town and whatever its project asks for: a result, or a German sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zwkprognose.cli import main

ALL_SERVICES = "".join(
    f'[[bedarf]]\nquote = "{name}"\nplaetze = "plaetze.csv"\n'
    for name in ("kita_u3", "kita_ue3", "grundschule", "pflege", "demenz")
)
TOTALS = ("", "unveraendert", "mittel", "trend", "linear", "prozentual", "stadttrend", "geschrumpft")


@dataclass(frozen=True)
class Town:
    """What the table of a town and its project say."""

    sizes: tuple[int, ...]
    years: tuple[int, ...]
    step: int = 5
    #: Nationalities as the table writes them; empty: everybody together.
    groups: str = ""
    totals: str = ""
    migration: str = "auto"
    districts: bool = True
    internal: bool = False
    lab: bool = False
    ahead: int = 3
    seed: int = 0

    def write(self, folder: Path) -> Path:
        """The folder of the project with everything that the template knows switched on."""
        keys = [f"{k + 1:03d}" for k in range(len(self.sizes))]
        squares = [
            {"type": "Polygon", "coordinates": [[[k, 50], [k + 1, 50], [k + 1, 51], [k, 51], [k, 50]]]}
            for k in range(len(keys))
        ]
        features = [
            {"type": "Feature", "properties": {"area": key}, "geometry": square}
            for key, square in zip(keys, squares, strict=True)
        ]
        files = {
            "bestand.csv": self._table(keys),
            "bezirke.csv": "\n".join(["gebiet;bezirk", *(f"{key};{'NS'[k % 2]}" for k, key in enumerate(keys))]),
            "plaetze.csv": "\n".join(["gebiet;plaetze", *(f"{key};{k}" for k, key in enumerate(keys))]),
            "gebiete.geojson": json.dumps({"type": "FeatureCollection", "features": features}),
            "projekt.toml": self._document(),
        }
        for name, text in files.items():
            (folder / name).write_text(text + "\n", encoding="utf-8")
        return folder / "projekt.toml"

    def _document(self) -> str:
        totals = f'gesamtzahlen = "{self.totals}"\n' if self.totals else ""
        districts = 'bezirke = "bezirke.csv"\n' if self.districts else ""
        return (
            'name = "ort"\ntitel = "Auental"\ngesamt = "Gemeinde Auental"\nebenen = ["Gemeinde", "Ortsteil"]\n'
            f'[daten]\nbestand = "bestand.csv"\n[raten]\nwanderung = "{self.migration}"\n'
            f'[prognose]\nbis = {self.years[-1] + self.ahead}\nszenarien = ["lower", "middle", "natural"]\n{totals}'
            f'[ausgabe]\nkarte = "gebiete.geojson"\n{districts}nur_intern = {str(self.internal).lower()}\n'
            f"labor = {str(self.lab).lower()}\n" + ALL_SERVICES
        )

    def _table(self, keys: list[str]) -> str:
        rng = np.random.default_rng(self.seed)
        ages = range(0, 91, self.step)
        profile = np.array([1.0 if age < 60 else max(0.05, 1 - (age - 60) / 32) for age in ages])
        groups = [f"{group};" for group in self.groups] or [""]
        rows = [f"jahr;gebiet;geschlecht;{'staatsangehoerigkeit;' if self.groups else ''}alter_von;alter_bis;anzahl"]
        for key, size in zip(keys, self.sizes, strict=True):
            for sex in "mw":
                for group in groups:
                    share = profile / profile.sum() / 2 / len(groups)
                    persons = rng.poisson(size * share)
                    for year in self.years:
                        persons = np.maximum(persons + rng.integers(-1, 2, len(persons)) * (persons > 0), 0)
                        ends = [*(str(age + self.step - 1) for age in ages[:-1]), ""]
                        rows += [
                            f"{year};{key};{sex};{group}{age};{end};{number}"
                            for age, end, number in zip(ages, ends, persons.tolist(), strict=True)
                        ]
        return "\n".join(rows)


def _ends_well(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        document = str(town.write(folder))
        codes = {}
        for call in (["check", document], ["run", document], ["hindcast", document]):
            codes[call[0]] = main(call)
            said = capsys.readouterr()
            assert "Fehler im Programm" not in said.err, said.err
            assert codes[call[0]] == 0 or "Was tun:" in said.err + said.out
        assert codes["check"] == codes["run"], "what a run refuses, a check refuses"
        if codes["run"] == 0:
            assert main(["report", str(folder / "ergebnisse" / "prognose.nc"), "--force"]) == 0
            assert "nan" not in (folder / "ergebnisse" / "bevoelkerung.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "town",
    [
        Town((50,), (2020,), lab=True),
        Town((3,), (2005, 2010, 2015, 2020), totals="geschrumpft"),
        Town((0, 0), (2010, 2015, 2020)),
        Town((20, 0, 300), (2005, 2010, 2015, 2020), totals="stadttrend", lab=True),
        Town((200, 1500, 3000, 800, 40), tuple(range(2014, 2021)), step=1, groups="DA", totals="linear"),
    ],
)
def test_towns_of_every_size_end_in_a_result_or_a_sentence(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    _ends_well(town, capsys)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.sampled_from([0, 1, 7, 60, 900, 4000]), min_size=1, max_size=4).map(tuple),
    years=st.sampled_from([(2020,), (2015, 2020), (2005, 2010, 2015, 2020), (2016, 2017, 2018, 2019, 2020)]),
    groups=st.sampled_from(["", "DA"]),
    totals=st.sampled_from(TOTALS),
    migration=st.sampled_from(["auto", "residual", "none"]),
    districts=st.booleans(),
    internal=st.booleans(),
    lab=st.booleans(),
    ahead=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_whatever_a_project_asks_for(capsys: pytest.CaptureFixture[str], **said: object) -> None:
    _ends_well(Town(**said), capsys)  # type: ignore[arg-type]
