"""Opens and counts ballots: sums per subject, question, stratum and choice.

Memory does not grow with the box: ballots are read a thousand at a time, and only sums and comments
are kept.
"""

import multiprocessing
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from surveys.ballots import credentials, forms, marks, paper
from surveys.ballots.bundle import RANGE, Bundle, BundleFault, Checked
from surveys.ballots.casting import Cast, Checker
from surveys.ballots.forms import Json
from surveys.ballots.sealing import Comment, Opener, Spoiled

FORMAT = "sanliang-counts/2"
FORMER = "sanliang-counts/1"
"""Written by earlier versions, without `touched`; still imported and verified."""
LEAST_BALLOTS = 10
"""A stratum with fewer counted ballots is merged with the next smallest before anything is written."""
ALIKE_FROM = 5
"""A ballot that rates so many and gives all of them the same choice is counted as alike: a sign, no fault."""
PAPER_KINDS = ("sheets", "spoiled", "set_aside", "blank", "double")
"""Numbers of sheets: entered, spoiled, set aside; of their cells: left blank, ticked twice."""
Grid = npt.NDArray[np.int64]  # cells × (choices + 1); column 0 counts untouched cells


@dataclass
class Count:
    """Sums over some ballots, by key id; `add` combines two."""

    grids: dict[str, Grid] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    spoiled: dict[str, Counter[str]] = field(default_factory=dict)
    comments: list[tuple[str, str, str]] = field(default_factory=list)  # department, kind, text
    forged: list[str] = field(default_factory=list)  # trackers whose signatures do not hold
    packets: Counter[str] = field(default_factory=Counter)  # voters on paper, included in `counted`
    paper: Counter[str] = field(default_factory=Counter)  # sheets, and what was found on them
    touched: Counter[str] = field(default_factory=Counter)  # department → ballots that say anything of it
    alike: Counter[str] = field(default_factory=Counter)  # of those cast on a phone

    def add(self, other: "Count") -> None:
        for key_id, grid in other.grids.items():
            self.grids[key_id] = self.grids[key_id] + grid if key_id in self.grids else grid
        self.counted.update(other.counted)
        for key_id, reasons in other.spoiled.items():
            self.spoiled.setdefault(key_id, Counter()).update(reasons)
        self.comments += other.comments
        self.forged += other.forged
        self.packets.update(other.packets)
        self.paper.update(other.paper)
        self.touched.update(other.touched)
        self.alike.update(other.alike)


class Teller:
    """Counts ballots of one survey; without a private key it only checks their signatures."""

    def __init__(self, public: Json, private_key: bytes | None = None) -> None:
        self.checker = Checker(public)
        self.layout = self.checker.layout
        self.form_hash = forms.form_hash(public)
        self.opener = Opener(private_key) if private_key else None
        self.cells = forms.cells(public["form"])
        self.width = self.layout.choices + 1
        self.offsets = np.arange(self.layout.cells, dtype=np.int64) * self.width
        self.departments = forms.places_of_departments(public["form"])
        self.says = np.array([False, *forms.known(public["form"])])
        self.subjects = _first_places(self.cells)
        self.allowed = marks.allowed(public)

    def count(self, ballots: Iterator[Cast]) -> Count:
        found = Count()
        rows: dict[str, list[bytes]] = {}
        for cast in ballots:
            if self.checker.fault(cast):
                found.forged.append(cast.tracker)
            elif self.opener:
                self._open(cast, self.opener, found, rows)
        for key_id, answers in rows.items():
            found.counted[key_id] = len(answers)
            table = np.frombuffer(b"".join(answers), dtype=np.uint8).reshape(-1, self.layout.cells)
            found.grids[key_id] = self._sum(table)
            for department, places in self.departments.items():
                found.touched[department] += int(self.says[table[:, places]].any(axis=1).sum())
            found.alike[key_id] = self._alike(table)
        return found

    def _alike(self, table: npt.NDArray[np.uint8]) -> int:
        """How many ballots rate enough subjects and give all of them the same choice."""
        says = self.says[table]
        rated = np.logical_or.reduceat(says, self.subjects, axis=1).sum(axis=1)
        lowest = np.where(says, table, np.iinfo(np.uint8).max).min(axis=1)
        highest = np.where(says, table, 0).max(axis=1)
        return int(((rated >= ALIKE_FROM) & (lowest == highest)).sum())

    def _open(self, cast: Cast, opener: Opener, found: Count, rows: dict[str, list[bytes]]) -> None:
        survey = self.checker.survey
        inside = credentials.binding(survey, self.form_hash, cast.credential, cast.seq)
        try:
            plain = opener.open(cast.sealed)
            answers, comments = self.layout.read(plain, inside, self.allowed.get(cast.key_id))
        except Spoiled as spoiled:
            found.spoiled.setdefault(cast.key_id, Counter())[spoiled.reason] += 1
            return
        rows.setdefault(cast.key_id, []).append(answers)
        for comment in comments:
            found.comments += self._split(comment)

    def _split(self, comment: Comment) -> list[tuple[str, str, str]]:
        """Matter and suggestion are separated, and only the department stays attached to them."""
        department = self.cells[comment.cell].department
        parts = (("matter", comment.matter), ("suggestion", comment.suggestion))
        return [(department, kind, text.strip()) for kind, text in parts if text.strip()]

    def _sum(self, table: npt.NDArray[np.uint8]) -> Grid:
        flat = (table + self.offsets).ravel()
        return np.bincount(flat, minlength=self.layout.cells * self.width).reshape(-1, self.width)


def _first_places(cells: list[forms.Cell]) -> list[int]:
    """Where each subject's cells begin; they stand together."""
    return [place for place, one in enumerate(cells) if not place or cells[place - 1].subject != one.subject]


def count_bundle(
    bundle: Bundle,
    private_key: bytes | None,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Count:
    """Check, open and count all ballots of a bundle, in one or several processes.

    `progress` receives (ballots done, ballots in total). Forged ballots are listed, not counted.
    """
    _refuse_wrong_keys(bundle)
    total = Count()
    jobs = [(first, RANGE) for first in range(0, bundle.size, RANGE)]
    done = 0
    for (_, number), part in zip(jobs, _parts(bundle, private_key, jobs, processes), strict=True):
        total.add(part)
        done = min(done + number, bundle.size)
        if progress:
            progress(done, bundle.size)
    if private_key:
        total.add(_on_paper(bundle, private_key))
    return total


def _refuse_wrong_keys(bundle: Bundle) -> None:
    """Before any process starts: one that fails to start is started again for ever."""
    try:
        Checker(bundle.public)
    except ValueError as fault:
        raise BundleFault("计票包所列的票种公钥不是2048位的签名公钥，请封存计票包并查明原因。") from fault


def _on_paper(bundle: Bundle, private_key: bytes) -> Count:
    """Packets join the ballots before anything is written: nobody ever sees paper alone."""
    found = paper.pool(bundle, private_key)
    return Count(
        grids=dict(found.grids),
        counted=Counter(found.packets),
        comments=found.comments,
        packets=found.packets,
        paper=found.kinds,
        touched=found.touched,
    )


def _parts(
    bundle: Bundle, private_key: bytes | None, jobs: list[tuple[int, int]], processes: int
) -> Iterator[Count]:
    if processes == 1 or len(jobs) == 1:
        teller = Teller(bundle.public, private_key)
        for first, number in jobs:
            yield teller.count(bundle.ballots(first, number))
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _prepare, (bundle.path, private_key, bundle.checked)) as pool:
        yield from pool.imap(_count_some, jobs)


_given: list[tuple[Path, bytes | None, Checked | None]] = []
_work: list[tuple[Bundle, Teller]] = []


def _prepare(path: Path, private_key: bytes | None, checked: Checked | None) -> None:
    _given.append((path, private_key, checked))


def _count_some(job: tuple[int, int]) -> Count:
    """Opens the bundle with the first job: a process that fails before that is started again for ever."""
    if not _work:
        [(path, private_key, checked)] = _given
        bundle = Bundle(path)
        bundle.hold(checked)
        _work.append((bundle, Teller(bundle.public, private_key)))
    [(bundle, teller)] = _work
    return teller.count(bundle.ballots(*job))


@dataclass
class Group:
    """A stratum, or several merged ones, as the counts report it."""

    key_ids: list[str]
    names: list[str]
    counted: int
    spoiled: int
    grid: Grid
    packets: int = 0
    alike: int = 0

    @property
    def may_say_alike(self) -> bool:
        """Of fewer it could tell whose answers belong together."""
        return self.counted - self.packets >= LEAST_BALLOTS


def groups(public: Json, count: Count, *, least: int = LEAST_BALLOTS) -> list[Group]:
    """Strata in the order of the form's keys; those below `least` merged, smallest first, but for panels."""
    shape = (len(forms.cells(public["form"])), len(forms.words(public["form"])) + 1)
    found = [
        Group(
            key_ids=[key["id"]],
            names=[key["stratum"]],
            counted=count.counted[key["id"]],
            spoiled=sum(count.spoiled.get(key["id"], Counter()).values()),
            grid=count.grids.get(key["id"], np.zeros(shape, dtype=np.int64)),
            packets=count.packets[key["id"]],
            alike=count.alike[key["id"]],
        )
        for key in public["keys"]
    ]
    while len(found) > 1 and not marks.gives_marks(public["form"]):
        found.sort(key=lambda group: (group.counted, group.key_ids))
        if found[0].counted >= least:
            break
        small, next_one = found[:2]
        found[:2] = [_merged(next_one, small)]
    places = [key["id"] for key in public["keys"]]
    return sorted(found, key=lambda group: places.index(group.key_ids[0]))


def _merged(one: Group, other: Group) -> Group:
    pairs = sorted(zip(one.key_ids + other.key_ids, one.names + other.names, strict=True))
    return Group(
        key_ids=[key_id for key_id, _ in pairs],
        names=[name for _, name in pairs],
        counted=one.counted + other.counted,
        spoiled=one.spoiled + other.spoiled,
        grid=one.grid + other.grid,
        packets=one.packets + other.packets,
        alike=one.alike + other.alike,
    )


def answers(form: Json, grid: Grid) -> dict[str, dict[str, dict[str, int]]]:
    """subject → question → word → count; untouched cells count as the unknown word."""
    labels, unknown = forms.words(form), forms.unknown_word(form)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for cell, row in zip(forms.cells(form), grid.tolist(), strict=True):
        words = dict(zip(labels, row[1:], strict=True))
        words[unknown] += row[0]
        found.setdefault(cell.subject, {})[cell.question] = words
    return found


def counts_file(bundle: Bundle, count: Count, *, least: int = LEAST_BALLOTS) -> Json:
    """What the custodian hands to the centre: sums and comments, no ballot."""
    reasons: Counter[str] = Counter()
    for part in count.spoiled.values():
        reasons.update(part)
    says_alike = not marks.gives_marks(bundle.public["form"])
    found: Json = {
        "format": FORMAT,
        "survey": bundle.survey,
        "fp": bundle.manifest["fp"],
        "bundle": bundle.hash,
        "ballots": bundle.size,
        "spoiled": dict(sorted(reasons.items())),
        "strata": [
            {
                "name": "+".join(group.names),
                "keys": group.key_ids,
                "counted": group.counted,
                "spoiled": group.spoiled,
                **({"packets": group.packets} if group.packets else {}),
                **({"alike": group.alike} if group.may_say_alike and says_alike else {}),
                "answers": answers(bundle.public["form"], group.grid),
            }
            for group in groups(bundle.public, count, least=least)
        ],
        "touched": {
            one["id"]: number
            for one in bundle.public["form"]["departments"]
            if (number := count.touched[one["id"]])
            >= LEAST_BALLOTS  # fewer could tell whose answers belong together
        },
        "comments": _shuffled(count.comments),
    }
    if count.packets:
        found["packets"] = count.packets.total()
        found["paper"] = {name: count.paper[name] for name in PAPER_KINDS}
    return found


def _shuffled(comments: list[tuple[str, str, str]]) -> dict[str, list[dict[str, str]]]:
    """By department, in random order: no two comments can be traced to one voter."""
    order = list(comments)
    secrets.SystemRandom().shuffle(order)
    found: dict[str, list[dict[str, str]]] = {}
    for department, kind, text in order:
        found.setdefault(department, []).append({"kind": kind, "text": text})
    return dict(sorted(found.items()))
