"""What the centre learns from a round beside the ranking: moves, weak spots, boundaries, voters, odd signs.

Tables alone, the same on the page, in the workbook and on paper. Means rest on ten answers at least, and what
fewer than five gave is never listed (`thin_tables`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from departments.kinds import Topic
from evaluations.models import Result, RoundMember
from evaluations.polling.shares import shares_of, votes_of
from evaluations.publication.department import DepartmentCase
from evaluations.publication.figures import Answers
from evaluations.publication.rules import Rules
from evaluations.publication.unit_parts import full_of
from evaluations.results.analysis_returns import daily, returns, without_ballots
from evaluations.results.analysis_table import Row, Table, percent
from evaluations.results.explained import ranking
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import judges_persons, rules_of_result, unit_rules_of
from evaluations.results.room import Place, Room, room_of
from evaluations.results.thin_tables import LEAST
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import person_key
from evaluations.scoring.facts import Facts
from office.definitions.numbers import half_up, shown
from surveys import queries

K = 10
"""The fewest answers behind a mean."""
MOST = 15
ALIKE_FROM, ALIKE = 30, Fraction(19, 20)
"""From so many answers on, so large a share of one answer is pointed out."""
ONE_IN = 3
"""One in so many ballots that give everybody the same choice is pointed out."""
Means = dict[str, tuple[Fraction, int]]


def analysis_of(result: Result) -> list[Table]:
    rows = ranking(result)
    room = room_of(result, rows)
    persons = judges_persons(result)
    found = [_moves(room), *(_topics(result) if persons else _parts(result)), _near(room)]
    if result.round.survey is None:
        return [*found, returns(result.round), *without_ballots(result.round, persons=persons)]
    days = daily(result.round)
    return [
        *found,
        returns(result.round),
        *_voters(result, room),
        days.table,
        _signs(result, days.odd, persons=persons),
    ]


# --- against the last round -------------------------------------------------------------------------------


def _moves(room: Room) -> Table:
    moved = [one for one in room.places if one.last and one.last.score and one.row.subject.score]

    def by(one: Place) -> float:
        return -abs(float(one.row.subject.score or 0) - float(one.last.score if one.last else 0))

    rows = tuple(
        (
            one.row.department.name,
            one.row.subject.score or "",
            one.last.score if one.last else "",
            one.change,
            one.moved,
            f"{one.last.grade if one.last else ''} → {one.row.subject.grade}" if one.grade_changed else "",
        )
        for one in sorted(moved, key=by)[:MOST]
    )
    return Table(
        "变化最大的单位",
        ("单位", "本轮得分", "上轮得分", "变化", "名次变化", "等次变化"),
        rows,
        f"与{room.last.title}比较，按得分变化的大小列出前{MOST}个。" if room.last else "",
        "本方案没有更早公布的轮次，无从比较。自第二个公布的轮次起，这里列出变化最大的单位。"
        if room.last is None
        else "没有两轮都有得分的单位。",
        frozenset({1, 2, 3}),
    )


# --- weak spots -------------------------------------------------------------------------------------------


def _topics(result: Result) -> list[Table]:
    """Persons are asked about the topic of their section: where is the county weakest?"""
    rules = rules_of_result(result)
    listed = RoundMember.objects.filter(round_department__round=result.round)
    topic_of = {person_key(pk): topic for pk, topic in listed.values_list("staff_member_id", "topic")}
    whole: dict[str, Counter[str]] = {}
    units: dict[str, dict[str, Counter[str]]] = {}
    for key, subject in StoredOutcome.of(result).subjects.items():
        case = DepartmentCase(key, subject.stored, subject.facts, rules, "all")
        for one in case.rated_with_answers():
            if case.answers_of(one).n < LEAST:
                continue  # the total beside the tables of all others would give them away
            topic = topic_of.get(one, "")
            counts = case.answers_of(one).pooled()
            whole.setdefault(topic, Counter()).update(counts)
            units.setdefault(topic, {}).setdefault(subject.name, Counter()).update(counts)
    names = {one.value: str(one.label) for one in Topic}
    rows = []
    for topic, counts in whole.items():
        if (n := sum(counts.values())) < K:
            continue
        worst = sorted(
            (mean(one, rules), name) for name, one in units[topic].items() if sum(one.values()) >= K
        )[:3]
        said = "、".join(f"{name}（{_two(value)}）" for value, name in worst)
        rows.append(
            (mean(counts, rules), (names.get(topic, "其他"), _two(mean(counts, rules)), str(n), said))
        )
    rows.sort(key=lambda one: one[0])
    return [
        Table(
            "薄弱事项",
            ("事项类别", "平均分", "有效评价（人次）", "最低的单位"),
            tuple(row for _, row in rows),
            f"按科室的事项类别合并有效评价，从低到高；不足{K}人次的类别不列，不足{LEAST}人次的人员不计入。",
            f"没有满{K}人次的事项类别。满{K}人次的在此按平均分从低到高列出。",
            frozenset({1, 2}),
        )
    ]


def mean(counts: Mapping[str, int], rules: Rules) -> Fraction:
    points = sum((rules.points[choice] * n for choice, n in counts.items()), Fraction(0))
    return points / sum(counts.values())


def _two(value: Fraction) -> str:
    return shown(half_up(value, 2), 2)


def _parts(result: Result) -> list[Table]:
    """Each part of the score by how much of its full marks is reached."""
    rules = unit_rules_of(result)
    facts: Facts = rules.read(result.facts)
    reached: dict[str, list[tuple[Fraction, str]]] = {}
    labels: dict[str, tuple[str, Fraction]] = {}
    for key, subject in StoredOutcome.of(result).subjects.items():
        if key not in facts.subjects:
            continue
        for leaf in rules.leaves(key, subject.derivation, facts.subjects[key]):
            full = full_of(rules.scheme, leaf.step)
            few = leaf.secret is not None and leaf.secret.n < K
            if leaf.value is None or not full or few:
                continue
            labels[leaf.id] = (leaf.step.label, full)
            reached.setdefault(leaf.id, []).append((leaf.value / full, subject.name))
    rows = []
    for part, found in reached.items():
        share = sum((value for value, _ in found), Fraction(0)) / len(found)
        worst = "、".join(f"{name}（{percent(value)}）" for value, name in sorted(found)[:3])
        label, full = labels[part]
        rows.append((share, (label, shown(half_up(full, 2), 2), percent(share), str(len(found)), worst)))
    rows.sort(key=lambda one: one[0])
    return [
        Table(
            "薄弱部分",
            ("部分", "满分", "平均得分率", "单位（个）", "最低的单位"),
            tuple(row for _, row in rows),
            f"各部分得分占满分的比例，从低到高；无记名评价和打分不足{K}份的不列。",
            f"没有可以比较的部分。满{K}份的部分在此按得分率从低到高列出。",
            frozenset({1, 2, 3}),
        )
    ]


# --- boundaries -------------------------------------------------------------------------------------------


def _near(room: Room) -> Table:
    rows = tuple(
        (
            one.row.department.name,
            one.row.subject.score or "",
            one.row.subject.grade or "",
            one.certainty.range_in_words,
            "；".join(label.words for label in one.labels),
            one.certainty.rank_in_words,
        )
        for one in room.places
        if one.certainty and one.is_near
    )
    return Table(
        "接近界线的单位",
        ("单位", "得分", "等次", "95%可能范围", "结论", "可能的名次"),
        rows,
        "可能范围跨过等次或名单的界线，决定处置之前宜先核对依据。可能范围和“全部评价”用全部有效评价推算，“公示”只用公布的数字推算。",
        _why_none_is_near(room),
        frozenset({1}),
    )


def _why_none_is_near(room: Room) -> str:
    found = [one.certainty for one in room.places if one.certainty]
    if any(one.steady is not None or one.list_steady is not None for one in found):
        return "没有接近界线的单位。"
    return "本方案的单位没有等次和名单，或者没有可以估计可能范围的得分，本节不适用。"


# --- voters -----------------------------------------------------------------------------------------------


def _voters(result: Result, room: Room) -> Iterator[Table]:
    shares = shares_of(result.round, votes_of(result.round, None, counted=True))
    yield Table(
        "各类评价主体的占比",
        ("评价主体", "有效选票（张）", "占比", "应占", "偏差"),
        tuple(
            (
                one.name,
                str(one.number),
                f"{one.percent}%",
                "不要求" if one.due is None else f"{one.due}%",
                "超出允许偏差" if one.strays else "在允许范围内",
            )
            for one in shares
        ),
        "得分不加权，占比只作提示。",
        "没有选票。",
        frozenset({1, 2, 3}),
    )
    if judges_persons(result):
        yield _drift(result, room)


def _drift(result: Result, room: Room) -> Table:
    now = _by_stratum(result)
    before = room.last.results.filter(replaced_by=None).first() if room.last else None
    past: Means = {}
    if before is not None and judges_persons(before):
        past = _by_stratum(before)
    rows = []
    for stratum, (value, n) in now.items():
        old = past.get(stratum)
        change = ""
        if old:
            difference = value - old[0]
            change = f"{'+' if difference >= 0 else '−'}{_two(abs(difference))}"
        rows.append((stratum, _two(value), str(n), _two(old[0]) if old else "没有", change or "不作比较"))
    return Table(
        "各类评价主体的平均分",
        ("评价主体", "本轮平均分", "有效评价（人次）", "上轮平均分", "变化"),
        tuple(rows),
        f"合并有效评价；不足{LEAST}人次的人员和有一类不足{LEAST}人次的单位不计入，任何一类合计不足{K}人次的不列。",
        f"有一类评价主体的评价不足{K}人次，全部不列：单列其余的会推出这一类。各类都满{K}人次的，在此列出平均分和与上轮相比的变化。",
        frozenset({1, 2, 3, 4}),
    )


def _by_stratum(result: Result) -> Means:
    """All or none: the total would give away the missing one.

    For the same reason without people and units whose own tables the centre does not read (`thin_tables`).
    """
    rules = rules_of_result(result)
    counts: dict[str, Counter[str]] = {}
    for key, subject in StoredOutcome.of(result).subjects.items():
        case = _without_thin(DepartmentCase(key, subject.stored, subject.facts, rules, "all"))
        strata = {name: case.stratum(name) for name in case.strata_names()}
        if any(0 < answers.total < LEAST for answers in strata.values()):
            continue
        for name, answers in strata.items():
            counts.setdefault(name, Counter()).update(answers.pooled())
    if any(sum(one.values()) < K for one in counts.values()):
        return {}
    return {name: (mean(one, rules), sum(one.values())) for name, one in counts.items()}


def _without_thin(case: DepartmentCase) -> DepartmentCase:
    members = {one: facts for one, facts in case.facts["members"].items() if case.answers_of(one).n >= LEAST}
    return replace(case, facts={**case.facts, "members": members})


# --- signs of stuffing ------------------------------------------------------------------------------------


def _signs(result: Result, odd_days: Sequence[str], *, persons: bool) -> Table:
    survey = survey_of(result.round)
    rows: list[Row] = [("清点核对", str(fault)) for fault in queries.controls(survey).get("faults", [])]
    rows += [("现场评价", said) for said in queries.odd_sittings(survey)]
    rows += [("每日回收", said) for said in odd_days]
    alike = queries.alike_ballots(survey)
    rows += [
        (
            "整张同答",
            f"{one.name}：手机投的{one.ballots}张有效票中，{one.alike}张对五名以上对象全部给同一档",
        )
        for one in alike
        if one.alike >= LEAST and one.alike * ONE_IN >= one.ballots
    ]
    if persons:
        rows += [("评价高度集中", said) for said in _alike(result)]
    whole = (
        f"一类评价主体的选票有三分之一以上对五名以上对象全部给了同一档的，列为整张同答；不足{K}张的类别不统计。"
        if alike
        else "每张选票开箱后只留合计，一张票上是否全部给了同一档，从结果中看不出来。"
    )
    return Table(
        "异常迹象",
        ("种类", "情况"),
        tuple(rows),
        f"只是提示，不是结论，须查明以后再定。{whole}",
        _nothing_found(survey),
    )


def _nothing_found(survey: Any) -> str:
    """Nothing is found only where something was looked at."""
    open_ = queries.uncounted(survey)
    slips = f"{open_}项登记数没有清点，无从核对，其余凭条和选票的数字相符" if open_ else "批次与凭条相符"
    return f"没有发现异常：{slips}；已办结的现场评价，到场数与发出数相符；没有过分集中的评价。"


def _alike(result: Result) -> Iterator[str]:
    rules = rules_of_result(result)
    for key, subject in StoredOutcome.of(result).subjects.items():
        case = DepartmentCase(key, subject.stored, subject.facts, rules, "all")
        people = [one for one in case.rated_with_answers() if _is_alike(case.answers_of(one))]
        rated = len(case.rated_with_answers())
        if people and len(people) * 2 > rated:
            yield f"{subject.name}：{rated}名被评人员中{len(people)}名的评价有95%以上是同一档"


def _is_alike(answers: Answers) -> bool:
    counts: Sequence[int] = list(answers.pooled().values())
    return sum(counts) >= ALIKE_FROM and max(counts) >= ALIKE * sum(counts)
