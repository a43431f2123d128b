"""What fits one firm, and the question that is missing for an item; an answer decides at once (GY-R16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from benefits.firms.labels import Source, known_of, put_labels, rule_of
from benefits.matching.conditions import Matchable, matchable
from benefits.matching.deciding import Verdict
from benefits.matching.writing import write_matches
from benefits.models import Firm, FirmLabel, ItemVersion, Match
from benefits.rules import Label, rules
from office import roles
from office.errors import Refused
from office.models import User

Answer = Match.Answer


@dataclass(frozen=True)
class Found:
    """One item and how a firm stands to it; `label` decides, `says` is its condition."""

    version: ItemVersion
    label: Label | None = None
    says: str = ""
    value: str = ""  # what is known of the firm by that label
    by_window: tuple[str, ...] = ()


@dataclass
class Matches:
    fits: list[Found] = field(default_factory=list)
    may_fit: list[Found] = field(default_factory=list)
    fits_not: list[Found] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """A label that is missing and the items that wait for it."""

    label: Label
    versions: tuple[ItemVersion, ...]


def matches_of(firm: Firm, *, today: date | None = None) -> Matches:
    """Decide on one firm from what is known now; a cancelled one gets nothing."""
    found, known = Matches(), known_of(firm)
    for one, verdict in _verdicts(firm, known, today):
        said = Found(
            one.version,
            rules()[1].label(verdict.label),
            one.says.get(verdict.label, ""),
            known.get(verdict.label, ""),
            one.by_window,
        )
        {Answer.YES: found.fits, Answer.UNKNOWN: found.may_fit, Answer.NO: found.fits_not}[
            Answer(verdict.answer)
        ].append(said)
    return found


def questions_for(firm: Firm, *, today: date | None = None) -> list[Question]:
    """Return the questions that are missing: one for each item, the one that most items wait for first."""
    waiting: dict[str, list[ItemVersion]] = {}
    for one in matches_of(firm, today=today).may_fit:
        if one.label is not None:
            waiting.setdefault(one.label.id, []).append(one.version)
    ordered = sorted(waiting.items(), key=lambda entry: -len(entry[1]))
    known = rules()[1]
    return [Question(label, tuple(some)) for name, some in ordered if (label := known.label(name))]


@transaction.atomic
def answer_question(*, firm: Firm, label_id: str, value: str, today: date) -> Matches:
    """Keep what a firm says of itself by a label that an item asks for, and decide anew on every item."""
    if not value.strip():
        raise Refused("没有填写答案", "请填写后再提交。")
    rule, current = rule_of(label_id), _locked(firm)
    if not any(label_id == wanted.label for one in matchable(today) for wanted in one.wanted):
        raise Refused(f"现行的事项不问“{rule.label}”", "请回答页面上提出的问题。")
    known = FirmLabel.objects.filter(firm=current, label=label_id).exclude(source=Source.FIRM).first()
    if known is not None:
        raise Refused(f"“{rule.label}”由{known.get_source_display()}", "与实际不符的，请到专窗更正。")
    put_labels(firm=current, told={label_id: value}, source=Source.FIRM, today=today, acting_user=None)
    decide_anew(current, today=today)
    return matches_of(current, today=today)


@transaction.atomic
def note_labels(*, firm: Firm, told: Mapping[str, str], today: date, acting_user: User) -> list[str]:
    """Keep what the window knows of a firm, and decide anew; an empty value makes a label unknown."""
    roles.require(acting_user, "benefit.match")
    current = _locked(firm)
    changed = put_labels(firm=current, told=told, source=Source.WINDOW, today=today, acting_user=acting_user)
    if changed:
        decide_anew(current, today=today)
    return changed


def decide_anew(firm: Firm, *, today: date) -> None:
    """Write the matches of one locked firm, as a run over all of them would."""
    write_matches([(firm.pk, firm.is_cancelled)], matchable(today))


def _locked(firm: Firm) -> Firm:
    current = Firm.objects.select_for_update(no_key=True).get(pk=firm.pk)
    if current.is_cancelled:
        raise Refused(f"{current.name}已经注销", "请核对统一社会信用代码。")
    return current


def _verdicts(
    firm: Firm, known: Mapping[str, str], today: date | None
) -> Iterator[tuple[Matchable, Verdict]]:
    if firm.is_cancelled:
        return
    for one in matchable(today or timezone.localdate()):
        yield one, one.decide(known)
