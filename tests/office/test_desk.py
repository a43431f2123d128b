"""The start page of each role: what waits, how far the work is, what is missing; at most 12 queries."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.models import Section, ServiceItem, StaffMember
from disclosure.models import DisclosureVersion
from evaluations import services
from evaluations.models import Round
from office import audit
from office.calendar import days
from office.jobs import services as jobs
from office.models import AuditEntry, Holiday, Job, User
from office.roles import Role
from office.workbench import start_page
from surveys.models import Comment, PaperReading, PaperSheet, Supervisor
from tests.evaluations.county import County, make_department
from tests.kit.people import person
from tests.kit.publishing import show_all
from tests.walk.checks import MOST_AT_THE_START as MOST

pytestmark = pytest.mark.django_db

BOTH_WORDS = (
    *("维护单位", "查看单位", "维护市场主体", "查看市场主体", "办理现场评价", "查看现场评价"),
    *("设置和查看任务", "查看任务", "填报任务进展"),
)


@pytest.fixture
def county(settings: Settings) -> County:
    settings.HALL_WITHOUT_HTTPS = True
    made = County()
    for year in (timezone.localdate().year, timezone.localdate().year + 1):
        Holiday.objects.create(day=date(year, 1, 1), name="元旦")
    show_all()
    with transaction.atomic():
        for done in ("备份", "恢复演练"):
            audit.record_of_system(done, "backup.zip", after={})
    jobs.sweep()  # as a worker does
    return made


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    text = client.get("/office/").content.decode()
    return re.sub(r"\|+", "|", re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", text[text.index("等我办理") :])))


def of(county: County, role: Role) -> str:
    return page(county.users[role])


def test_when_all_is_done_the_page_says_so(county: County) -> None:
    for role in Role:
        assert "没有等您办理的事项，都已办完" in of(county, role), role


def test_the_officer_sees_drafts_the_reviewer_what_to_review_the_centre_what_to_approve(
    county: County,
) -> None:
    """YC-R1."""
    officer, checker = Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER
    StaffMember.objects.filter(name="甲科员一").update(post="科长助理")
    assert "1处修改尚未提交" in of(county, officer)
    assert "审核本单位的公示内容" not in of(county, checker)
    version = DisclosureVersion.objects.get(department=county.departments[0])
    waiting = DisclosureVersion.objects.create(
        department=version.department,
        number=2,
        content=version.content,
        submitted_by=county.users[officer],
        submitted_at=timezone.now(),
    )
    assert "审核本单位的公示内容" in of(county, checker)
    assert "请尽快办理" not in of(county, checker)
    DisclosureVersion.objects.filter(pk=waiting.pk).update(submitted_at=timezone.now() - timedelta(days=14))
    assert "请尽快办理" in of(county, checker), "it has waited for more than three working days"
    assert "个单位的公示内容" not in of(county, Role.CENTRE_OPERATOR)
    DisclosureVersion.objects.filter(pk=waiting.pk).update(state="reviewed", reviewed_at=timezone.now())
    for role in (Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER):
        assert "核准1个单位的公示内容" in of(county, role)
    DisclosureVersion.objects.filter(pk=waiting.pk).update(state="returned", reason="请核对岗位")
    assert "退回原因：请核对岗位" in of(county, officer)


def test_the_department_sees_how_complete_its_disclosure_is(county: County) -> None:
    """YC-R2."""
    section = Section.objects.get(department=county.departments[0], is_leadership=False)
    ServiceItem.objects.create(section=section, name="示例许可", time_limit="3个工作日")
    ServiceItem.objects.create(section=section, name="示例备案")
    text = of(county, Role.DEPARTMENT_OFFICER)
    assert "有照片的人员|0/5" in text
    assert "有办理时限的事项|1/2" in text
    assert "还缺：示例备案（审批科）" in text


def test_departments_that_show_nothing_wait_for_the_centre(county: County) -> None:
    DisclosureVersion.objects.all().delete()
    assert "公布2个单位的身份和职责" in of(county, Role.CENTRE_OPERATOR)


def test_a_round_waits_for_whoever_does_its_next_step(county: County) -> None:
    round_ = county.create()
    assert f"{round_.title}：锁定参评名单" in of(county, Role.CENTRE_OPERATOR)
    assert "由评价中心经办人员办理" in of(county, Role.CENTRE_REVIEWER)
    assert "第2步，共" in of(county, Role.INSPECTORATE)
    round_ = county.computed(period="2027-Q1")
    assert "审定结果" not in of(county, Role.CENTRE_OPERATOR).split("评价轮次进度")[0]
    for role in (Role.CENTRE_REVIEWER, Role.LEADING_GROUP):
        assert f"{round_.title}：审定结果" in of(county, role)


def test_a_round_is_never_left_out_because_others_are_newer(county: County) -> None:
    """The panel shows the newest rounds; what waits comes from all of them, before anything else."""
    waiting = county.computed()
    for number in range(6):
        county.create(period=f"20{number + 30}-Q1")
    seen = of(county, Role.CENTRE_REVIEWER)
    assert f"|{waiting.title}：审定结果|办理|" in seen.split("评价轮次进度")[0].split("其余")[0]
    assert "其他轮次|还有2个未公布的轮次" in seen


def test_who_computed_a_result_is_not_asked_to_sign_it_off(county: County) -> None:
    round_ = county.closed()
    services.compute_round(round=round_, now=timezone.now(), acting_user=county.users["centre_reviewer"])
    assert f"{round_.title}：审定结果" not in of(county, Role.CENTRE_REVIEWER)
    assert f"{round_.title}：审定结果" in of(county, Role.LEADING_GROUP)


def test_what_waits_says_until_when(county: County) -> None:
    round_ = county.opened()
    late, soon = timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=1)
    Round.objects.filter(pk=round_.pk).update(closes_at=soon)
    assert f"{round_.title}：截止评价" not in of(county, Role.CENTRE_OPERATOR)
    Round.objects.filter(pk=round_.pk).update(closes_at=late)
    assert f"{round_.title}：截止评价|办理|期限" in of(county, Role.CENTRE_OPERATOR)
    assert "，已过|" in of(county, Role.CENTRE_OPERATOR)


def test_a_long_menu_is_folded_and_a_short_one_is_not(county: County) -> None:
    for role, folded in ((Role.CENTRE_OPERATOR, True), (Role.PAPER_CLERK, False)):
        client = Client()
        client.force_login(county.users[role])
        text = client.get("/office/").content.decode()
        menu = text[text.index('id="all-tasks"') :]
        assert ("<details><summary>" in menu) is folded
        assert "<details open><summary>" in menu
    client.force_login(county.users[Role.DEPARTMENT_OFFICER])
    menu = client.get("/office/").content.decode().partition('id="all-tasks"')[2]
    assert "<details open><summary><h2>单位和人员</h2>" in menu, "the own unit's"


def test_the_head_names_the_unit_of_those_inside(county: County) -> None:
    for role, unit in (
        (Role.CENTRE_REVIEWER, "示范县评价中心"),
        (Role.LEADING_GROUP, "示范县领导小组"),
        (Role.DEPARTMENT_OFFICER, county.departments[0].name),
    ):
        client = Client()
        client.force_login(county.users[role])
        assert f'<span class="unit">{unit}</span>' in client.get("/office/").content.decode()


def test_a_served_result_waits_for_the_department_until_the_appeal_days_are_over(county: County) -> None:
    round_ = county.served()
    today = timezone.localdate()
    Round.objects.filter(pk=round_.pk).update(appeals_until=today + timedelta(days=1))
    assert f"查看{round_.title}的结果" in of(county, Role.DEPARTMENT_REVIEWER)
    services.lodge_appeal(
        round_department=round_.departments.all()[0],
        text="请复核有效票数。",
        now=timezone.now(),
        acting_user=county.users["department_officer"],
    )
    assert "复核1件申诉" in of(county, Role.LEADING_GROUP)
    assert "复核1件申诉" not in of(county, Role.CENTRE_OPERATOR)
    Round.objects.filter(pk=round_.pk).update(appeals_until=today - timedelta(days=1))
    assert f"查看{round_.title}的结果" not in of(county, Role.DEPARTMENT_REVIEWER)


def test_failed_jobs_wait_for_who_may_run_them_again(county: County) -> None:
    Job.objects.create(kind="x", state=Job.State.FAILED)
    for role in Role:
        seen = "1个后台任务未完成" in of(county, role)
        assert seen is (role in {Role.ADMINISTRATOR, Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER})


def test_the_administrator_is_reminded_of_the_backup() -> None:
    administrator = person(Role.ADMINISTRATOR)
    assert "还没有备份过数据" in page(administrator)
    assert "做过恢复演练" not in page(administrator), "there is nothing to restore"
    for age, late in ((timedelta(hours=25), False), (timedelta(hours=27), True)):
        AuditEntry.objects.create(verb="备份", object_type="系统", at=timezone.now() - age)
        assert ("最近一天没有备份数据" in page(administrator)) is late
        assert "还没有备份过数据" not in page(administrator)
    assert "备份" not in page(person(Role.CENTRE_OPERATOR))


def test_the_administrator_is_reminded_of_a_copy_where_one_is_asked_for(settings: Settings) -> None:
    administrator = person(Role.ADMINISTRATOR)
    AuditEntry.objects.create(verb="备份", object_type="系统", at=timezone.now())
    assert "另存" not in page(administrator)
    settings.BACKUP_COPY_DIR = "/mnt/copies"
    assert "没有另存到其他磁盘" in page(administrator)
    AuditEntry.objects.create(verb="备份另存", object_type="系统", at=timezone.now())
    assert "没有另存到其他磁盘" not in page(administrator)


def test_the_administrator_is_reminded_of_a_drill_each_quarter() -> None:
    administrator = person(Role.ADMINISTRATOR)
    AuditEntry.objects.create(verb="备份", object_type="系统", at=timezone.now())
    assert "还没有做过恢复演练" in page(administrator)
    for age, late in ((89, False), (91, True)):
        AuditEntry.objects.create(
            verb="恢复演练", object_type="系统", at=timezone.now() - timedelta(days=age)
        )
        assert ("90天内没有做过恢复演练" in page(administrator)) is late
        assert "还没有做过恢复演练" not in page(administrator)


def test_terms_that_are_over_wait_for_the_centre(county: County) -> None:
    today = timezone.localdate()
    for ends, is_active in ((today, True), (today - timedelta(days=1), False), (None, True)):
        Supervisor.objects.create(name=f"监督员{ends}", term_ends=ends, is_active=is_active)
    assert "聘期已满" not in of(county, Role.CENTRE_OPERATOR)
    Supervisor.objects.filter(is_active=False).update(is_active=True)
    assert "1名监督员聘期已满" in of(county, Role.CENTRE_OPERATOR)
    assert "聘期已满" not in of(county, Role.CENTRE_REVIEWER)


def test_who_may_only_look_is_not_told_to_maintain(county: County) -> None:
    for role, words in (
        (Role.CENTRE_OPERATOR, ("维护单位", "维护市场主体", "设置和查看任务", "办理现场评价")),
        (Role.INSPECTORATE, ("查看单位", "查看市场主体", "查看任务", "查看现场评价")),
        (Role.DEPARTMENT_OFFICER, ("查看单位", "填报任务进展")),
    ):
        seen = of(county, role)
        assert all(f"|{word}|" in seen for word in words)
        assert not any(f"|{other}|" in seen for other in BOTH_WORDS if other not in words)


def test_a_year_without_its_calendar_is_asked_for(county: County) -> None:
    year = timezone.localdate().year
    Holiday.objects.filter(day__year=year).delete()
    assert f"录入{year}年的节假日安排" in of(county, Role.CENTRE_OPERATOR)


def test_another_room_puts_its_things_on_the_desk_of_its_roles(county: County) -> None:
    @start_page.reminds(Role.PAPER_CLERK)
    def sheets(user: User) -> list[start_page.Reminder | start_page.Panel]:
        return [start_page.Reminder("录入 3 张纸质票", "/office/")]

    try:
        assert "录入3张纸质票" in of(county, Role.PAPER_CLERK)
        assert "录入3张纸质票" not in of(county, Role.TOWN_ORGANIZER)
    finally:
        start_page._contributions.pop()


def test_comments_and_sheets_of_paper_wait_for_who_deals_with_them(county: County) -> None:
    """YC-R6, YC-R8: nobody is asked to key a sheet twice or to confirm what is not yet worded."""
    round_ = county.closed()
    survey, clerk = round_.survey, county.users["paper_clerk"]
    comment = Comment.objects.create(survey=survey, department="d1", kind="matter", masked="等候过久")
    assert "概括1条意见建议" in of(county, Role.CENTRE_OPERATOR)
    assert "意见建议的概括" not in of(county, Role.CENTRE_REVIEWER)
    Comment.objects.filter(pk=comment.pk).update(state="proposed")
    assert "复核1条意见建议的概括" in of(county, Role.CENTRE_REVIEWER)
    assert "条意见建议" not in of(county, Role.CENTRE_OPERATOR)

    sheet = PaperSheet.objects.create(survey=survey, number=1, state="once")
    PaperReading.objects.create(sheet=sheet, reader=clerk)
    assert "待再次录入的纸质票" not in of(county, Role.PAPER_CLERK)
    assert "录入1张待再次录入的纸质票" in page(person(Role.PAPER_CLERK, "second"))
    PaperSheet.objects.filter(pk=sheet.pk).update(state="review")
    assert "裁定1张纸质票" in of(county, Role.CENTRE_REVIEWER)


def test_the_page_takes_as_many_queries_at_any_size(county: County) -> None:
    def count(user: User) -> int:
        client = Client()
        client.force_login(user)
        client.get("/office/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/office/")
        return len(asked)

    county.create()
    Job.objects.create(kind="x", state=Job.State.FAILED)
    StaffMember.objects.filter(name="甲科员一").update(post="科长助理")
    small = {role: count(county.users[role]) for role in Role}
    for number in range(6):
        make_department(f"县{number}局", number + 5)
        Job.objects.create(kind="x", state=Job.State.FAILED)
        county.create(period=f"20{number + 30}-Q1")
    make_more(county)
    assert {role: count(county.users[role]) for role in Role} == small
    assert max(small.values()) <= MOST


def make_more(county: County) -> None:
    section = Section.objects.get(department=county.departments[0], is_leadership=False)
    for number in range(20):
        StaffMember.objects.create(
            department=section.department, section=section, name=f"赵{number}", kind="staff"
        )
        ServiceItem.objects.create(section=section, name=f"事项{number}")


@pytest.mark.parametrize(
    ("start", "count", "found"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the holidays
        (date(2026, 10, 8), 3, date(2026, 10, 12)),  # the Saturday is worked
        (date(2031, 1, 3), 1, date(2031, 1, 6)),  # no calendar: Monday to Friday
    ],
)
def test_reminders_count_working_days(start: date, count: int, found: date) -> None:
    for day in range(1, 8):
        Holiday.objects.create(day=date(2026, 10, day))
    Holiday.objects.create(day=date(2026, 10, 10), is_working_day=True)
    assert days.calendar().step(start, count) == found


def test_nobody_without_a_department_meets_a_fault() -> None:
    for role in (Role.DEPARTMENT_OFFICER, Role.TOWN_ORGANIZER):
        assert "没有等您办理的事项" in page(person(role))
