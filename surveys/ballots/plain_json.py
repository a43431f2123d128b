"""JSON in the one reading that the custodian's page has too (frontend/src/custodian/python.js).

UTF-8 without a mark of byte order, no name twice in an object, no NaN or infinity, no deep nests: where two
programs could read two things, neither reads any.
"""

import json
from typing import Any, NoReturn

from surveys.ballots.encoding import Malformed

MOST_DEEP = 64


def parse(content: bytes) -> Any:
    """Raises Malformed."""
    try:
        value = json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise Malformed("not such a text") from fault
    if not _is_flat(value, MOST_DEEP):
        raise Malformed("too deep")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise Malformed("not a number")


def _is_flat(value: object, left: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_is_flat(part, left - 1) for part in parts)
