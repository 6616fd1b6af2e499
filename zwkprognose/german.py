"""Numbers, signs, ages and lists as German readers expect them: the only place that writes them.

Numbers have a point between thousands, a comma before decimals and a true minus sign; a value that rounds to
nothing is ``0`` without a sign. Halves are rounded to the even digit, as Python does (12,5 → 12, 13,5 → 14), where the
binary number is exactly a half; most decimal fractions are not (2,675 is a little less and becomes 2,67).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

#: Signs of DIN 55301: a number that must not be published, exactly nothing, a cell that would make no sense.
HIDDEN, NOTHING, SENSELESS = ".", "–", "x"

_GERMAN = str.maketrans(",.-", ".,−")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
#: Powers of ten between which a number is written out.
_WRITTEN_OUT = range(-7, 16)


def number(value: float, digits: int = 0) -> str:
    """A number with a fixed count of decimals; one that is not published (not a number) is shown as ``.``.

    Examples
    --------
    >>> number(1234.56, 1), number(-3.2), number(-0.04, 1), number(float("nan"))
    ('1.234,6', '−3', '0,0', '.')
    """
    if math.isnan(value):
        return HIDDEN
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return _in_german(f"{value:,.{digits}f}")


def decimal(value: float, digits: int = 2) -> str:
    """A number with at most so many decimals; zeros at the end are left out.

    Examples
    --------
    >>> decimal(1.5), decimal(-8.0), decimal(12345.678), decimal(1200.0, 0), decimal(-0.001)
    ('1,5', '−8', '12.345,68', '1.200', '0')
    """
    text = number(value, digits)
    return text.rstrip("0").removesuffix(",") if "," in text else text


def number_text(value: float, figures: int = 6) -> str:
    """A number within a sentence: whole where it is whole, otherwise with at most so many figures that count.

    What lies before the comma is always written whole. Numbers too small or large to be written out are
    a power of ten.

    Examples
    --------
    >>> number_text(1234567.0), number_text(0.5), number_text(-4.0), number_text(1234567.89)
    ('1.234.567', '0,5', '−4', '1.234.568')
    >>> number_text(0.000012345678), number_text(3.2e-12)
    ('0,0000123457', '3,2 · 10⁻¹²')
    """
    if not math.isfinite(value) or value == 0:
        return number(value)
    power = int(f"{value:.{figures - 1}e}".partition("e")[2])
    if power not in _WRITTEN_OUT:
        return f"{decimal(float(Decimal(value).scaleb(-power)), figures - 1)} · 10{str(power).translate(_RAISED)}"
    return decimal(value, 0 if float(value).is_integer() else max(figures - 1 - power, 0))


def amount_text(amount: float) -> str:
    """How many are missing, to a tenth, or to two figures that count: never nothing where something is missing.

    Examples
    --------
    >>> amount_text(1234.56), amount_text(0.3), amount_text(0.0312), amount_text(0.0)
    ('1.234,6', '0,3', '0,031', '0')
    """
    return number_text(round(amount, 1)) if abs(amount) >= 0.1 else number_text(amount, 2)


def stated(value: Any, figures: int = 10) -> str:
    """A value as an error states it: texts as they are, a whole number without points, for it may be a year.

    Examples
    --------
    >>> stated("Mitte"), stated(2030), stated(2030.0), stated(-1234.5), stated(float("nan"))
    ('Mitte', '2030', '2030', '−1.234,5', 'keine Zahl')
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if math.isnan(value):
        return "keine Zahl"
    text = number_text(int(value) if isinstance(value, Integral) else float(value), figures)
    return text if "," in text else text.replace(".", "")


def written(value: float | Decimal) -> str:
    """A number as people type it and as a German CSV file holds it: every figure, no points, the minus of the keyboard.

    Complaints quote with it what stands in a document or call, so that it can be found there.

    Examples
    --------
    >>> written(2020.0), written(0.00356), written(-1234.5), written(-0.0), written(1e-7), written(float("nan"))
    ('2020', '0,00356', '-1234,5', '0', '0,0000001', 'nan')
    """
    if not math.isfinite(value):
        return str(value)
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{exact:f}"
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return "0" if exact == 0 else text.replace(".", ",")


def about(value: float) -> str:
    """A whole number with three figures that count.

    Examples
    --------
    >>> about(38_860), about(117_050), about(45)
    ('38.900', '117.000', '45')
    """
    step = 10.0 ** max(len(f"{abs(value):.0f}") - 3, 0)
    return number(round(value / step) * step)


def signed(value: float, digits: int = 0) -> str:
    """A change: ``+1.234``, ``−12``, ``0``.

    Examples
    --------
    >>> signed(1234), signed(-12), signed(0.2)
    ('+1.234', '−12', '0')
    """
    text = number(value, digits)
    return "+" + text if value > 0 and _says_something(text) else text


def percent(value: float, digits: int = 1) -> str:
    """A change in percent, ``+3,2 %``, with a narrow space that does not break.

    Examples
    --------
    >>> percent(-0.04) == "0,0\\u202f%", percent(float("nan"))
    (True, '.')
    """
    text = signed(value, digits)
    return text if text == HIDDEN else text + "\u202f%"


def share(part: float, digits: int = 0) -> str:
    """A part of one in percent.

    Examples
    --------
    >>> share(0.384), share(0.3845, 1)
    ('38 %', '38,5 %')
    """
    return f"{number(100 * part, digits)} %"


def counted(count: float, one: str, many: str) -> str:
    """A count and its noun, which agrees with the number as it is shown.

    Examples
    --------
    >>> counted(1, "Gebiet", "Gebiete"), counted(1200, "Gebiet", "Gebiete"), counted(1.5, "Jahr", "Jahre")
    ('1 Gebiet', '1.200 Gebiete', '1,5 Jahre')
    """
    text = decimal(count)
    return f"{text} {one if text.lstrip('−') == '1' else many}"


def listed(words: Iterable[str], last: str = "und") -> str:
    """Words with commas, and a last "und" or "oder".

    Examples
    --------
    >>> listed(["Mitte"]), listed(["Mitte", "Wedding"]), listed(["a", "b", "c"], "oder"), listed([])
    ('Mitte', 'Mitte und Wedding', 'a, b oder c', '')
    """
    *before, end = [*words] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def numbers(values: Sequence[float]) -> str:
    """Numbers beside each other; semicolons where a comma would be taken for a decimal one.

    Examples
    --------
    >>> numbers([2011, 2014, 2017]), numbers([0.5, 2])
    ('2011, 2014, 2017', '0,5; 2')
    """
    texts = [stated(value) for value in values]
    return ("; " if any("," in text for text in texts) else ", ").join(texts)


def ages(first: int, last: int | None) -> str:
    """An age band in words; ``None`` for no end.

    Examples
    --------
    >>> ages(18, 29), ages(65, None), ages(18, 18), ages(1, 1)
    ('18 bis 29 Jahre', 'ab 65 Jahren', '18 Jahre', '1 Jahr')
    """
    if last is None:
        return f"ab {counted(first, 'Jahr', 'Jahren')}"
    return counted(first, "Jahr", "Jahre") if first == last else f"{first} bis {last} Jahre"


def age_span(first: int, last: int | None) -> str:
    """The same behind the word "Alter".

    Examples
    --------
    >>> age_span(20, 24), age_span(90, None), age_span(7, 7)
    ('20 bis 24', '90 und älter', '7')
    """
    if last is None:
        return f"{first} und älter"
    return str(first) if first == last else f"{first} bis {last}"


def age_label(first: int, last: int | None) -> str:
    """The same as head of a column or row.

    Examples
    --------
    >>> age_label(0, 2), age_label(7, 7), age_label(90, None)
    ('0–2', '7', '90 und älter')
    """
    return age_span(first, last).replace(" bis ", "–")


def _in_german(text: str) -> str:
    """English spelling turned into German, without a sign before nothing."""
    return (text if _says_something(text) else text.removeprefix("-")).translate(_GERMAN)


def _says_something(text: str) -> bool:
    return any(figure in text for figure in "123456789∞")
