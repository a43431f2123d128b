"""One place that folds characters which look alike: imports, search, photos and scanners share it.

A text copied from a PDF may hold radicals (U+2F2F) where characters (工) are meant, and the dot in a
name is typed in many ways. Only what cannot be told apart by eye is folded: ①, ㎡ and Chinese
punctuation stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

# Radicals that Unicode gives no decomposition, and the characters they look like
# (EquivalentUnifiedIdeograph).
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺦⺧⺨⺩⺫⺬⺭⺯"
    "⺰⺱⺲⺳⺴⺶⺹⺺⺻⺼⺾⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤"
    "⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_CHARACTERS = (
    "厂乛乚乙亻冂刀刂卜㔾小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫丬牛犭王目示礻糹"
    "纟罓罒㓁冗羊耂肀聿肉艹虎衤覀西见角讠贝车辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼"
    "鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_ALIKE: dict[int, str | None] = dict(zip(map(ord, _RADICALS), _CHARACTERS, strict=True))
# Kangxi radicals, compatibility ideographs, ligatures, full-width letters and digits.
_ALIKE |= {
    number: unicodedata.normalize("NFKC", chr(number))
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0x2F800, 0x2FA1D))
    for number in range(first, last + 1)
}
_ALIKE |= {
    number: unicodedata.normalize("NFKC", chr(number))
    for number in range(0xFF10, 0xFF5B)
    if chr(number).isalnum()
}
# Control and zero-width characters and the selectors of a glyph's variant.
_ALIKE |= {number: None for number in range(0x10000) if unicodedata.category(chr(number)) in {"Cc", "Cf"}}
_ALIKE |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_ALIKE |= {0x3000: " ", ord("\n"): "\n", ord("\r"): "\n", ord("\t"): " "}

DOT = "·"
_HAN = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_DOTS = "\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u16eb\u2e31\ua78f"
_DOTS_IN_NAMES = _DOTS + DOT + ".．。｡﹒․•●▪◦˙ᐧ"
_DOT_BETWEEN = re.compile(f"(?<={_HAN})[{_DOTS}](?={_HAN})")
# A full stop or a bullet is a dot in a name, but `一.` begins a list.
_ANY_DOT_BETWEEN = re.compile(f"(?<={_HAN})(?<![一二三四五六七八九十])[{_DOTS_IN_NAMES}]+(?={_HAN})")
_DOTS_AROUND = _DOTS_IN_NAMES

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\ufffd]")

# What a scanner's keys become while a Chinese input method is on.
_KEYS = str.maketrans("。、？！：；（）【】《》“”‘’￥…—", """./?!:;()[]<>""''$^-""")


def fold(text: str) -> str:
    """Return a text with characters that look alike made one; the dot between Chinese characters is ·."""
    if text.isascii() and text.isprintable():
        return text
    return dotted(unicodedata.normalize("NFC", text).translate(_ALIKE))


def dotted(text: str) -> str:
    return _DOT_BETWEEN.sub(DOT, text)


def name_dotted(name: str) -> str:
    """Return a name with whatever dot was typed in it as ·."""
    return _ANY_DOT_BETWEEN.sub(DOT, name)


def without_dots_around(name: str) -> str:
    """Return part of a name, as somebody searches it, without a dot at either end."""
    return name.strip(_DOTS_AROUND)


def as_typed(text: str) -> str:
    """Return what a scanner typed, read as the keys it pressed: full-width signs become ASCII."""
    return unicodedata.normalize("NFKC", text.translate(_KEYS)).translate(_KEYS)


def private_characters(text: str) -> str:
    """Return the characters of a text that mean something on one computer only, each once."""
    return "" if text.isascii() else "".join(dict.fromkeys(_PRIVATE.findall(text)))


def named(characters: str) -> str:
    """Name characters so that they can be found even where no font shows them: `“𬱖”（U+2CC56）`."""
    return "、".join(f"“{character}”（U+{ord(character):04X}）" for character in characters)
