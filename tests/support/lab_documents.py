"""Random scenario documents of what the Demografielabor can say, for random cities."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from support.cities import City

#: Last year of the projections that the documents are made for.
LAST = 2028
Said = dict[str, Any]

YEARS = st.integers(2021, LAST)


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Said]:
    return st.fixed_dictionaries({}, optional=keys)


def whom(city: City) -> st.SearchStrategy[Said]:
    areas, groups = city.coords["area"], city.coords["nationality"]
    oldest = city.open_age
    bands = st.tuples(st.integers(0, oldest - 1), st.integers(0, oldest - 1)).map(lambda b: f"{min(b)}-{max(b)}")
    return optional(
        gebiete=st.lists(st.sampled_from([*areas, "0*", "@typ"]), min_size=1, max_size=2, unique=True),
        staatsangehoerigkeit=st.sampled_from(list(groups)),
        geschlecht=st.sampled_from(["w", "m"]),
        alter=bands | st.integers(0, oldest).map(lambda a: f"{a}+"),
    )


def when() -> st.SearchStrategy[Said]:
    spans = st.tuples(YEARS, YEARS).map(lambda s: {"von": min(s), "bis": max(s)})
    return st.just({}) | spans | YEARS.map(lambda y: {"von": y}) | st.integers(1, 6).map(lambda d: {"dauer": d})


def joined(*parts: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


def fixed(**values: Any) -> st.SearchStrategy[Said]:
    return st.fixed_dictionaries({k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in values.items()})


def levels(city: City) -> st.SearchStrategy[Said]:
    quantity = st.sampled_from(["geburten", "sterblichkeit", "zuzuege", "fortzuege"])
    size = fixed(prozent=st.floats(-60, 40)) | fixed(faktor=st.floats(0.3, 1.4))
    course = optional(verlauf=st.sampled_from(["sprung", "jaehrlich", "gleitend"]))
    return joined(fixed(groesse=quantity), size, whom(city), when(), course).map(_possible)


def _possible(said: Said) -> Said:
    """The same without what a document may not say together."""
    if said["groesse"] == "geburten":
        said.pop("geschlecht", None)
    if said.get("verlauf") == "gleitend" and "bis" not in said and "dauer" not in said:
        said["bis"] = LAST
        said.pop("von", None)
    return said


def goals() -> st.SearchStrategy[Said]:
    """At most one goal of a quantity, so that none contradicts another."""
    births = fixed(groesse="geburten", ziel=st.floats(0.4, 3.0))
    inward = fixed(groesse="zuzuege", ziel=st.floats(1.0, 5000.0))
    outward = fixed(groesse="fortzuege", ziel=st.floats(0.1, 3.0))
    return joined(births | inward | outward, when(), optional(verlauf=st.just("sprung")))


def arrivals(city: City) -> st.SearchStrategy[Said]:
    profile = optional(profil=st.sampled_from(["zuzuege", "standard"]))
    return joined(fixed(name="Ereignis", personen=st.floats(1, 900)), whom(city), when(), profile)


def dwellings(city: City) -> st.SearchStrategy[Said]:
    shares = st.sampled_from([{"0+": 1.0}, {"0-3": 0.4, "4+": 0.6}])
    where, outside = st.sampled_from(list(city.coords["area"])), st.sampled_from([0.0, 0.3, 1.0])
    return joined(
        fixed(name="Neubau", gebiet=where, wohnungen=st.floats(1, 90), alter=shares, anteil_von_aussen=outside,
              von=st.integers(2020, LAST - 1)),
        optional(einzug=st.sampled_from([[0.6, 0.4], [0.1, 0.2, 0.7]]), personen_je_wohnung=st.floats(1, 4)),
    )  # fmt: skip


def homes(city: City) -> st.SearchStrategy[Said]:
    return joined(
        fixed(name="Heim", gebiet=st.sampled_from(list(city.coords["area"])), alter={"3+": 1.0},
              plaetze=st.dictionaries(st.integers(2022, 2025).map(str), st.floats(1, 60), min_size=1, max_size=3)),
        st.just({}) | fixed(schliesst=2027, bleibeanteil=st.sampled_from([0.25, 1.0])),
    )  # fmt: skip


def documents(city: City) -> st.SearchStrategy[Said]:
    """Everything that agrees to the bit."""
    kept = joined(fixed(prozent=st.floats(1, 90)), whom(city), when())
    drawn = joined(fixed(prozent=st.floats(1, 90)) | fixed(personen=st.floats(1, 900)), whom(city), when())
    levels_and_goals = st.tuples(st.lists(levels(city), max_size=3), st.lists(goals(), max_size=1))
    return st.fixed_dictionaries(
        {"name": st.just("zufall"), "gebietstypen": st.just({"typ": [city.coords["area"][-1]]})},
        optional={
            "annahme": levels_and_goals.map(lambda p: p[0] + p[1]),
            "halten": st.lists(kept, max_size=2), "anziehen": st.lists(drawn, max_size=2),
            "ereignis": st.lists(arrivals(city), max_size=2), "erstbezug": st.lists(dwellings(city), max_size=3),
            "sondergruppe": st.lists(homes(city), max_size=1),
        },
    )  # fmt: skip
