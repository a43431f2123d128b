"""Reminders on start pages: sittings, sheets of paper, terms of supervisors (YC-R6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Value
from django.urls import reverse
from django.utils import timezone

from departments.access import own_town, own_unit
from office.models import User
from office.roles import Role
from office.workbench import start_page
from surveys.keys import database_settings
from surveys.models import PaperSheet, PoolMember, Sitting, Slip, SlipBatch, Supervisor, Survey
from surveys.respondents.pools import figures

State = Sitting.State


@start_page.reminds(Role.TOWN_ORGANIZER)
def sittings(user: User) -> Iterator[start_page.Reminder]:
    """The next step of every sitting of the own town; a town with slips and no sitting has to plan one."""
    town = own_town(user)
    planned = set()
    open_ones = Sitting.objects.filter(town=town, survey__state__in=[*Survey.GOING_ON, Survey.State.CLOSED])
    for sitting in open_ones.select_related("survey", "town"):
        planned.add(sitting.survey_id)
        if sitting.state != State.HELD and not (
            sitting.state == State.PLANNED and sitting.survey.state not in Survey.GOING_ON
        ):
            yield _next_step(sitting, timezone.localdate())
    batches = SlipBatch.objects.filter(town=town, is_void=False, survey__state__in=Survey.GOING_ON)
    for survey_id, title in batches.values_list("survey", "survey__title").distinct().order_by("survey"):
        if survey_id not in planned:
            yield start_page.Reminder(f"{title}：安排现场评价", reverse("sitting-new", args=[survey_id]))


def _next_step(sitting: Sitting, today: date) -> start_page.Reminder:
    address = reverse("sitting", args=[sitting.pk])
    if sitting.state == State.PLANNED:
        return start_page.Reminder(
            f"{sitting}：抽取邀请名单", address, sitting.place, sitting.date <= today, until=sitting.date
        )
    if sitting.date > today:
        return start_page.Reminder(
            f"{sitting}：通知已抽取的市场主体", address, sitting.place, until=sitting.date
        )
    return start_page.Reminder(
        f"{sitting}：登记到场和清点，办结", address, sitting.place, sitting.date < today, until=sitting.date
    )


TO_KEY = (PaperSheet.State.ONCE, PaperSheet.State.DIFFERENT)


@start_page.reminds(Role.PAPER_CLERK)
def paper_to_key(user: User) -> Iterator[start_page.Reminder]:
    """Exchanged paper waits from the close of the box until somebody ends the keying."""
    exchanged = Slip.objects.filter(
        state=Slip.State.PAPER, batch__survey__state=Survey.State.CLOSED, batch__survey__paper_finished=False
    ).order_by()
    rows = exchanged.values("batch__survey", "batch__survey__title").annotate(n=Count("pk"))
    for row in rows.order_by("batch__survey"):
        sheets = PaperSheet.objects.filter(survey=row["batch__survey"])
        keyed = sheets.exclude(state=PaperSheet.State.LABEL).count()
        if keyed:
            note = f"已录入 {keyed} 张。全部录完的，请评价中心结束录入。"
        elif sheets.exists():
            note = "编号标签已印制，尚未录入。"
        else:
            note = "编号标签尚未印制，请与评价中心联系。"
        address = reverse("survey-paper", args=[row["batch__survey"]])
        title = f"{row['batch__survey__title']}：录入纸质票（换领 {row['n']} 份）"
        yield start_page.Reminder(title, address, note)


@start_page.reminds(Role.PAPER_CLERK)
def sheets_to_key(user: User) -> Iterator[start_page.Reminder]:
    """Sheets that a second or third person has to key; nobody keys the same sheet twice."""
    rows = PaperSheet.objects.filter(state__in=TO_KEY).exclude(readings__reader=user).order_by()
    for row in rows.values("survey", "survey__title").annotate(n=Count("pk", distinct=True)):
        address = reverse("survey-paper-keying", args=[row["survey"]])
        yield start_page.Reminder(f"{row['survey__title']}：录入 {row['n']} 张待再次录入的纸质票", address)


@start_page.reminds(Role.CENTRE_REVIEWER)
def sheets_to_decide(user: User) -> Iterator[start_page.Reminder]:
    rows = PaperSheet.objects.filter(state=PaperSheet.State.REVIEW).order_by()
    for row in rows.values("survey", "survey__title").annotate(n=Count("pk")):
        address = reverse("survey-paper", args=[row["survey"]])
        yield start_page.Reminder(f"{row['survey__title']}：裁定 {row['n']} 张纸质票", address)


@start_page.reminds(Role.CENTRE_OPERATOR)
def people_due(user: User) -> Iterator[start_page.Reminder]:
    """Whose time is over, in one query: supervisors at the end of their term, members of pools (GY-R1).

    A supervisor's telephone number is kept no longer than the term lasts.
    """
    today = timezone.localdate()
    ended = Supervisor.objects.filter(is_active=True, term_ends__lt=today).order_by()
    terms = ended.annotate(of=Value(0), named=Value("")).values("of", "named").annotate(n=Count("pk"))
    due = PoolMember.objects.filter(left_on=None, renew_on__lte=today).order_by()
    pools = due.values("pool", "pool__name").annotate(n=Count("pk"))
    rows = terms.values_list("of", "named", "n").union(pools.values_list("pool", "pool__name", "n"))
    for pool, name, number in sorted(rows):
        if pool:
            note = "核对后续期，或让其退出后补足。"
            text = f"{name}：{number} 个样本到期应更新"
            yield start_page.Reminder(text, reverse("pool", args=[pool]), note)
        elif number:  # the row of supervisors is there when it counts none, too
            address = f"{reverse('admin:surveys_supervisor_changelist')}?is_active__exact=1&o=6"
            note = "续聘的，更正聘期；不再担任的，取消“在任”。"
            yield start_page.Reminder(f"{number} 名监督员聘期已满", address, note)


SAMPLES_DUE_IN = 14  # days before the quarter ends


@start_page.reminds(Role.DEPARTMENT_OFFICER)
def samples_to_hand_in(user: User) -> Iterator[start_page.Reminder]:
    """Samples that the own department still owes this quarter (FC-R13), where there is a pool at all."""
    unit, today = own_unit(user), timezone.localdate()
    if unit is None:
        return
    if missing := figures.samples_missing(unit, today):
        ends = figures.quarter_ends(today)
        late = (ends - today).days <= SAMPLES_DUE_IN
        yield start_page.Reminder(
            f"报送样本：本季度还差 {missing} 户", reverse("import-samples"), "", late, until=ends
        )


@start_page.reminds(Role.ADMINISTRATOR)
def order_kept_by_database(user: User) -> Iterator[start_page.Reminder]:
    """Settings of the database that would undo the shuffle; the centre cannot open a survey with them."""
    if found := database_settings.faults():
        address = reverse("admin:manual", args=["administrator"])
        yield start_page.Reminder("数据库设置会留下选票的先后次序", address, "".join(found), is_late=True)
