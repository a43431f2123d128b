"""Break things on purpose and see that nothing is lost.

    bin/faults                              every fault once; about a quarter of an hour
    bin/faults votes.web-killed --runs 3    one of them, three times
    bin/faults votes                        all whose name begins so
    bin/faults --list

Each run has a process, a folder and servers of its own. Prints a line a run and a table at the end; ends
with 1 where a run went wrong, with what it found and the end of its logs. A full disk needs a small disk of
its own, which only root can mount: without, those runs are left out and the table says so.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults import voting, working
from benchmarks.faults.world import ROOT, World

LONGEST = 420.0  # seconds of a run; then it counts as failed


@dataclass(frozen=True)
class Broken:
    """A fault, where it takes place, and the size of the disk it needs for itself."""

    of: str  # votes, jobs
    act: Any
    database: str = "postgresql"  # or sqlite; "disk": PostgreSQL on the small disk
    disk: str = ""

    def run(self, folder: Path, disk: Path | None) -> dict[str, Any]:
        world = World(folder, database=self.database, disk=disk)
        try:
            found: dict[str, Any] = voting.run(world, self.act) if self.of == "votes" else self.act(world)
            return found
        finally:
            world.end()


FAULTS = {
    "votes.worker-killed": Broken("votes", voting.worker_killed),
    "votes.web-killed": Broken("votes", voting.web_killed),
    "votes.database-stopped": Broken("votes", voting.database_stopped),
    "votes.backend-killed": Broken("votes", voting.backend_killed),
    "votes.redis-killed": Broken("votes", voting.redis_killed),
    "votes.clock-jumps": Broken("votes", voting.clock_jumps),
    "votes.backup": Broken("votes", voting.backups),
    "votes.data-full": Broken("votes", voting.disk_full, disk="200m"),
    "votes.database-full": Broken("votes", voting.disk_full, "disk", disk="320m"),
    "votes.sqlite-worker-killed": Broken("votes", voting.worker_killed, "sqlite"),
    "votes.sqlite-full": Broken("votes", voting.disk_full, "sqlite", disk="200m"),
    "votes.sqlite-backup": Broken("votes", voting.backups, "sqlite"),
    "jobs.publication-worker-killed": Broken("jobs", working.publication_worker_killed),
    "jobs.publication-database-stopped": Broken("jobs", working.publication_database_stopped),
    "jobs.publication-redis-restarted": Broken("jobs", working.publication_redis_restarted),
    "jobs.publication-disk-full": Broken("jobs", working.publication_disk_full, disk="200m"),
    "jobs.import-worker-killed": Broken("jobs", working.import_worker_killed),
    "jobs.two-hang": Broken("jobs", working.two_hang),
    "jobs.sent-40-times": Broken("jobs", working.sent_40_times),
    "jobs.one-raises": Broken("jobs", working.one_raises),
    "jobs.worker-clock-behind": Broken("jobs", working.worker_clock_behind),
    "jobs.clock-jumps": Broken("jobs", working.clock_jumps),
    "jobs.redis-killed": Broken("jobs", working.redis_killed),
    "jobs.sqlite-worker-killed": Broken("jobs", working.worker_killed_without_redis, "sqlite"),
}


def main() -> int:
    asked = _arguments()
    if asked.list:
        print("\n".join(FAULTS))
        return 0
    if asked.inside:
        return _inside(asked.names[0], asked.inside)
    names = [one for one in FAULTS if not asked.names or any(one.startswith(name) for name in asked.names)]
    if not names:
        print(f"no such fault; {' '.join(FAULTS)}", file=sys.stderr)
        return 2
    told = []
    with tempfile.TemporaryDirectory() as kept:
        os.environ["FAULTS_KEPT"] = kept
        for name in names:
            for _ in range(asked.runs):
                told.append((name, _watched(name)))
                print(f"{name}: {json.dumps(told[-1][1], ensure_ascii=False)}", flush=True)
    print(f"\n{_table(told)}")
    return int(any(not found["ok"] for _, found in told if not found.get("skipped")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="faults, or how their names begin")
    parser.add_argument("--runs", type=int, default=1, help="how often each")
    parser.add_argument("--list", action="store_true", help="their names")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    return parser.parse_args()


def _watched(name: str) -> dict[str, Any]:
    """Run a fault in a process of its own, and clear up whatever became of it."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)  # PostgreSQL's account goes through it
    disk = folder / "disk"
    size = FAULTS[name].disk
    started = time.monotonic()
    try:
        if size and not _mounted(disk, size):
            return {"ok": False, "skipped": "no small disk can be mounted here"}
        return {**_told(name, folder), "seconds": round(time.monotonic() - started)}
    finally:
        if size and disk.is_mount():
            subprocess.run(["umount", "-l", str(disk)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _mounted(disk: Path, size: str) -> bool:
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "faults", str(disk)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _told(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.faults", name, "--inside", str(folder)]
    with (folder / "run.log").open("wb") as log:
        run = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        run.wait(LONGEST)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    result = folder / "found.json"
    found: dict[str, Any] = json.loads(result.read_text()) if result.exists() else {"ok": False}
    if not found["ok"]:
        found["logs"] = {one.stem: one.read_text(errors="replace")[-1500:] for one in folder.glob("*.log")}
    return found


def _inside(name: str, place: str) -> int:
    folder = Path(place)
    disk = folder / "disk"
    try:
        found = FAULTS[name].run(folder, disk if disk.is_mount() else None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run went wrong
        traceback.print_exc()
        found = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    (folder / "found.json").write_text(json.dumps(found, ensure_ascii=False))
    return 0


def _table(told: list[tuple[str, dict[str, Any]]]) -> str:
    lines = ["| fault | result | found | seconds |", "|---|---|---|---|"]
    for name, found in told:
        word = "left out" if found.get("skipped") else "ok" if found["ok"] else "FAILED"
        apart = ("ok", "logs", "seconds", "skipped", "message", "given_up", "words_agree")
        said = ", ".join(
            f"{key.replace('_', ' ')} {value}" for key, value in found.items() if key not in apart
        )
        lines.append(f"| {name} | {word} | {said} | {found.get('seconds', '')} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
