"""What other rooms may read: turnout, counts after the tally, batches; never a ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet

from surveys import bundles, checking, paper_pdf, paper_standing, posted
from surveys.ballots import forms, keyfile
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.encoding import from_b64
from surveys.ballots.explanations import Explanation
from surveys.ballots.exporting import public_part
from surveys.ballots.paper import packets_of
from surveys.ballots.slips import in_fours
from surveys.checking import Published
from surveys.models import MarketEntity, SlipBatch, Survey


@dataclass(frozen=True)
class Turnout:
    """Voters so far, rounded down to ten, as of one day; never live."""

    total: int
    by_kind: dict[str, int]
    as_of: date | None


def turnout(survey: Survey) -> Turnout:
    """The figure of last night or of the close."""
    return turnout_in(Survey.objects.values_list("turnout", flat=True).get(pk=survey.pk))


def turnout_in(kept: dict[str, Any]) -> Turnout:
    """The figure that a survey at hand holds, for lists that have read it already."""
    if not kept:
        return Turnout(0, {}, None)
    return Turnout(kept["total"], kept["by_kind"], date.fromisoformat(kept["as_of"]))


def counts(survey: Survey) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """{stratum kind: {subject: {question: {choice: n}}}} after the tally, else empty."""
    return dict(Survey.objects.values_list("counts", flat=True).get(pk=survey.pk))


def valid_ballots(survey: Survey) -> dict[str, int]:
    """{stratum kind: ballots counted} after the tally, else empty."""
    return dict(controls(survey).get("ballots", {}))


def controls(survey: Survey) -> dict[str, Any]:
    """The checks of box against slips made by the tally; `faults` names every broken one."""
    return dict(Survey.objects.values_list("controls", flat=True).get(pk=survey.pk))


def voters_by_town() -> dict[int, dict[str, int]]:
    """{town: {kind: market entities that may be invited}}, for slips in proportion."""
    rows = MarketEntity.objects.filter(is_active=True).values("town_id", "kind").annotate(n=Count("pk"))
    towns: dict[int, dict[str, int]] = {}
    for row in rows.order_by("town_id", "kind"):
        towns.setdefault(row["town_id"], {})[row["kind"]] = row["n"]
    return towns


def paper_keyed(survey: Survey) -> bool | None:
    """Whether the paper of a closed survey is keyed; None before the close, and where nobody took paper."""
    if survey.state == Survey.State.COUNTED:
        return True if "paper" in survey.controls else None
    closed = survey.state == Survey.State.CLOSED
    return survey.paper_finished if closed and paper_standing.has_paper(survey) else None


def challenge(survey: Survey) -> str:
    """The challenge of the rehearsal, for the custodian of the tally key."""
    kept = Survey.objects.values_list("rehearsal", flat=True).get(pk=survey.pk)
    return str(kept.get("challenge", ""))


def trackers(public_id: str) -> list[str] | None:
    """The sorted trackers of a closed survey; None before its box is sorted out."""
    survey = Survey.objects.filter(public_id=public_id).first()
    if survey is None or not bundles.path_of(survey).exists():
        return None
    return bundles.read(survey).trackers()


def batches(survey: Survey, *, town_ids: Iterable[int] | None = None) -> QuerySet[SlipBatch]:
    """The valid batches of a survey, of some towns only if asked."""
    found = SlipBatch.objects.filter(survey=survey, is_void=False).select_related("town", "stratum", "survey")
    return found if town_ids is None else found.filter(town_id__in=town_ids)


def control_faults(survey: Survey) -> list[str]:
    """What stands in the way of a result: a broken control that nobody explained, or a bundle that is
    not the one counted.
    """
    kept = controls(survey)
    if not kept:
        return []
    if not has_bundle(survey):
        return ["计票包不在服务器上，无法核对。请从备份或保管人处取回原件。"]
    try:
        bundle = Bundle(bundles.path_of(survey))
        changed = bundle.faults() if bundle.hash == kept["bundle"] else ["计票包在计票以后被更换。"]
    except BundleFault as fault:
        changed = [str(fault)]
    if changed:
        return changed
    return [one.said for one in checking.in_the_way(survey, checking.controls_of(survey))]


def explained(survey: Survey) -> list[Explanation]:
    """The broken controls that a named person explained, with all numbers."""
    return checking.explained(survey)


def published_explanations(survey: Survey) -> list[Published]:
    """The same as everybody may read it."""
    return checking.published(survey)


def explained_since(survey: Survey, moment: datetime) -> bool:
    """Whether something was explained after a moment, such as after the bundle of results was written."""
    return any(one.at > moment for one in checking.explanations(survey))


@dataclass(frozen=True)
class BlankSheets:
    """The sheets that a survey asks people to fill in (annex 3): words and, by department, the rows."""

    words: list[str]
    departments: list[tuple[str, list[dict[str, Any]]]]


def blank_sheets(survey: Survey) -> BlankSheets | None:
    """The blank sheets of a frozen survey, laid out as the packets of paper ballots are."""
    if not survey.public:
        return None
    form = survey.frozen()["form"]
    return BlankSheets(forms.words(form), [(one["name"], paper_pdf.rows(one)) for one in form["departments"]])


def has_bundle(survey: Survey) -> bool:
    """Whether the closed box has been sorted out and can be handed over."""
    return bundles.path_of(survey).exists()


def has_results_bundle(survey: Survey, number: int) -> bool:
    """Whether the bundle with the results of a computation can be handed over."""
    return bundles.results_path_of(survey, number).exists()


@dataclass(frozen=True)
class Key:
    """The key of one kind of slip, as everybody may know it."""

    key_id: str
    stratum: str
    printed: int
    digest: str


@dataclass(frozen=True)
class Board:
    """What is posted about a survey: fixed before voting, and after the close what was in the box."""

    public_id: str
    title: str
    state: str
    key_on_server: bool
    fingerprint: str
    tally_mark: str
    keys: tuple[Key, ...]
    printed: int
    code_root: str
    ballots: int | None
    tracker_root: str
    bundle: str
    turnout: Turnout
    is_open: bool
    packets: int


def board(public_id: str) -> Board | None:
    """What is posted about a survey; None before its form and keys are fixed."""
    survey = Survey.objects.filter(public_id=public_id).exclude(public="").first()
    return None if survey is None else board_of(survey)


def board_of(survey: Survey) -> Board:
    """The same of a survey at hand whose keys are fixed."""
    batches = survey.batches.filter(is_printed=True)
    printed: Counter[str] = Counter()
    for key_id, size in batches.values_list("stratum__key_id", "size"):
        printed[key_id or ""] += size
    keys = tuple(
        Key(one["id"], one["stratum"], printed[one["id"]], sha256(one["n"].encode()).hexdigest())
        for one in survey.frozen()["keys"]
    )
    sealed = bundles.read(survey) if has_bundle(survey) else None
    return Board(
        public_id=survey.public_id,
        title=survey.title,
        state=survey.get_state_display(),
        key_on_server=survey.key_on_server,
        fingerprint=in_fours(survey.fingerprint),
        tally_mark=keyfile.public_mark(from_b64(survey.tally_public_key)),
        keys=keys,
        printed=sum(printed.values()),
        code_root=survey.code_root,
        ballots=sealed.size if sealed else None,
        tracker_root=sealed.manifest["tracker_root"] if sealed else "",
        bundle=sealed.hash if sealed else "",
        turnout=turnout_in(survey.turnout),
        is_open=survey.state == Survey.State.OPEN,
        packets=sum(packets_of(sealed).values()) if sealed else 0,
    )


def board_stamp(public_id: str) -> str:
    """Changes whenever what is posted of a survey does; empty where there is none."""
    return posted.stamp(public_id)


def counted(public_id: str) -> posted.Counted | None:
    """Valid and spoiled ballots in all, after the tally."""
    return posted.counted(public_id)


def keep_board(path: Path, page: str) -> None:
    """Write a board's page; those of former states go."""
    former = list(path.parent.glob("*.html"))
    posted.keep(path, page.encode())
    for one in former:
        one.unlink(missing_ok=True)


def board_folder(public_id: str) -> Path:
    """Where the files of a survey's board lie."""
    return posted.folder(public_id)


def public_bundle(public_id: str) -> bytes | None:
    """The part of the bundle that everybody may have: trackers, keys and numbers, never a ballot."""
    survey = Survey.objects.filter(public_id=public_id).first()
    if survey is None or not has_bundle(survey):
        return None
    return _public_bundle(str(bundles.path_of(survey)))


@lru_cache(maxsize=4)
def _public_bundle(path: str) -> bytes:
    """A written bundle never changes."""
    return public_part(Bundle(Path(path)))
