"""Which characters no installed font has: on paper they would be empty boxes, and nobody would be told."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

from office.workbooks.letters import named

FIRST = 0x2E80  # below it are the letters and signs that every font has
_FIELD = b"charset"


def missing(text: str) -> str:
    """Return the characters of a text that no installed font has, each once."""
    rare = dict.fromkeys(char for char in text if ord(char) >= FIRST and not char.isspace())
    return "".join(char for char in rare if not _has(ord(char)))


def warning(text: str) -> str:
    """Say which characters will not print, and what to do; nothing where all of them will."""
    if not (found := missing(text)):
        return ""
    return (
        f"本机没有以下文字的字体，打印件上会显示为方框：{named(found)}。"
        "请先核对用字；用字无误的，请系统管理员安装含有这些字的字体。"
    )


@lru_cache(maxsize=8192)
def _has(number: int) -> bool:
    library, charset = _installed()
    return charset is None or bool(library.FcCharSetHasChar(charset, number))


@lru_cache(maxsize=1)
def _installed() -> tuple[Any, Any]:
    """Return fontconfig and the union of what all fonts hold; without the library nothing is known."""
    try:
        library: Any = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return None, None
    pointer = ctypes.c_void_p
    for name, answer, arguments in (
        ("FcInitLoadConfigAndFonts", pointer, []),
        ("FcPatternCreate", pointer, []),
        ("FcObjectSetCreate", pointer, []),
        ("FcObjectSetAdd", ctypes.c_int, [pointer, ctypes.c_char_p]),
        ("FcFontList", ctypes.POINTER(_FontSet), [pointer, pointer, pointer]),
        (
            "FcPatternGetCharSet",
            ctypes.c_int,
            [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(pointer)],
        ),
        ("FcCharSetCreate", pointer, []),
        ("FcCharSetMerge", ctypes.c_int, [pointer, pointer, pointer]),
        ("FcCharSetHasChar", ctypes.c_int, [pointer, ctypes.c_uint32]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = answer, arguments
    objects = library.FcObjectSetCreate()
    library.FcObjectSetAdd(objects, _FIELD)
    fonts = library.FcFontList(
        library.FcInitLoadConfigAndFonts(), library.FcPatternCreate(), objects
    ).contents
    union = library.FcCharSetCreate()
    for place in range(fonts.count):
        charset = pointer()
        if library.FcPatternGetCharSet(fonts.fonts[place], _FIELD, 0, ctypes.byref(charset)) == 0:
            library.FcCharSetMerge(union, charset, None)
    return library, union


class _FontSet(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int),
        ("size", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )
