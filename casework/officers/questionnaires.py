"""Questionnaires about needs, by version; answered on the officer's phone or on the firm's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from casework.matters.turns import take_turn
from casework.models import CoveredObject, FirmAnswer, FirmQuestionnaire, ServiceOfficer
from casework.officers import codes
from office import audit, roles
from office.errors import Refused
from office.models import User

LONGEST_ANSWER = 300
MOST_QUESTIONS = 30


@dataclass(frozen=True)
class Question:
    """One question: with choices, or a line to fill in."""

    label: str
    choices: tuple[str, ...] = ()

    @classmethod
    def of_line(cls, line: str) -> Question:
        """Read `问题：选项、选项`; without choices it is a line to fill in."""
        label, _, rest = line.replace(":", "：").partition("：")
        return cls(label.strip(), tuple(one.strip() for one in rest.split("、") if one.strip()))


def questions_of(questionnaire: FirmQuestionnaire) -> list[Question]:
    return [Question(one["label"], tuple(one["choices"])) for one in questionnaire.questions]


def in_words(questionnaire: FirmQuestionnaire) -> str:
    """Return the questions as they are typed, one a line."""
    return "\n".join(
        one.label + (f"：{'、'.join(one.choices)}" if one.choices else "")
        for one in questions_of(questionnaire)
    )


def active() -> FirmQuestionnaire | None:
    return FirmQuestionnaire.objects.filter(is_active=True).first()


@transaction.atomic
def make_questionnaire(*, title: str, lines: str, now: datetime, acting_user: User) -> FirmQuestionnaire:
    """Make the next version the one in use; answers to earlier ones stay as they are."""
    roles.require(acting_user, "officer.edit")
    found = [Question.of_line(line) for line in lines.splitlines() if line.strip()]
    if not found or not title.strip():
        raise Refused("没有填写名称或者问题", "请填写名称，每行写一个问题。")
    if len(found) > MOST_QUESTIONS:
        raise Refused(f"问题超过{MOST_QUESTIONS}个", "请精简后再保存。")
    if any(not one.label or len(one.choices) == 1 for one in found):
        raise Refused("有的问题没有写全", "每行写一个问题，有选项的写成“问题：选项一、选项二”。")
    take_turn("questionnaires")
    rows = FirmQuestionnaire.objects.select_for_update()
    rows.filter(is_active=True).update(is_active=False)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    made = FirmQuestionnaire.objects.create(
        title=title.strip(),
        version=last + 1,
        questions=[{"label": one.label, "choices": list(one.choices)} for one in found],
        made_at=now,
    )
    audit.record("制定需求调查表", made, acting_user=acting_user, after={"问题": len(found)})
    return made


@transaction.atomic
def answer_for(
    *,
    covered: CoveredObject,
    questionnaire: FirmQuestionnaire,
    answers: Mapping[int, str],
    now: datetime,
    acting_user: User,
) -> FirmAnswer:
    """Take down a firm's answers on the officer's phone."""
    roles.require(acting_user, "officer.own")
    day = timezone.localdate(now)
    officer = ServiceOfficer.objects.filter(user=acting_user, left_on=None).first()
    if officer is None or not officer.links.filter(object=covered, to_day=None).exists():
        raise Refused(f"您没有挂联{covered}", "请从“我的挂联对象”中打开。")
    made = FirmAnswer.objects.create(
        questionnaire=questionnaire,
        object=covered,
        officer=officer,
        on=day,
        answers=_checked(questionnaire, answers),
    )
    audit.record("代填需求调查表", covered, acting_user=acting_user, after={"调查表": str(questionnaire)})
    return made


@transaction.atomic
def answer_as_firm(
    *, code: str, questionnaire: FirmQuestionnaire, answers: Mapping[int, str], now: datetime
) -> FirmAnswer:
    """Take a firm's own answers, from its own phone; once a day is enough."""
    covered = codes.opened_by(code)
    if covered is None:
        raise Refused("确认码不对或者已经停用", "请核对确认码，或者联系评价中心。")
    CoveredObject.objects.select_for_update().get(pk=covered.pk)
    day = timezone.localdate(now)
    if FirmAnswer.objects.filter(object=covered, questionnaire=questionnaire, officer=None, on=day).exists():
        raise Refused("今天已经交过调查表", "有补充的，请明天再填或者告诉首席服务官。")
    made = FirmAnswer.objects.create(
        questionnaire=questionnaire, object=covered, on=day, answers=_checked(questionnaire, answers)
    )
    audit.record("企业填写需求调查表", covered, acting_user=None, after={"调查表": str(questionnaire)})
    return made


def _checked(questionnaire: FirmQuestionnaire, answers: Mapping[int, str]) -> list[str]:
    """Return one answer for each question, empty where none was given; refuse what is no choice."""
    if not questionnaire.is_active:
        raise Refused("调查表已经更新", "请刷新页面后重新填写。")
    found = []
    for number, question in enumerate(questions_of(questionnaire)):
        given = answers.get(number, "").strip()[:LONGEST_ANSWER]
        if question.choices and given and given not in question.choices:
            raise Refused(f"“{question.label}”没有“{given[:20]}”这一选项", "请重新选择。")
        found.append(given)
    if not any(found):
        raise Refused("调查表没有填写", "请至少回答一个问题。")
    return found
