"""What is kept of what somebody wrote: nothing that no keyboard types, no number, no address of mail."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 500
UNTYPED = ("Cc", "Cs", "Cf", "Co", "Cn")
NUMBER_HIDDEN = "（号码略）"
MAIL_HIDDEN = "（邮箱略）"
# A date in figures (2026-11-25) is no number by which somebody is found.
NUMBER = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d[-－](?:0?[1-9]|1[0-2])[-－](?:0?[1-9]|[12]\d|3[01])(?!\d))"
    r"\d(?:[ \u3000\xa0\-‐‑‒–—－_]{0,2}\d){6,}[XxＸｘ]?"
)
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64} ?[@＠] ?[A-Za-z0-9-]{1,63}(?: ?[.．。] ?[A-Za-z0-9-]{1,63}){1,8}")


def cleaned(text: str) -> str:
    """Return a text without what no keyboard types (control signs, halves of signs), and not too long.

    The rated unit and the public list read it: seven figures and more may be the number of its writer.
    """
    kept = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in UNTYPED)
    shown = MAIL.sub(MAIL_HIDDEN, kept.strip()[:LONGEST_TEXT])
    return NUMBER.sub(NUMBER_HIDDEN, shown)
