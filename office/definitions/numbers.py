"""Exact numbers: read without floats, rounded once (half up), and written without loss."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

_LONGEST = 200
"""Digits, and places of the point: a number of a few bytes could otherwise take minutes to write out."""
_PLACES = 8
_WHY = "a number is needed, written as a whole number or a decimal (never a binary float)"

_TOO_LONG = f"the number is too large or too fine; at most {_LONGEST} digits before and after the point"


def exact(value: object) -> Fraction:
    """Raises ``ValueError`` for a float, a boolean and anything that is not exactly a number."""
    if isinstance(value, bool | float):
        raise ValueError(_WHY)  # noqa: TRY004 (pydantic gathers ValueError)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        if value.bit_length() > _LONGEST * 3:
            raise ValueError(_TOO_LONG)
        return Fraction(value)
    text = str(value).strip() if not isinstance(value, Decimal) else ""
    if len(text) > 2 * _LONGEST:
        raise ValueError(_TOO_LONG)
    try:
        number = value if isinstance(value, Decimal) else Decimal(text)
    except InvalidOperation:
        raise ValueError(_WHY) from None
    if not number.is_finite():
        raise ValueError(_WHY)
    _, digits, point = number.as_tuple()
    if len(digits) > _LONGEST or abs(int(point)) > _LONGEST:
        raise ValueError(_TOO_LONG)
    return Fraction(number)


def half_up(value: Fraction, places: int) -> Fraction:
    """Round to ``places``; a half rounds away from zero, as 四舍五入 does."""
    return Fraction(_units(value, places), 10**places)


def _units(value: Fraction, places: int) -> int:
    numerator, denominator = value.numerator, value.denominator
    units: int = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return units if numerator >= 0 else -units


def shown(value: Fraction, places: int) -> str:
    """Rounded half up, with all its places: ``82.00``."""
    units = _units(value, places)
    whole, rest = divmod(abs(units), 10**places)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def plain(value: Fraction | int) -> str:
    """Unrounded: a decimal where it terminates, else a fraction: ``82.5``, ``250/3``."""
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return str(numerator)
    twos = fives = 0
    rest = denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{numerator}/{denominator}"
    return shown(Fraction(value), max(twos, fives))


def traced(value: Fraction) -> str:
    """For terms that a reader adds up again: all places there are, two at least and eight at most; else six
    places, marked as about."""
    if (value * 100).denominator == 1:
        return shown(value, 2)
    text = plain(value)
    return text if "/" not in text and len(text.partition(".")[2]) <= _PLACES else f"约 {shown(value, 6)}"


def signed(value: Fraction | int) -> str:
    """With its sign, for points that are added or deducted: ``+0.2``, ``-10``."""
    return f"+{plain(value)}" if value > 0 else plain(value)


def weights_in_words(weights: Mapping[str, Fraction]) -> str:
    return "、".join(f"{name} {plain(weight)}" for name, weight in weights.items())
