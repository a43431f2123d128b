"""JSON in the one reading that the custodian's page has too (frontend/src/custodian/python.js).

UTF-8 without a mark of byte order, no name twice in an object, no half of a character, no NaN or infinity, no
deep nests: where two programs could read two things, neither reads any.
"""

import json
import re
from typing import Any, NoReturn

from surveys.ballots.encoding import Malformed

MOST_DEEP = 64
_HALF = re.compile("[\ud800-\udfff]")


def parse(content: bytes) -> Any:
    """Raises Malformed."""
    try:
        value = json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise Malformed("not such a text") from fault
    _refuse_odd(value, MOST_DEEP)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise Malformed("not a number")


def _refuse_odd(value: object, left: int) -> None:
    if isinstance(value, str) and _HALF.search(value):
        raise Malformed("half a character")
    if isinstance(value, (dict, list)):
        if not left:
            raise Malformed("too deep")
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            _refuse_odd(part, left - 1)
