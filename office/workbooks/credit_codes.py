"""Unified social credit codes (统一社会信用代码), GB 32100-2015.

python-stdnum wants digits in the first two places, which holds for codes of market regulation only:
N stands for agriculture, A for the armed forces, Y for other registration bodies, and a body's kinds of
organizations may be letters as well.
"""

from __future__ import annotations

import re

from office.workbooks.sheets import squeeze

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
# Registration body, kind of organization, place, the organization's own nine, check character.
_SHAPE = re.compile(rf"[1-9A-HJ-NP-RTUW-Y][{SYMBOLS}][0-9]{{6}}[{SYMBOLS}]{{10}}")
_MISREAD = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}
_SEPARATORS = str.maketrans("", "", "-－—–‐‑−")


def read_code(value: object) -> str:
    """Return a code as it is stored, however it was spaced or cased."""
    return squeeze(value).translate(_SEPARATORS).upper()


def fault_of(code: str) -> tuple[str, str] | None:
    """Return what is wrong with a code, (reason, sentence); None if nothing is."""
    if len(code) == LENGTH and (wrong := [char for char in code if char in _MISREAD]):
        said = "、".join(f"{char}（是否应为{_MISREAD[char]}）" for char in dict.fromkeys(wrong))
        return "not a code", f"“{code}”含有统一社会信用代码不用的字母{said}，请对照营业执照核对。"
    if not _SHAPE.fullmatch(code):
        return "not a code", f"“{code[:40]}”不是 18 位统一社会信用代码，请对照营业执照核对。"
    if code[-1] != check_character(code[:-1]):
        return "check character", f"“{code}”的校验位不符，请对照营业执照核对。"
    return None


def check_character(body: str) -> str:
    """Return the last character for the first seventeen (GB 32100-2015, 5.4)."""
    weighted = sum(SYMBOLS.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return SYMBOLS[-weighted % 31]
