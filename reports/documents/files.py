"""Names of files that every system takes, whatever a title holds."""

from __future__ import annotations

import re

LONGEST = 100
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def safe_name(text: str) -> str:
    """A title as the name of a file, without its ending: no slash, no sign that a system forbids."""
    name = _FORBIDDEN.sub("－", text).strip(" .")[:LONGEST].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.match(name) else name
