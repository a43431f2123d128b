"""What voters are asked in a round, put together from the frozen list and the scheme."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from departments.kinds import Topic
from evaluations.models import Round, RoundMember
from evaluations.rounds.channels import asked_by_ballot
from evaluations.rounds.subject_keys import department_key, person_key, section_key
from evaluations.rounds.voters import VoterPanel, panels_by_ballot
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.ballot_mean import BallotMean
from office.definitions.numbers import plain
from office.errors import Refused

OVERALL = "overall"


NO_MARK = "不评"
"""Added to choices that have no word for 不了解: a voter may always leave a unit or a person out."""
MARK = "mark"


def form_of(round: Round) -> dict[str, Any]:
    scheme = scheme_of(round)
    if panels := panels_by_ballot(round):
        return _for_marks(round, panels)
    step = asked_by_ballot(round)
    if step is None:
        raise Refused("该评价方案不用选票评价，不能生成评价表", "请改选其他方案，新建轮次。")
    scale = scheme.answer_scales[step.scale]
    asked = (
        _persons(round, scheme, step)
        if step.level == "member"
        else _units(round, questions_about_units(round, step))
    )
    return {
        **asked,
        "choices": _choices(scale.words, scale.excluded),
        # The answers that also ask for the concrete matter and a suggestion (YC-R8, clause 六).
        "reason_for": list(scale.ask_reason),
    }


def _choices(words: Sequence[str], excluded: Collection[str]) -> list[dict[str, Any]]:
    """The words of a scale, and one to leave a question out where the scale has none."""
    choices: list[dict[str, Any]] = [{"id": word, "unknown": word in excluded} for word in words]
    return choices if excluded else [*choices, {"id": NO_MARK, "unknown": True, "added": True}]


def _for_marks(round: Round, panels: list[VoterPanel]) -> dict[str, Any]:
    """Each unit gets one mark; which of them a voter may give, the voter's kind of slip says."""
    marks = {mark for panel in panels for mark in panel.marks()}
    words = [plain(mark) for mark in sorted(marks, reverse=True)]
    return {
        **_units(round, [{"id": MARK, "text": "评分"}]),
        "choices": _choices(words, ()),
        "comment_cap": 0,
        "panels": [
            {
                "id": one.id,
                "stratum": one.who,
                "name": one.label,
                "step": plain(one.step),
                "words": one.words(),
            }
            for one in panels
        ],
    }


def _persons(round: Round, scheme: Scheme, step: BallotMean) -> dict[str, Any]:
    rated = {role_of_kind(scheme, kind): kind for kind, _ in RoundMember._meta.get_field("kind").flatchoices}
    kinds = (
        [kind for role, kind in rated.items() if role in step.roles] if step.roles else list(rated.values())
    )
    return {"departments": _departments(round, kinds), "questions": questions_of(round)}


def _units(round: Round, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Units as wholes, by peer group: each is asked about as a department without sections."""
    labels = {key: str(group.label) for key, group in scheme_of(round).subjects.groups.items()}
    rows = list(round.departments.all())
    groups = {key: f"g{number}" for number, key in enumerate(labels, start=1)}
    units = [
        {
            "id": department_key(row.department_id),
            "name": row.name,
            "group": groups[key],
            "questions": questions,
            "sections": [],
        }
        for key in groups
        for row in rows
        if row.peer_group == key
    ]
    used = {unit["group"] for unit in units}
    return {
        "groups": [{"id": id_, "name": labels[key]} for key, id_ in groups.items() if id_ in used],
        "departments": units,
        "questions": [],
    }


def questions_about_units(round: Round, step: BallotMean) -> list[dict[str, Any]]:
    """Return the round's own questions where the scheme allows others, else those of the scheme."""
    if round.questions and step.other_questions == "allowed":
        return questions_of(round)
    return [{"id": key, "text": str(question.label)} for key, question in step.questions.items()]


def questions_of(round: Round) -> list[dict[str, Any]]:
    """Return the questions asked of each person; by default one, named after the section's topic (YC-R9)."""
    if not round.questions:
        by_topic = {topic.value: str(topic.label) for topic in Topic}
        return [{"id": OVERALL, "text": "总体评价", "by_topic": by_topic}]
    return [{"id": f"q{number}", "text": text} for number, text in enumerate(round.questions, start=1)]


def role_of_kind(scheme: Any, kind: str) -> str:
    """Return the scheme's role for a kind of person: by its id, else by the Chinese word both use."""
    if kind in scheme.subjects.roles:
        return kind
    label = dict(RoundMember._meta.get_field("kind").flatchoices)[kind]
    return next((role for role, known in scheme.subjects.roles.items() if known.label == label), kind)


def _departments(round: Round, kinds: list[str]) -> list[dict[str, Any]]:
    found = []
    for row in round.departments.prefetch_related("members"):
        sections: dict[int, dict[str, Any]] = {}
        for member in row.members.all():
            if not member.is_judged or member.kind not in kinds:
                continue
            section = sections.setdefault(
                member.section_id,
                {
                    "id": section_key(member.section_id),
                    "name": member.section_name,
                    "topic": member.topic,
                    "persons": [],
                },
            )
            section["persons"].append(
                {"id": person_key(member.staff_member_id), "name": member.name, "post": member.post}
            )
        found.append(
            {"id": department_key(row.department_id), "name": row.name, "sections": list(sections.values())}
        )
    return found
