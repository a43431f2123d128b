"""What papers are made from an entry of the register (处置登记): nothing is printed before it is decided."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from evaluations.consequences.measures import measure_of
from evaluations.models import Disposition, Rectification
from evaluations.results import appeal_days
from evaluations.results.own import own_view
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of
from office import dates
from office.calendar import days
from office.calendar.deadlines import Limit, Span, Unit
from reports.documents.kinds import Ask, Subject, register_subject
from reports.documents.services import About

DISPOSITION = "disposition"
State = Disposition.State
FULFILLED = (State.FULFILLED, State.LAPSED)


def about(found: Disposition) -> About:
    return About(DISPOSITION, found.pk, found.department, found.is_about_a_person)


def not_decided(found: Disposition) -> str:
    """Nothing is printed before a decision with its number, nor after it was set aside or withdrawn."""
    match found.state:
        case State.PROPOSED:
            return "还没有登记决定机关、决定文号和日期，登记后才能制发。"
        case State.SET_ASIDE:
            return "已决定不予实施，不制发文书。"
        case State.WITHDRAWN:
            return "已撤销，不制发文书。"
    return ""


def has_notice(kind: str, found: Disposition) -> bool:
    """Whether the scheme gives this measure a notice of this kind."""
    measure = measure_of(found)
    return measure is not None and measure.notice == kind


def must_rectify(found: Disposition) -> bool:
    """Whether the unit has to put something right: its people are reached by it, not by one notice each."""
    measure = measure_of(found)
    asked = measure is not None and (measure.rectify or measure.notice == "rectification_notice")
    return bool(asked) and not found.is_about_a_person


def decided(found: Disposition) -> str:
    """Say the decision that a paper rests on."""
    on = dates.day(found.decided_on) if found.decided_on else ""
    return f"{found.body}{on}以{found.number}作出的决定"


def whom(found: Disposition) -> str:
    """The unit, with the person where it is about one."""
    if not found.is_about_a_person:
        return found.subject.name
    return f"{found.subject.name}{found.whom}"


def clause_of(found: Disposition) -> str:
    document = policy_of(found.result.scheme_version).defaults.document
    number = f"（{document.number}）" if document.number else ""
    return f"《{document.title}》{number}条款{found.clause}"


def result_said(found: Disposition) -> str:
    """Score and grade as the unit itself may read them."""
    own = own_view(found.result, department_key(found.department_id)).figure
    score = f"得分{own.score}分" if own.score else ""
    grade = f"等次为{own.grade}" if own.grade else ""
    said = "，".join(filter(None, (score, grade)))
    return f"，{found.subject.name}{said}" if said else ""


def rectification_of(found: Disposition) -> Rectification | None:
    return (
        Rectification.objects.filter(disposition=found)
        .select_related("disposition__subject", "department")
        .first()
    )


def limits(found: Disposition) -> tuple[str, str]:
    """Until when plan and rectification are due: as the rectification has it, else from the decision."""
    if one := rectification_of(found):
        return dates.moment(one.plan_due_at), dates.moment(one.done_due_at)
    measure = measure_of(found)
    if measure is None or measure.rectify is None or found.decided_on is None:
        return "", ""
    clock, asked = days.clock(), measure.rectify
    plan = clock.limit(found.decided_on, Span(asked.plan_working_days))
    done = clock.limit(found.decided_on, Span(asked.done_days, Unit.DAYS))
    return said(plan), said(done)


def said(limit: Limit) -> str:
    return dates.day(limit.last_day) if limit.last_day else ""


def reasons(found: Disposition) -> Ask:
    return Ask(
        "problems",
        "存在的问题",
        help="依据评价结果和有关记录写，每行一段；不写评价人，不写举报人。",
        initial=f"{found.because.rstrip('。')}。",
        rows=5,
    )


def appeal(found: Disposition) -> Ask:
    within = appeal_days.rule_of(found.round).working_days
    return Ask(
        "appeal",
        "申诉的期限和途径",
        initial=f"对本决定不服的，可以自收到本通知书之日起{within}个工作日内，向本机关书面提出申诉。",
        rows=2,
    )


def copies() -> Ask:
    return Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False)


def _url(found: Disposition) -> str:
    try:
        return reverse("cockpit:disposition", args=[found.pk])
    except NoReverseMatch:
        return reverse("cockpit:round", args=[found.round_id])


register_subject(
    DISPOSITION,
    Subject(
        label="处置事项",
        find=lambda pk: (
            Disposition.objects.select_related(
                "round", "result__scheme_version", "result__round", "subject", "department"
            )
            .filter(pk=pk)
            .first()
        ),
        said=str,
        url=_url,
        concerns=about,
    ),
)
