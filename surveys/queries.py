"""What other rooms may read: turnout, counts after the tally, batches; never a ballot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from office import dates
from surveys.ballots import forms, marks
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.box import bundles
from surveys.box.controls import (
    Published,
    blocking,
    controls_of,
    explained,
    explanations,
    published_explanations,
    uncounted,
)
from surveys.box.custodian_page import digest as custodian_page_digest
from surveys.box.opening import SMALLEST_STRATUM, kinds_after_merging
from surveys.box.public_board import (
    Board,
    Counted,
    Key,
    board,
    board_of,
    board_page_name,
    board_stamp,
    counted,
    has_bundle,
    public_bundle,
    trackers,
)
from surveys.keys.turnout import Added, Turnout, added_by_day, turnout_in
from surveys.models import EntityKind, MarketEntity, Pool, Sitting, Slip, Survey
from surveys.models.entities import EVERYBODY, VOTERS
from surveys.paper import packets_pdf, reconciliation
from surveys.slips.queries import batches

__all__ = [
    "SMALLEST_STRATUM",
    "VOTERS",
    "Added",
    "BlankSheets",
    "Board",
    "Counted",
    "Key",
    "Published",
    "Turnout",
    "added_by_day",
    "alike_ballots",
    "batches",
    "blank_sheets",
    "board",
    "board_of",
    "board_page_name",
    "board_stamp",
    "challenge",
    "control_faults",
    "controls",
    "counted",
    "counts",
    "custodian_page_digest",
    "entity_kinds",
    "explained",
    "explained_since",
    "handed_out",
    "has_bundle",
    "has_results_bundle",
    "held_sittings",
    "marks_given",
    "odd_sittings",
    "paper_keyed",
    "pool_named",
    "public_bundle",
    "published_explanations",
    "returned_by_kind",
    "touched",
    "trackers",
    "turnout",
    "turnout_in",
    "uncounted",
    "valid_ballots",
    "voter_kinds",
    "voters_by_town",
]


def entity_kinds() -> dict[str, str]:
    """{kind of market entity: its Chinese name}, in the order of the annexes (YC-R5)."""
    return {kind.value: str(kind.label) for kind in EntityKind}


def voter_kinds(*, shares: bool) -> dict[str, str]:
    """{kind of voter: its name}: the kinds of market entity where shares are held, else everybody as one."""
    return entity_kinds() if shares else {EVERYBODY: VOTERS}


def turnout(survey: Survey) -> Turnout:
    """The figure stored last night or at the close; never a live count."""
    return turnout_in(Survey.objects.values_list("turnout", flat=True).get(pk=survey.pk))


def counts(survey: Survey) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """{stratum kind: {subject: {question: {choice: n}}}} after the tally, else empty.

    Without a choice that the form added to the scale: whoever took it answered nothing.
    """
    found, choices = Survey.objects.values_list("counts", "form__choices").get(pk=survey.pk)
    return {kind: marks.without_added(choices or [], answers) for kind, answers in found.items()}


def marks_given(survey: Survey) -> dict[str, dict[str, list[str]]]:
    """{panel: {unit: every mark it gave the unit, the lowest first}} after the tally of a ballot of marks."""
    found, form = Survey.objects.values_list("counts", "form").get(pk=survey.pk)
    return {
        panel["id"]: marks.given(form, panel, found[panel["id"]])
        for panel in marks.panels(form)
        if panel["id"] in found
    }


def handed_out(survey: Survey) -> dict[str, int]:
    """{kind of voter: slips that went out}, of kinds whose batches were all counted."""
    batches = survey.batches.filter(is_void=False).select_related("stratum")
    found: dict[str, list[int | None]] = {}
    for batch in batches:
        found.setdefault(batch.stratum.kind, []).append(batch.handed_out)
    return {
        kind: sum(number or 0 for number in numbers) for kind, numbers in found.items() if None not in numbers
    }


def valid_ballots(survey: Survey) -> dict[str, int]:
    return dict(controls(survey).get("ballots", {}))


def touched(survey: Survey) -> dict[str, int] | None:
    """{department: ballots that say anything of it, from ten on}; None where an earlier version counted."""
    return controls(survey).get("touched")


def controls(survey: Survey) -> dict[str, Any]:
    """The checks of box against slips made by the tally; `faults` names every broken one."""
    return dict(Survey.objects.values_list("controls", flat=True).get(pk=survey.pk))


def voters_by_town() -> dict[int, dict[str, int]]:
    rows = MarketEntity.objects.filter(is_active=True).values("town_id", "kind").annotate(n=Count("pk"))
    towns: dict[int, dict[str, int]] = {}
    for row in rows.order_by("town_id", "kind"):
        towns.setdefault(row["town_id"], {})[row["kind"]] = row["n"]
    return towns


def pool_named(name: str) -> Pool:
    return Pool.objects.get(name=name)


def paper_keyed(survey: Survey) -> bool | None:
    """Whether the paper of a closed survey is keyed; None before the close, and where nobody took paper."""
    if survey.state == Survey.State.COUNTED:
        return True if "paper" in survey.controls else None
    closed = survey.state == Survey.State.CLOSED
    return survey.paper_finished if closed and reconciliation.has_paper(survey) else None


def still_open(survey: Survey) -> list[str]:
    """Name what is still going on outside the box, for whoever is about to close it."""
    found = []
    sittings = survey.sittings.exclude(state=Sitting.State.HELD).select_related("town")
    if waiting := [f"{one}（{dates.day(one.date)}）" for one in sittings]:
        found.append(f"还有{len(waiting)}场现场评价没有办结：{'、'.join(waiting)}。")
    with_sitting = survey.sittings.values("town")
    slips = survey.batches.filter(is_void=False, is_printed=True).exclude(town__in=with_sitting)
    if towns := list(dict.fromkeys(slips.order_by("town__order").values_list("town__name", flat=True))):
        found.append(f"下列镇（街）已印制凭条，但没有安排现场评价：{'、'.join(towns)}。")
    if sheets := Slip.objects.filter(batch__survey=survey, state=Slip.State.PAPER).count():
        found.append(f"已换领纸质票{sheets}份，须在截止之前收齐；截止之后只录入，不再发放。")
    return found


@dataclass(frozen=True)
class Alike:
    """Of the ballots one kind of voter cast on a phone, how many gave five subjects or more one choice."""

    name: str
    ballots: int
    alike: int


def alike_ballots(survey: Survey) -> list[Alike]:
    """As the counts say; kinds with fewer than ten such ballots, and counts from before, say nothing."""
    return [
        Alike(group["name"].replace("+", "、"), group["counted"] - group.get("packets", 0), group["alike"])
        for group in controls(survey).get("strata", [])
        if "alike" in group
    ]


def odd_sittings(survey: Survey) -> list[str]:
    """Held sittings with more people there than were invited, those in reserve included."""
    found = []
    for one in survey.sittings.filter(state=Sitting.State.HELD).select_related("town"):
        invited = sum(map(sum, one.invited.values()))
        if one.come > invited:
            found.append(f"{one}（{dates.day(one.date)}）：到场{one.come}人，多于邀请和候补的{invited}人")
    return found


@dataclass(frozen=True)
class Held:
    """A sitting that was held: where, on which day, how many came."""

    name: str
    on: date
    came: int


def held_sittings(survey: Survey) -> list[Held]:
    found = survey.sittings.filter(state=Sitting.State.HELD).select_related("town")
    return [Held(str(one), one.date, one.come) for one in found.order_by("date", "pk")]


@dataclass(frozen=True)
class Returned:
    """Slips that went out to one kind of voter, None where a batch was not counted, and what came back."""

    name: str
    handed_out: int | None
    ballots: int
    on_paper: int


def returned_by_kind(survey: Survey) -> list[Returned]:
    """Valid ballots as the counts join kinds; none are said of fewer than ten voters."""
    out = handed_out(survey)
    strata = list(survey.strata.values_list("kind", flat=True))
    found = []
    for group in controls(survey).get("strata", []):
        within = set(group["kind"].split("+"))
        parts = [out.get(kind) for kind in strata if set(kind.split("+")) <= within]
        slips = [one for one in parts if one is not None]
        found.append(
            Returned(
                group["name"].replace("+", "、"),
                sum(slips) if slips and len(slips) == len(parts) else None,
                group["counted"],
                group.get("packets", 0),
            )
        )
    return found


def kinds_merged(slips: dict[str, int]) -> list[str]:
    """Name the kinds of voters that will share a key because one of them has too few slips."""
    names = entity_kinds()
    ordered = {kind: slips.get(kind, 0) for kind in names}
    groups = [[names[kind] for kind in group] for group in kinds_after_merging(ordered)]
    return ["、".join(group) for group in groups if len(group) > 1]


def challenge(survey: Survey) -> str:
    kept = Survey.objects.values_list("rehearsal", flat=True).get(pk=survey.pk)
    return str(kept.get("challenge", ""))


def control_faults(survey: Survey) -> list[str]:
    """Why no result may be made: an unexplained broken control, another bundle than the one counted, or
    counts that changed since the custodian signed them.
    """
    kept = controls(survey)
    if not kept:
        return []
    if not has_bundle(survey):
        return ["计票包不在服务器上，无法核对。请从备份或保管人处取回原件。"]
    try:
        bundle = Bundle(bundles.path_of(survey))
        changed = bundle.faults() if bundle.hash == kept["bundle"] else ["计票包在计票以后被更换。"]
        changed = changed or bundles.is_another(survey, bundle) or bundles.recount_faults(survey, bundle)
    except BundleFault as fault:
        changed = [str(fault)]
    if changed:
        return changed
    return [one.said for one in blocking(survey, controls_of(survey))]


def explained_since(survey: Survey, moment: datetime) -> bool:
    """Whether something was explained after a moment, such as after the bundle of results was written."""
    return any(one.at > moment for one in explanations(survey))


@dataclass(frozen=True)
class BlankSheets:
    words: list[str]
    departments: list[tuple[str, list[dict[str, Any]]]]


def blank_sheets(survey: Survey) -> BlankSheets | None:
    """The blank sheets of a frozen survey, laid out as the packets of paper ballots are."""
    if not survey.public:
        return None
    form = survey.frozen()["form"]
    return BlankSheets(
        ["分数"] if marks.gives_marks(form) else forms.words(form),
        [(one["name"], packets_pdf.rows(one)) for one in forms.sheets(form)],
    )


def has_results_bundle(survey: Survey, number: int) -> bool:
    return bundles.results_path_of(survey, number).exists()
