"""What other rooms may read of comments: how far they are, what was decided; masked words one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from departments.kinds import Topic
from surveys.models import Comment, Survey

State = Comment.State
MORE_TOPICS = ("服务态度", "办事效率", "政策公开", "其他")
LONGEST_TOPIC = 12
STATES = tuple((str(value), str(label)) for value, label in State.choices)
TO_WORD = (State.WAITING, State.SENT_BACK)
TO_CONFIRM = (State.PROPOSED,)


def topics_of(survey: Survey) -> list[str]:
    """The topics to choose from: those the questionnaire asks by (YC-R9), and what else people write of."""
    asked = [
        question["text"]
        for department in survey.frozen()["form"]["departments"]
        for part in (department, *department["sections"])
        for question in part["questions"]
        if len(question["text"]) <= LONGEST_TOPIC  # a longer one is a sentence, not a topic
    ]
    known = [str(label) for label in Topic.labels]
    return list(dict.fromkeys([*sorted(asked or known, key=_place_in(known)), *MORE_TOPICS]))


def _place_in(known: list[str]) -> Callable[[str], int]:
    return lambda topic: known.index(topic) if topic in known else len(known)


def names_of_departments(survey: Survey) -> dict[str, str]:
    """{what comments are about: its name}; words on a paper sheet of a peer group are about the group."""
    form = survey.frozen()["form"]
    names = {part["id"]: part["name"] for part in form["departments"]}
    return names | {group["id"]: f"{group['name']}（纸质票）" for group in form.get("groups", ())}


@dataclass(frozen=True)
class Progress:
    department: str
    name: str
    matters: int
    suggestions: int
    to_word: int
    to_confirm: int
    settled: int
    withheld: int


def progress(survey: Survey) -> list[Progress]:
    numbers = {
        row["department"]: row
        for row in Comment.objects.filter(survey=survey)
        .order_by()
        .values("department")
        .annotate(
            matters=Count("pk", filter=Q(kind=Comment.Kind.MATTER)),
            suggestions=Count("pk", filter=Q(kind=Comment.Kind.SUGGESTION)),
            to_word=Count("pk", filter=Q(state__in=TO_WORD)),
            to_confirm=Count("pk", filter=Q(state__in=TO_CONFIRM)),
            settled=Count("pk", filter=Q(state=State.SETTLED)),
            withheld=Count("pk", filter=Q(state=State.SETTLED) & ~Q(reason="")),
        )
    }
    names = names_of_departments(survey)
    return [Progress(name=name, **numbers[key]) for key, name in names.items() if key in numbers]


def waiting(survey_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """{survey: (comments to word, proposals to confirm)} for start pages: one query."""
    rows = Comment.objects.filter(survey__in=list(survey_ids)).order_by().values("survey")
    counted = rows.annotate(
        word=Count("pk", filter=Q(state__in=TO_WORD)), confirm=Count("pk", filter=Q(state__in=TO_CONFIRM))
    )
    return {row["survey"]: (row["word"], row["confirm"]) for row in counted}


@dataclass(frozen=True)
class Remark:
    """One comment on its way; `masked` is for the two persons who deal with it."""

    pk: int
    department: str
    department_name: str
    kind: str
    kind_in_words: str
    state: str
    state_in_words: str
    masked: str
    topic: str
    paraphrase: str
    reason: str
    note: str
    proposed_by: Any
    settled_by: Any

    @property
    def is_settled(self) -> bool:
        return self.state == State.SETTLED


def remark(survey: Survey, pk: int) -> Remark | None:
    return next(iter(_remarks(survey, Comment.objects.filter(pk=pk))), None)


def remarks_of(survey: Survey, department: str) -> list[Remark]:
    return _remarks(survey, Comment.objects.filter(department=department))


def _remarks(survey: Survey, found: QuerySet[Comment]) -> list[Remark]:
    names = names_of_departments(survey)
    rows = found.filter(survey=survey).select_related("proposed_by", "settled_by").order_by("pk")
    return [
        Remark(
            pk=row.pk,
            department=row.department,
            department_name=names[row.department],
            kind=row.kind,
            kind_in_words=row.get_kind_display(),
            state=row.state,
            state_in_words=row.get_state_display(),
            masked=row.masked,
            topic=row.topic,
            paraphrase=row.paraphrase,
            reason=row.reason,
            note=row.note,
            proposed_by=row.proposed_by,
            settled_by=row.settled_by,
        )
        for row in rows
    ]


def next_to_word(survey: Survey, *, after: int = 0) -> int | None:
    return _next(survey, TO_WORD, after)


def next_to_confirm(survey: Survey, *, after: int = 0, not_by: int = 0) -> int | None:
    """The next proposal that waits for a second person, other than those `not_by` made."""
    return _next(survey, TO_CONFIRM, after, not_by)


def _next(survey: Survey, states: tuple[str, ...], after: int, not_by: int = 0) -> int | None:
    """By department, then by random key; after the last one comes the first again."""
    waiting = Comment.objects.filter(survey=survey, state__in=states).exclude(proposed_by_id=not_by)
    rows = waiting.order_by("department", "pk")
    if last := Comment.objects.filter(survey=survey, pk=after).first():
        later = rows.filter(Q(department=last.department, pk__gt=last.pk) | Q(department__gt=last.department))
        if (found := later.values_list("pk", flat=True).first()) is not None:
            return found
    return rows.values_list("pk", flat=True).first()
