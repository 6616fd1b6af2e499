"""A scenario read aloud: plain German sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.names import label

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario
    from zwkprognose.scenarios.statements import Assumption, Timed

_SUBJECT = {
    "geburten": "Die Geburtenziffern",
    "sterblichkeit": "Die Sterbewahrscheinlichkeiten",
    "zuzuege": "Die Zuzüge",
    "fortzuege": "Die Fortzugswahrscheinlichkeiten",
    "umzuege": "Die Umzugswahrscheinlichkeiten innerhalb der Stadt",
    "einbuergerungen": "Die Einbürgerungswahrscheinlichkeiten",
}


def describe(scenario: Scenario) -> str:
    """Title, reason and every statement of a scenario, one sentence each."""
    head = f"{scenario.title or scenario.name}."
    date = f"{scenario.date:%d.%m.%Y}" if scenario.date else ""
    signed = ", ".join(part for part in (scenario.author, date) if part)
    lines = [head + (f" ({signed})" if signed else "")]
    lines += [" ".join(scenario.text.split())] if scenario.text else []
    lines += [f"– {sentence(a)}" for a in scenario.assumptions]
    if not scenario.assumptions:
        lines.append("– Alle Raten und Zuzüge bleiben, wie sie im Basiszeitraum geschätzt wurden.")
    return "\n".join(lines)


def sentence(assumption: Assumption) -> str:
    """One statement as a sentence."""
    reason = f" Grund: {' '.join(assumption.reason.split())}" if assumption.reason else ""
    return f"{_SUBJECT[assumption.quantity]}{_whom(assumption)} {_change(assumption)}.{reason}"


def decimal(value: float, digits: int = 2) -> str:
    """A number in German notation without trailing zeros.

    Examples
    --------
    >>> decimal(1.5), decimal(-8.0), decimal(12345.678)
    ('1,5', '−8', '12.345,68')
    """
    text = f"{abs(value):,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return ("−" if value < 0 else "") + text.replace(",", "\x00").replace(".", ",").replace("\x00", ".")


def _whom(assumption: Assumption) -> str:
    parts = []
    if assumption.nationality:
        parts.append(f"Staatsangehörigkeit {label('nationality', assumption.nationality)}")
    if assumption.sex:
        parts.append(label("sex", assumption.sex))
    if assumption.ages:
        parts.append(_ages(assumption.ages))
    where = f" in {_enumerate(assumption.areas)}" if assumption.areas else ""
    return where + (f" ({', '.join(parts)})" if parts else "")


def _ages(ages: tuple[int, int | None]) -> str:
    first, last = ages
    if last is None:
        return f"ab {first} Jahren"
    return f"{first} Jahre" if first == last else f"{first} bis {last} Jahre"


def _change(assumption: Assumption) -> str:
    level = assumption.level
    if assumption.course == "sprung" or level == 1:
        return f"sind {_period(assumption)} {_compared(level)}"
    verb = "sinken" if level < 1 else "steigen"
    if assumption.course == "jaehrlich":
        return f"{verb} {_period(assumption)} jedes Jahr um {_percent(level)}"
    goal = "auf null" if level == 0 else f"um {_percent(level)} gegenüber dem Basiszeitraum"
    return f"{verb} {_glide_period(assumption)} gleitend {goal}"


def _compared(level: float) -> str:
    if level in (0, 1):
        return "null" if level == 0 else "unverändert"
    return f"um {_percent(level)} {'niedriger' if level < 1 else 'höher'} als im Basiszeitraum"


def _percent(level: float) -> str:
    return f"{decimal(abs(level - 1) * 100)} %"


def _period(statement: Timed) -> str:
    first = f"ab {statement.first_year}" if statement.first_year else "ab dem ersten Prognosejahr"
    if statement.last_year is not None and statement.last_year == statement.first_year:
        return f"im Jahr {statement.last_year}"
    if statement.last_year is not None:
        return f"{first} bis {statement.last_year}"
    return f"{first} für {statement.duration} Jahre" if statement.duration else first


def _glide_period(statement: Timed) -> str:
    first = f"von {statement.first_year}" if statement.first_year else "vom ersten Prognosejahr"
    return f"{first} an über {statement.duration} Jahre" if statement.duration else f"{first} bis {statement.last_year}"


def _enumerate(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} und {names[-1]}"
