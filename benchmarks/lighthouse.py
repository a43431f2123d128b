"""Lighthouse on phone settings: speed, accessibility, best practice of home, results, a unit, the ballot.

    .venv/bin/python benchmarks/lighthouse.py

Wanted: at least 95 each. Installs the pinned Lighthouse from npm into a folder of its own, publishes a round
of 24 departments and starts the web server as it is deployed (`benchmarks/site.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.site import published, serving
from tests.kit.browser import program

LIGHTHOUSE = "lighthouse@12.8.2"
WANTED = 95
CATEGORIES = ("performance", "accessibility", "best-practices")


def main() -> None:
    """Measure and print; ends with an error where a figure is below what is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ.pop("DATABASE_URL", None)
        index = published()
        tool = Path(folder) / "lighthouse"
        tool.mkdir()
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", LIGHTHOUSE]
        subprocess.run(install, cwd=tool, check=True)
        addresses = ("/", index, index.replace("index", "d1"), "/v/")
        with serving() as port:
            found = {address: _figures(tool, f"http://127.0.0.1:{port}{address}") for address in addresses}
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if any(figure < WANTED for figures in found.values() for figure in figures.values()):
        sys.exit(f"wanted {WANTED} each")


def _figures(tool: Path, address: str) -> dict[str, int]:
    command = [
        str(tool / "node_modules/.bin/lighthouse"),
        address,
        "--quiet",
        "--chrome-flags=--headless --no-sandbox --disable-gpu",
        f"--only-categories={','.join(CATEGORIES)}",
        "--output=json",
        "--output-path=stdout",
    ]
    around = os.environ | {"CHROME_PATH": program() or ""}
    answer = subprocess.run(command, env=around, check=True, capture_output=True)
    report: dict[str, Any] = json.loads(answer.stdout)
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}


if __name__ == "__main__":
    main()
