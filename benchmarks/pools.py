"""Drawing 300 of a pool of 2,000, and drawing them again from the protocol.

    PYTHONPATH=. .venv/bin/python benchmarks/pools.py [members] [drawn]

Pure Python, no database: what `manage.py verify_draw` does beside starting. Each is done five times, the
median counts, in seconds. Prints one JSON object.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from surveys.draws import protocol, stratified
from surveys.draws.stratified import Cell, Listed, Reserve


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    cells = [
        Cell(f"第{stratum}类", f"第{cell}区", members // 60) for stratum in range(6) for cell in range(10)
    ]
    listed = [
        Listed(f"{place:02}-{number:05}", cell.stratum, cell.name)
        for place, cell in enumerate(cells)
        for number in range(cell.size)
    ]

    def draw() -> list[stratified.CellDraw]:
        return stratified.draw(listed, cells, total=total, seed="基准", reserve=Reserve())

    raw = protocol.written({}, total=total, seed="基准", reserve=Reserve(), listed=listed, cells=draw())
    text = json.dumps(raw, ensure_ascii=False)
    measured = {
        "members": len(listed),
        "drawn": total,
        "draw_seconds": median(draw),
        "verify_seconds": median(lambda: protocol.faults_of(protocol.read(text)[0])),
        "protocol_bytes": len(text.encode()),
    }
    print(json.dumps(measured, ensure_ascii=False, indent=1))


def median(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return round(statistics.median(taken), 4)


if __name__ == "__main__":
    main()
