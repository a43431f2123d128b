"""Counting a large box: against the bare cost of the same work, in memory, in one and two processes.

    .venv/bin/python -m benchmarks.tally [ballots] [persons]

4,000 × 434 unless told otherwise; one ballot in five says something. "Bare" does the same checks,
openings and sums and nothing around them. Ratios are of processor time, which hardly feels what else
the machine does; two processes are compared by the clock, beside what the same split gives the bare
work. Memory is that of a process of its own that counts a quarter of the box, then of one that counts
all of it.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.serialization import load_der_private_key
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from surveys.ballots import blindrsa, casting, credentials, forms
from surveys.ballots.blindrsa import IssuerKey
from surveys.ballots.bundle import Bundle, SlipRow, code_root
from surveys.ballots.counting import count_bundle
from surveys.ballots.encoding import from_b64
from surveys.ballots.exporting import write_bundle
from surveys.ballots.sealing import Comment, Layout
from tests.kit import ballot_form

SAID = Comment(0, "办理一项许可来回跑了四趟，材料清单前后不一致，窗口没有一次讲清楚。", "建议把清单贴出来。")
SAYS = 5  # one ballot in so many
SEED = b"s" * 32
PRIVATE = b"t" * 32


def public_part(issuer: IssuerKey, persons: int) -> dict[str, Any]:
    return ballot_form.public(
        keys={"K7M2": issuer.public_bytes()},
        tally_key=bytes(PrivateKey(PRIVATE).public_key),
        box_key=credentials.box_public_key(SEED),
        departments=persons // 14,
        persons=14,
    )


def make_some(job: tuple[dict[str, Any], IssuerKey, int, int]) -> list[casting.Cast]:
    """Real ballots; the issuer signs directly, as the blinding is not what is measured."""
    public, issuer, number, seed = job
    signer: Any = load_der_private_key(issuer.to_bytes(), password=None)
    random = np.random.default_rng(seed)
    layout, fp, survey = Layout.of(public["form"]), forms.form_hash(public), public["survey"]
    box = SealedBox(PrivateKey(PRIVATE).public_key)
    made = []
    for place in range(number):
        signing = SigningKey.generate()
        credential = bytes(signing.verify_key)
        message = blindrsa.prepare(credentials.credential_message(survey, "K7M2", credential))
        sig = signer.sign(message, blindrsa._PADDING, blindrsa._SHA384)  # noqa: SLF001
        answers = np.where(random.random(layout.cells) < 0.02, random.integers(1, 6, layout.cells), 0)
        inside = credentials.binding(survey, fp, credential, 1)
        said = [] if place % SAYS else [SAID]
        sealed = bytes(box.encrypt(layout.write(inside, answers.astype(np.uint8).tobytes(), said)))
        edsig = signing.sign(credentials.ballot_message(survey, credential, 1, sealed)).signature
        made.append(casting.Cast("K7M2", message[:32], credential, sig, 1, sealed, edsig))
    return made


def make_bundle(path: Path, public: dict[str, Any], issuer: IssuerKey, number: int) -> Bundle:
    step = 500
    jobs = [(public, issuer, min(step, number - first), first) for first in range(0, number, step)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        casts = [cast for part in pool.imap_unordered(make_some, jobs) for cast in part]
    hashes = [place.to_bytes(32, "big") for place in range(number)]
    batch = {"id": "1", "key": "K7M2", "town": "示范镇", "printed": number}
    write_bundle(
        path,
        public=public,
        ballots=sorted(casts, key=lambda cast: cast.credential),
        slips=[SlipRow(each, "redeemed", 0) for each in hashes],
        batches=[{**batch, "handed": number, "returned": 0, "spoiled": 0}],
        published_code_root=code_root(hashes),
        key_on_server=False,
        box_seed=SEED,
    )
    return Bundle(path)


def bare(bundle: Bundle, number: int, start: int = 0) -> np.ndarray[Any, Any]:
    """The least that could be done: the same checks, openings and sums, and nothing around them."""
    public, layout = bundle.public, bundle.layout
    key = blindrsa._public_key(blindrsa.modulus(from_b64(public["keys"][0]["n"])))  # noqa: SLF001
    box, fp, survey = SealedBox(PrivateKey(PRIVATE)), forms.form_hash(public), public["survey"]
    total = np.zeros(layout.cells * 6, dtype=np.int64)
    offsets = np.arange(layout.cells) * 6
    rows: list[bytes] = []

    def add() -> None:
        table = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, layout.cells) + offsets
        total[:] += np.bincount(table.ravel(), minlength=total.size)
        rows.clear()

    for cast in bundle.ballots(start, number):
        message = credentials.credential_message(survey, "K7M2", cast.credential)
        key.verify(cast.sig, cast.prefix + message, blindrsa._PADDING, blindrsa._SHA384)  # noqa: SLF001
        signed = credentials.ballot_message(survey, cast.credential, cast.seq, cast.sealed)
        VerifyKey(cast.credential).verify(signed, cast.edsig)
        plain = box.decrypt(cast.sealed)
        if plain[1:33] != credentials.binding(survey, fp, cast.credential, cast.seq):
            raise ValueError("copied")
        rows.append(plain[33 : 33 + layout.cells])
        if len(rows) == 1000:
            add()
    if rows:
        add()
    return total.reshape(-1, 6)


def bare_half(job: tuple[Path, int, int]) -> np.ndarray[Any, Any]:
    path, number, start = job
    return bare(Bundle(path), number, start)


def bare_by_two(path: Path, number: int) -> np.ndarray[Any, Any]:
    """What two processes can be on this machine at this hour: half the bare work each."""
    jobs = [(path, number // 2, 0), (path, number - number // 2, number // 2)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.map(bare_half, jobs, chunksize=1)
    return first + second


@dataclass
class Took:
    """By the clock, and on the processors: the latter hardly feels what else the machine does."""

    clock: float
    processor: float


def timed(work: Callable[[], Any]) -> tuple[Took, Any]:
    start, busy = time.perf_counter(), _busy()
    result = work()
    return Took(time.perf_counter() - start, _busy() - busy), result


def _busy() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def counted_alone(path: Path, number: int) -> tuple[float, float, float]:
    """In a process of its own: megabytes before and at the highest point of counting so many ballots."""
    bundle = Bundle(path)
    bundle.__dict__["size"] = number
    before = _megabytes("VmRSS")
    found = count_bundle(bundle, PRIVATE)
    return before, _megabytes("VmHWM"), sum(len(text.encode()) for *_, text in found.comments) / 1e6


def _megabytes(what: str) -> float:
    """Of this process alone (Linux); what getrusage says, a new process inherits from its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def memory(path: Path, number: int) -> None:
    for some in (number // 4, number):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            before, highest, said = pool.submit(counted_alone, path, some).result()
        print(
            f"memory       {some} ballots: {highest:.0f} MB, {highest - before:.0f} MB more than before;"
            f" {said:.1f} MB of words in comments"
        )


def report(name: str, took: Took, number: int, said: str) -> None:
    speed = f"{number / took.clock:7.0f} /s"
    print(f"{name:12} {took.clock:6.1f} s  ({took.processor:6.1f} s busy) {speed}   {said}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    persons = int(sys.argv[2]) if len(sys.argv) > 2 else 434
    issuer = IssuerKey.generate()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        took, bundle = timed(lambda: make_bundle(path, public_part(issuer, persons), issuer, number))
        print(f"{number} ballots x {bundle.layout.cells} persons, {bundle.layout.sealed_length} bytes each")
        print(
            f"made in {took.clock:.1f} s, {path.stat().st_size / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}"
        )
        least, expected = timed(lambda: bare(bundle, number))
        report("bare", least, number, "")
        one, count = timed(lambda: count_bundle(bundle, PRIVATE))
        report("one process", one, number, f"{one.processor / least.processor:.2f} x the bare processor time")
        two, again = timed(lambda: count_bundle(bundle, PRIVATE, processes=2))
        both, _ = timed(lambda: bare_by_two(path, number))
        report("bare, two", both, number, f"{least.clock / both.clock:.2f} x as fast as one by the clock")
        report("two", two, number, f"{one.clock / two.clock:.2f} x as fast as one by the clock")
        memory(path, number)
        exact = all((found.grids["K7M2"] == expected).all() for found in (count, again))
        print(f"counts exact: {exact}, ballots counted: {count.counted['K7M2']}, forged: {len(count.forged)}")


if __name__ == "__main__":
    main()
