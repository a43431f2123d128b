"""From what the centre puts together to what a voter's phone gets."""

from __future__ import annotations

from typing import Any

from departments.kinds import Topic
from office.errors import Refused
from surveys.ballots import forms

Json = dict[str, Any]

COMMENT_CAP = 1500
TONES = ("best", "good", "fair", "poor")


def voter_form(title: str, form: Json) -> Json:
    ask = set(form.get("reason_for", ()))
    departments = [_department(department, form["questions"]) for department in form["departments"]]
    kept: Json = {name: form[name] for name in ("groups", "panels") if name in form}
    return {
        "title": title,
        **kept,
        "choices": [_choice(place, choice, ask) for place, choice in enumerate(form["choices"])],
        "comment_cap": form.get("comment_cap", COMMENT_CAP),
        "departments": [part for part in departments if part["questions"] or part["sections"]],
    }


def _choice(place: int, choice: Json, ask: set[str]) -> Json:
    unknown = bool(choice.get("unknown", choice["id"] == "不了解情况"))
    tone = "none" if unknown else TONES[min(place, len(TONES) - 1)]
    added = {"added": True} if choice.get("added") else {}
    return {
        "word": choice["id"],
        "tone": choice.get("tone", tone),
        "ask": choice["id"] in ask,
        "unknown": unknown,
        **added,
    }


def _department(department: Json, questions: list[Json]) -> Json:
    sections = [_section(section, questions) for section in department["sections"] if section["persons"]]
    own = [{"id": question["id"], "text": question["text"]} for question in department.get("questions", ())]
    group = {"group": department["group"]} if "group" in department else {}
    return {
        "id": department["id"],
        "name": department["name"],
        **group,
        "questions": own,
        "sections": sections,
    }


def _section(section: Json, questions: list[Json]) -> Json:
    topic = section.get("topic", "")
    return {
        "id": section["id"],
        "name": section["name"],
        "questions": [{"id": part["id"], "text": _wording(part, topic)} for part in questions],
        "persons": [
            {"id": person["id"], "name": person["name"], "post": person.get("post", "")}
            for person in section["persons"]
        ],
    }


def _wording(question: Json, topic: str) -> str:
    """A question is asked after the section's topic where the questionnaire says so (YC-R9)."""
    by_topic = question.get("by_topic") or {}
    if topic in by_topic:
        return str(by_topic[topic])
    if topic in Topic.values and not question.get("text"):
        return str(Topic(topic).label)
    return str(question["text"])


def check(public_id: str, form: Json) -> None:
    """Refuse a form that page and counting could not agree on, before any key is made."""
    try:
        forms.check_form(public_id, form)
    except forms.FormFault as fault:
        raise Refused(f"评价表内容有误（{str(fault).removesuffix('。')}）", "请更正后重新设定。") from fault
