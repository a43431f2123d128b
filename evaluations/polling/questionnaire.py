"""What voters are asked in a round, put together from the frozen list and the scheme."""

from __future__ import annotations

from typing import Any

from departments.kinds import Topic
from evaluations.models import Round, RoundMember
from evaluations.rounds.subject_keys import department_key, person_key, section_key
from evaluations.schemes.stored import ballot_step, scheme_of
from office.errors import Refused

OVERALL = "overall"


def form_of(round: Round) -> dict[str, Any]:
    scheme = scheme_of(round)
    step = ballot_step(scheme)
    if step is None:
        raise Refused("该评价方案不以选票评价人员，不能生成评价表", "请改选其他方案，新建轮次。")
    scale = scheme.answer_scales[step.scale]
    rated = {role_of_kind(scheme, kind): kind for kind, _ in RoundMember._meta.get_field("kind").flatchoices}
    kinds = (
        [kind for role, kind in rated.items() if role in step.roles] if step.roles else list(rated.values())
    )
    return {
        "departments": _departments(round, kinds),
        "questions": questions_of(round),
        "choices": [{"id": word, "unknown": word in scale.excluded} for word in scale.words],
        # The answers that also ask for the concrete matter and a suggestion (YC-R8, clause 六).
        "reason_for": list(scale.ask_reason),
    }


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
