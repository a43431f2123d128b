"""Archives of photos as nobody should send them, made by a numbered stroke of bad luck."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from functools import cache
from warnings import catch_warnings

from PIL import Image

NAMES = (
    "县甲局_王一.jpg",
    "县甲局_王一.jpg",  # the same one twice is luck, too
    "县甲局_李二.jpeg",
    "县乙局_赵三.PNG",
    "照片/一科/县乙局＿赵　三.png",
    "县甲局_查无此人.jpg",
    "县丙局_王一.jpg",
    "王一.jpg",
    "_王一.jpg",
    "县甲局_.jpg",
    ".jpg",
    "县甲局_王一.jpg.exe",
    "县甲局_王一.svg",
    "县甲局_王一",
    "说明.txt",
    "../../县甲局_王一.jpg",
    "/etc/县甲局_王一.jpg",
    "C:\\县甲局_王一.jpg",
    "..\\..\\县甲局_王一.jpg",
    "__MACOSX/._县甲局_王一.jpg",
    "照片/.DS_Store",
    '<img src=x onerror="x">_王一.jpg',
    "县甲局_王\u202e一\u200b.jpg",
    "长" * 3_000 + "_王一.jpg",
    "县甲局_" + "长" * 3_000 + ".jpg",
    "a" * 200 + "/县甲局_王一.jpg",
)
# What is said of itself in the directory at the end: where in an entry, how many bytes.
FLAGS, METHOD, CHECK, SIZE = (8, 2), (10, 2), (16, 4), (24, 4)


@cache
def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (30, 40)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


@cache
def contents() -> tuple[bytes, ...]:
    photo, drawing = picture("JPEG"), picture("PNG")
    width = drawing.index(b"IHDR") + 4
    return (
        *(photo, drawing, picture("JPEG", "CMYK"), picture("PNG", "LA"), picture("PNG", "P")) * 3,
        *(picture("PNG", "I;16"), picture("PNG", "1"), picture("JPEG", "L", (1, 3_000))),
        *(picture("GIF", "P"), picture("BMP"), picture("TIFF"), picture("WEBP")),
        *(photo[:100], photo[:-20], drawing[:60], photo + b"<script>" * 20, b"", b"x", bytes(500)),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>',
        # A bomb: a drawing of a few bytes that says it is 60,000 by 60,000.
        drawing[:width] + (60_000).to_bytes(4, "big") * 2 + drawing[width + 8 :],
        zipped([("县甲局_王一.jpg", photo)]),
    )


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, catch_warnings(action="ignore"):
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)  # doubled names too
    return out.getvalue()


def good() -> bytes:
    names = ("县甲局_王一.jpg", "县甲局_李二.jpeg", "县乙局_赵三.PNG")
    return zipped([(name, picture("JPEG")) for name in names])


def archive(_: bytes, seed: int) -> bytes:
    """Return what befell archive number `seed`."""
    luck = random.Random(seed)  # noqa: S311 - the same luck each time is what is wanted
    names = luck.sample(NAMES, luck.randint(1, 6))
    made = zipped([(name, luck.choice(contents())) for name in names])
    return luck.choice(DAMAGE)(luck, made) if seed % 3 == 0 else made


def cut(luck: random.Random, made: bytes) -> bytes:
    return made[: luck.randrange(len(made))]


def flipped(luck: random.Random, made: bytes) -> bytes:
    data = bytearray(made)
    for _ in range(luck.randint(1, 5)):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    return bytes(data)


def lying(luck: random.Random, made: bytes) -> bytes:
    """The directory states another size, checksum, method or a password."""
    data = bytearray(made)
    entry = data.find(b"PK\x01\x02")
    place, length = luck.choice((FLAGS, METHOD, CHECK, SIZE))
    odd = luck.choice((0, 1, 9, 99, 0xFFFF, 2**31)) % 256**length
    data[entry + place : entry + place + length] = odd.to_bytes(length, "little")
    return bytes(data)


def led_in(luck: random.Random, made: bytes) -> bytes:
    return luck.choice((b"MZ" + bytes(300), b"\xef\xbb\xbf")) + made


def crowded(luck: random.Random, made: bytes) -> bytes:
    return zipped([(f"县甲局_{number}.jpg", b"") for number in range(601)])


DAMAGE: list[Callable[[random.Random, bytes], bytes]] = [cut, flipped, flipped, lying, lying, led_in, crowded]
