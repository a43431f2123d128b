"""Rows put aside between checking and writing, on the disk instead of in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any


class Spool:
    """Rows of plain values in their order; the file has no name and goes with the process."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the spool
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, row: list[Any]) -> None:
        self._file.write(json.dumps(row))
        self._file.write("\n")
        self._count += 1

    def chunks(self, size: int) -> Iterator[list[list[Any]]]:
        """Yield the rows again, `size` at a time, as often as asked."""
        self._file.seek(0)
        chunk: list[list[Any]] = []
        for line in self._file:
            chunk.append(json.loads(line))
            if len(chunk) == size:
                yield chunk
                chunk = []
        if chunk:
            yield chunk
