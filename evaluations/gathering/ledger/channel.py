"""The channel of the ledger: a round takes what was confirmed and lies in its period."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.gathering.ledger.book import days_of_round, evidence_of, rules_of, value_of
from evaluations.gathering.services import being_corrected
from evaluations.models import Channel, NotApplicable, Occurrence
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from office import dates

State = Occurrence.State


def occurrences_of(channel: Channel) -> QuerySet[Occurrence]:
    """Return what lies in the round's period and was not withdrawn, of its units."""
    round_ = channel.round
    return (
        Occurrence.objects.filter(
            scheme_id=round_.scheme_version.scheme_id,
            day__range=days_of_round(round_),
            department__in=round_.departments.values("department"),
        )
        .exclude(state=State.WITHDRAWN)
        .order_by("day", "pk")
    )


def facts(channel: Channel) -> Parts:
    """Return occurrences, vetoes and what does not apply, by unit: two queries."""
    by_unit: dict[int, list[Occurrence]] = {}
    for one in occurrences_of(channel).filter(state=State.CONFIRMED):
        by_unit.setdefault(one.department_id, []).append(one)
    found: Parts = {department_key(unit): evidence_of(ones) for unit, ones in by_unit.items()}
    for unit, item in _not_applicable(channel):
        part = found.setdefault(department_key(unit), {})
        part.setdefault("not_applicable", []).append(item)
    return found


def _not_applicable(channel: Channel) -> list[tuple[int, str]]:
    """Only what the readings of the round still allow to be set aside."""
    rules = rules_of(scheme_of(channel.round)).values()
    optional = [rule.key for rule in rules if rule.optional]
    marks = NotApplicable.objects.filter(subject__round=channel.round, item__in=optional)
    return list(marks.order_by("pk").values_list("subject__department_id", "item"))


def progress(channel: Channel) -> Progress:
    """A unit is done when nothing entered for it waits; what the round's scheme cannot take is named.

    While a result is corrected, entries about other units keep waiting.
    """
    rules = rules_of(scheme_of(channel.round))
    units, named = channel.round.departments.filter(is_judged=True), being_corrected(channel)
    units = units if named is None else units.filter(pk__in=named)
    names = dict(units.values_list("department_id", "name"))
    set_aside = set(_not_applicable(channel))
    missing, waiting, counting = [], set(), 0
    for one in occurrences_of(channel).filter(department__in=names):
        rule = rules.get(value_of(one.item, is_veto=one.is_veto))
        said = f"{names[one.department_id]}：{dates.day(one.day)} {rule.label if rule else one.item}"
        if one.state == State.ENTERED:
            missing.append(f"{said}（编号{one.pk}）待确认")
        elif rule is None:
            missing.append(f"{said}（编号{one.pk}）不是本轮评价方案的项目，请撤回")
        elif not one.is_veto and (one.department_id, one.item) in set_aside:
            missing.append(f"{said}（编号{one.pk}）已标为不适用，请撤回或取消不适用")
        else:
            counting += 1
            continue
        waiting.add(one.department_id)
    notes = [f"已确认、计入本轮的记录 {counting} 件"]
    notes += [f"标明不适用 {len(set_aside)} 处"] if set_aside else []
    return Progress(len(names) - len(waiting), len(names), missing, notes)


def url(channel: Channel) -> str:
    return reverse("cockpit:ledger-channel", args=[channel.pk])


register(
    ChannelKind(
        kind=Channel.Kind.LEDGER,
        action="gathering.enter",
        confirm="gathering.settle",
        progress=progress,
        facts=facts,
        url=url,
    )
)
