"""The custodian's page counts a large box: seconds and memory in headless Chromium, beside the command line.

    .venv/bin/python -m benchmarks.custodian [ballots] [bundle]

2,000 × 434 persons unless told otherwise; every ballot is a real one of its own. A named bundle is kept and
used again. The page is the built file, opened from the disk and driven as a custodian does: check, recovery
sheet, count, save; what it saves must say what the command's file says. The command has two processes.

A processor four times slower: the browser's own throttle slows the window, not its workers, which do nearly
all of the work. So all processes of the browser are stopped for three quarters of each forty milliseconds.
Where other work fills the processors that slows less: "on two slow cores" is four times the processor time,
of which two workers share the counting, and nothing the checking.
Memory is the sum over all processes of the browser, what they share counted once (PSS), looked at twice a
second.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.tally import PRIVATE, SEED, make_bundle
from surveys.ballots import credentials, keyfile
from surveys.ballots.blindrsa import IssuerKey
from surveys.ballots.bundle import Bundle
from tests.kit import ballot_form
from tests.kit.browser import FLAGS, program

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "surveys/box/custodian.html"
PERSONS = 434
SLOWER = 4
ROUND = 0.04
HOURS = 2 * 60 * 60 * 1000


def made(path: Path, number: int) -> Bundle:
    if path.exists():
        return Bundle(path)
    issuer = IssuerKey.generate()
    public = ballot_form.public(
        keys={"K7M2": issuer.public_bytes()},
        tally_key=bytes(PrivateKey(PRIVATE).public_key),
        counts_key=keyfile.counts_key(PRIVATE),
        box_key=credentials.box_public_key(SEED),
        departments=PERSONS // 14,
        persons=14,
    )
    return make_bundle(path, public, issuer, number)


def by_command(bundle: Path, out: Path) -> float:
    """Seconds by the clock."""
    command = [sys.executable, "-m", "surveys.ballots.tally", str(bundle)]
    start = time.perf_counter()
    subprocess.run(
        [*command, "--recovery", "--processes", "2", "--out", str(out)],
        input="\n".join(keyfile.recovery_lines(PRIVATE)),
        text=True,
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return time.perf_counter() - start


def browser_processes() -> list[int]:
    """All that descend from this process and are no part of the driver (Linux)."""
    found, waiting = [], [os.getpid()]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                children = [int(each) for each in task.read_text().split()]
                found += [one for one in children if "chrom" in Path(f"/proc/{one}/exe").readlink().name]
                waiting += children
            except OSError:  # it has just ended
                continue
    return found


def busy(processes: list[int]) -> float:
    """Seconds of processor time so far."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes() -> float:
    total = 0
    for process in browser_processes():
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def repeated(work: Any, pause: float) -> Iterator[None]:
    """`work`, again and again, in a thread of its own."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def stop_for_a_while(processes: list[int]) -> None:
    for what, pause in ((signal.SIGSTOP, ROUND * (SLOWER - 1) / SLOWER), (signal.SIGCONT, 0)):
        for process in processes:
            os.kill(process, what)
        time.sleep(pause)  # the stop itself is what is measured


def by_page(bundle: Path, out: Path, *, slower: bool) -> dict[str, float]:
    """Seconds of both parts by the clock, and the most megabytes."""
    seen = {"megabytes": 0.0}

    def look() -> None:
        seen["megabytes"] = max(seen["megabytes"], megabytes())

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        page.set_default_timeout(HOURS)
        page.goto(PAGE.as_uri())
        page.get_by_role("button", name="三　计票").click()
        page.get_by_label("计票包").set_input_files(bundle)
        processes = browser_processes()
        brake = repeated(lambda: stop_for_a_while(processes), ROUND / SLOWER) if slower else nullcontext()
        with repeated(look, 0.5), brake:
            before = busy(processes)
            seen["check"] = seconds(page, "核对计票包", "下一步")
            page.get_by_role("button", name="下一步").click()
            page.get_by_label("恢复单").check()
            for number, line in enumerate(keyfile.recovery_lines(PRIVATE), start=1):
                page.get_by_label(f"第{number}行").fill(line)
            checking = busy(processes) - before
            seen["count"] = seconds(page, "开始计票", "保存计票结果")
            counting = busy(processes) - before - checking
            seen |= {"busy": checking + counting, "slow": SLOWER * (checking + counting / 2)}
        with page.expect_download() as saved:
            page.get_by_role("button", name="保存计票结果").click()
        saved.value.save_as(out)
        browser.close()
    return seen


def seconds(page: Page, press: str, until: str) -> float:
    """From a button to the next one."""
    start = time.perf_counter()
    page.get_by_role("button", name=press).click()
    page.get_by_role("button", name=until).wait_for()
    return time.perf_counter() - start


def said(path: Path) -> Any:
    """The counts without what is drawn by lot: the order of the comments, and nonce, mark and signature."""
    counts = json.loads(path.read_text())
    comments = {name: sorted(map(str, listed)) for name, listed in counts["comments"].items()}
    drawn = ("comments_nonce", "comments_mark", "signature")
    return {name: part for name, part in counts.items() if name not in drawn} | {"comments": comments}


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        bundle = made(Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "bundle.zip", number)
        print(f"{bundle.size} ballots x {bundle.layout.cells} persons, {os.cpu_count()} cores")
        command = by_command(bundle.path, folder / "command.json")
        print(f"command, two processes: {command:.1f} s; load {os.getloadavg()[0]:.1f}")
        for slower in (False, True):
            out = folder / f"page-{slower}.json"
            seen = by_page(bundle.path, out, slower=slower)
            whole = seen["check"] + seen["count"]
            print(
                f"page{f', {SLOWER} x slower' * slower}: {whole:.1f} s ({seen['check']:.1f} s checking,"
                f" {seen['count']:.1f} s counting), {whole / command:.1f} x the command;"
                f" {seen['busy']:.1f} s busy, {seen['slow']:.0f} s on two slow cores;"
                f" at most {seen['megabytes']:.0f} MB; load {os.getloadavg()[0]:.1f};"
                f" same counts: {said(out) == said(folder / 'command.json')}"
            )


if __name__ == "__main__":
    main()
