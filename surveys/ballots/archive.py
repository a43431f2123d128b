"""Reads a zip as exporting.py writes it, and no other: stored members one after the other, then their list.

Programs that read zips disagree about a name that stands twice, sizes that contradict each other, bytes
before, between or after. Here all of that is refused, so that every program finds the same bytes under a
name. frontend/src/custodian/archive.js does the same.
"""

import struct
from pathlib import Path
from typing import IO, NamedTuple

UNREADABLE = "无法读取文件：文件不完整，或者不是所要的 zip 文件，请重新拷贝。"
PACKED = "计票包被重新压缩过，请使用评价中心导出的原件。"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LONG_END = struct.Struct("<4sQ2H2L4Q4sLQL")  # the record of 64 bits, and where it stands
_REST_OF_LONG_END = 44
_SIZES = struct.Struct("<2H2Q")
_IN_64_BITS = 0xFFFFFFFF
_UTF8_NAMES = 0x800
_LONGEST_LIST = 1 << 16


class ArchiveFault(ValueError):  # noqa: N818 - says what it is
    """Not a zip of this kind; the message is Chinese."""


class Member(NamedTuple):
    start: int
    size: int


class _Entry(NamedTuple):
    """A member as the list at the end tells of it; `length` is that of the entry itself."""

    name: str
    name_bytes: bytes
    flags: int
    crc: int
    size: int
    offset: int
    length: int


class _List(NamedTuple):
    content: bytes
    start: int
    number: int


def members(path: Path) -> dict[str, Member]:
    """{name: where its bytes are}; raises ArchiveFault, and OSError where there is no file."""
    with path.open("rb") as file:
        listed = _list_of(file, path.stat().st_size)
        found: dict[str, Member] = {}
        at = end = 0
        while at < len(listed.content):
            entry = _entry_at(listed.content, at)
            _refuse_unless(entry.offset == end and entry.name not in found)
            start = _start_of(file, entry, listed.start)
            found[entry.name] = Member(start, entry.size)
            end = start + entry.size
            _refuse_unless(end <= listed.start)
            at += entry.length
    _refuse_unless(len(found) == listed.number and end == listed.start)
    return found


def _refuse_unless(right: bool) -> None:
    if not right:
        raise ArchiveFault(UNREADABLE)


def _read(file: IO[bytes], start: int, size: int) -> bytes:
    file.seek(start)
    found = file.read(size)
    _refuse_unless(len(found) == size)
    return found


def _list_of(file: IO[bytes], length: int) -> _List:
    _refuse_unless(length >= _END.size)
    mark, disk, first_disk, *told, comment = _END.unpack(_read(file, length - _END.size, _END.size))
    _refuse_unless(mark == b"PK\5\6" and not disk and not first_disk and not comment)
    in_full = _long_end(file, length)
    here, number, size, start = in_full or told
    shortened = [min(here, 0xFFFF), min(number, 0xFFFF), min(size, _IN_64_BITS), min(start, _IN_64_BITS)]
    end = length - _END.size - (_LONG_END.size if in_full else 0)
    _refuse_unless(shortened == told and here == number and size <= _LONGEST_LIST and start + size == end)
    return _List(_read(file, start, size), start, number)


def _long_end(file: IO[bytes], length: int) -> list[int] | None:
    """The same in 64 bits, which stands before it where the file is long."""
    place = length - _END.size - _LONG_END.size
    if place < 0:
        return None
    mark, size, _, _, disk, first_disk, *told, locator, at_disk, at, disks = _LONG_END.unpack(
        _read(file, place, _LONG_END.size)
    )
    if locator != b"PK\6\7":
        return None
    _refuse_unless(mark == b"PK\6\6" and size == _REST_OF_LONG_END and not disk and not first_disk)
    _refuse_unless(not at_disk and at == place and disks == 1)
    return told


def _entry_at(listed: bytes, at: int) -> _Entry:
    _refuse_unless(at + _CENTRAL.size <= len(listed))
    mark, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, _, offset = (
        _CENTRAL.unpack_from(listed, at)
    )
    _refuse_unless(mark == b"PK\1\2")
    if method:
        raise ArchiveFault(PACKED)
    length = _CENTRAL.size + name + extra
    _refuse_unless(flags in (0, _UTF8_NAMES) and not comment and not disk and at + length <= len(listed))
    name_end = at + _CENTRAL.size + name
    name_bytes = listed[at + _CENTRAL.size : name_end]
    size, packed, offset = _in_full([size, packed, offset], listed[name_end : at + length])
    _refuse_unless(size == packed)
    return _Entry(_name_in(name_bytes, flags), name_bytes, flags, crc, size, offset, length)


def _in_full(short: list[int], extra: bytes) -> list[int]:
    """The numbers, those of 64 bits taken from the further field, which holds exactly them."""
    places = [place for place, number in enumerate(short) if number == _IN_64_BITS]
    if not places:
        _refuse_unless(not extra)
        return short
    _refuse_unless(extra[:4] == struct.pack("<2H", 1, 8 * len(places)) and len(extra) == 4 + 8 * len(places))
    found = dict(zip(places, struct.unpack_from(f"<{len(places)}Q", extra, 4), strict=True))
    return [found.get(place, number) for place, number in enumerate(short)]


def _name_in(name: bytes, flags: int) -> str:
    _refuse_unless(flags == _UTF8_NAMES or name.isascii())
    try:
        return name.decode()
    except UnicodeDecodeError as fault:
        raise ArchiveFault(UNREADABLE) from fault


def _start_of(file: IO[bytes], entry: _Entry, end: int) -> int:
    """Where the member's bytes start, if what stands before them says the same as the list."""
    _refuse_unless(entry.offset + _LOCAL.size <= end)
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack(
        _read(file, entry.offset, _LOCAL.size)
    )
    start: int = entry.offset + _LOCAL.size + name + extra
    _refuse_unless(mark == b"PK\3\4" and start <= end)
    _refuse_unless((flags, method, crc) == (entry.flags, 0, entry.crc))
    rest = _read(file, entry.offset + _LOCAL.size, name + extra)
    _refuse_unless(rest[:name] == entry.name_bytes)
    sizes = _sizes_in(rest[name:])
    short = [
        sizes[i] if sizes and number == _IN_64_BITS else number for i, number in enumerate((size, packed))
    ]
    _refuse_unless(all(number == entry.size for number in (*short, *sizes)))
    return start


def _sizes_in(extra: bytes) -> tuple[int, ...]:
    if not extra:
        return ()
    _refuse_unless(len(extra) == _SIZES.size and extra[:4] == struct.pack("<2H", 1, 16))
    return struct.unpack_from("<2Q", extra, 4)
