"""Seeds the demo county that `make run` shows on an empty machine.

It uses the same services as a county: imported workbooks, rounds step by step, ballots cast into the box.
People and companies are made up. The dates are fixed, so that every demo county is the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from casework.procedures.stored import load_procedures
from demo import benefit_items
from demo.appeals import lodge_and_decide
from demo.consequences import decide_some
from demo.policies import PASSPHRASE
from demo.voters import DemoVoters
from departments.models import Department, Membership, Task, Town
from departments.roster.services import import_roster
from departments.tasks.services import report_progress
from disclosure.approval.services import publish_first_versions
from disclosure.results.services import publish_results
from evaluations import services as rounds
from evaluations.models import Round, SchemeVersion
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import department_key
from office.accounts import passwords
from office.jobs import services as jobs
from office.models import User
from office.roles import Role
from reports.models import IssuingBody
from surveys import queries as survey_queries
from surveys import services as surveys
from surveys.comments import queries as comment_queries
from surveys.draws import apportion
from surveys.respondents import entity_import, supervisor_import
from surveys.voting.demo_box import fill_box

FILES = Path(settings.BASE_DIR) / "demo" / "data"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = passwords.OF_THE_DEMO  # printed on the screen
VOTERS = 2100
POOR = (0, 6)  # the department of the demo accounts among them: it has something to put right
RETURN_RATE = Fraction(3, 4)
TRIED = 6
SETTLED = 24
PARAPHRASES = {
    "说的材料": ("政策公开", "告知的材料与公布的清单不一致。"),
    "承诺的时限": ("办事效率", "实际办理时间超过承诺时限。"),
    "没有人回复": ("服务态度", "咨询以后没有人答复。"),
    "公示栏": ("政策公开", "建议完整公布所需材料。"),
    "进度": ("办事效率", "建议提供办理进度查询。"),
    "专人": ("服务态度", "建议固定人员答复咨询。"),
}
ACCOUNTS = {
    "centre": ("示范甲", Role.CENTRE_OPERATOR),
    "reviewer": ("示范乙", Role.CENTRE_REVIEWER),
    "leader": ("示范丙", Role.LEADING_GROUP),
    "department": ("示范丁", Role.DEPARTMENT_OFFICER),
    "checker": ("示范戊", Role.DEPARTMENT_REVIEWER),
    "town": ("示范己", Role.TOWN_ORGANIZER),
    "inspectorate": ("示范庚", Role.INSPECTORATE),
    "clerk": ("示范辛", Role.PAPER_CLERK),
    "clerk2": ("示范壬", Role.PAPER_CLERK),
    "admin": ("示范癸", Role.ADMINISTRATOR),
    "marker": ("示范子", Role.MARKER),
    "window": ("示范丑", Role.WINDOW_CLERK),
    "officer": ("示范寅", Role.SERVICE_OFFICER),
}

Say = Callable[[str], object]


@dataclass(frozen=True)
class HeldRound:
    """An open round with its made-up ballots; `left_over` are the addresses on some unused slips."""

    round: Round
    left_over: list[str]


def seed(say: Say) -> None:
    """Fill an empty database with the demo county and write the leaflet demo.txt."""
    call_command("seed_calendar")
    people = make_accounts()
    say("导入单位、人员和职责")
    import_roster(
        content=(FILES / "roster.xlsx").read_bytes(),
        file_name="roster.xlsx",
        new_departments=True,
        acting_user=None,
    )
    first = Department.objects.order_by("order").first()
    for name in ("department", "checker"):
        Membership.objects.create(user=people[name], department=first)
    publish_first_versions(acting_user=None, now=morning(date(2026, 9, 1)))
    say("导入市场主体和监督员")
    entity_import.import_entities(
        content=(FILES / "market-entities.xlsx").read_bytes(),
        file_name="market-entities.xlsx",
        acting_user=None,
        skip_faulty=True,
    )
    supervisor_import.import_supervisors(
        content=(FILES / "supervisors.xlsx").read_bytes(), file_name="supervisors.xlsx", acting_user=None
    )
    rounds.load_schemes()
    load_procedures()
    name_issuing_bodies()
    say("开始第四季度评价，备好试投的票")
    held = hold_round(people, "2026-Q4", "第四季度", date(2026, 11, 16), VOTERS // 15)
    plan_sitting(people, held.round)
    set_tasks(people)
    say("第三季度的评价和其余四个方案（方城、吉林、广元、舞阳）的轮次和一年的事项在启动后载入")
    jobs.enqueue("demo.other_rounds", {"and_the_year": True}, acting_user=None)
    write_leaflet(held.left_over, benefit_items.hand_out_one(timezone.localdate(), people["window"]))


def make_accounts() -> dict[str, User]:
    hashed = make_password(PASSWORD)
    return {
        name: User.objects.create(username=name, password=hashed, first_name=person, role=role, is_staff=True)
        for name, (person, role) in ACCOUNTS.items()
    }


def name_issuing_bodies() -> None:
    """The centre without a red head, the leading group's office with one, as a county would have it."""
    centre = f"{settings.COUNTY_NAME}优化营商环境服务中心"
    office = f"{settings.COUNTY_NAME}优化营商环境工作领导小组办公室"
    IssuingBody.objects.create(name=office, code="示营商办", red_head=True, printed_by=centre)
    IssuingBody.objects.create(name=centre, code="示营商中心")


def hold_third_quarter(people: Mapping[str, User]) -> None:
    held = hold_round(people, "2026-Q3", "第三季度", date(2026, 9, 7), VOTERS, poor=POOR)
    finish_round(held.round, people)


def hold_round(
    people: Mapping[str, User],
    period: str,
    season: str,
    opened: date,
    voters: int,
    *,
    poor: Sequence[int] = (),
) -> HeldRound:
    centre = people["centre"]
    made = rounds.create_round(
        title=f"2026年{season}“三亮”评价",
        period=period,
        scheme_version=SchemeVersion.objects.get(scheme_id="yuncheng-2023", is_active=True),
        base_date=opened.replace(day=1),
        persons_public=Round.PersonsPublic.TOP_GRADES,
        persons_public_decision="示范〔2026〕1号",
        acting_user=centre,
    )
    rounds.freeze_subjects(round=made, acting_user=centre)
    plan = apportion.slips_by_town(
        int(voters / RETURN_RATE) + TRIED, made.shares, survey_queries.voters_by_town()
    )
    rounds.plan_slips(round=made, plan=plan, acting_user=centre)
    made = rounds.prepare_ballot(round=made, passphrase=PASSPHRASE, acting_user=centre)
    slips = [
        slip
        for batch in survey_queries.batches(survey_of(made))
        for slip in surveys.print_batch(batch=batch, acting_user=centre)
    ]
    random.Random(period).shuffle(slips)  # noqa: S311 - demo data
    made = rounds.open_round(round=made, passphrase=PASSPHRASE, today=opened, acting_user=centre)
    drawn = DemoVoters(survey_of(made).frozen()["form"], period, poor=poor).ballots(voters)
    votes = [(slip, *ballot) for slip, ballot in zip(slips[:voters], drawn, strict=True)]
    fill_box(survey=survey_of(made), votes=votes)
    return HeldRound(made, [slip.url for slip in slips[voters : voters + TRIED]])


def plan_sitting(people: dict[str, User], held: Round) -> None:
    """Plan a sitting of the first town; whoever tries the demo as its organizer continues from there."""
    town = Town.objects.order_by("order", "id").first()
    if town is None:
        raise RuntimeError("the demo county has no towns")
    Membership.objects.create(user=people["town"], town=town)
    surveys.plan_sitting(
        survey=survey_of(held),
        town=town,
        when=surveys.When(date(2026, 11, 25), time(9, 30), f"{town}便民服务中心（示范）"),
        today=date(2026, 11, 16),
        acting_user=people["town"],
    )


def set_tasks(people: dict[str, User]) -> None:
    """Set three tasks: of the demo department, of another one that is late, of the demo town."""
    own, other = Department.objects.order_by("order")[:2]
    town = people["town"].membership.town
    tasks = [
        Task(title="补充人员照片和公开依据", department=own, due_on=date(2026, 11, 27)),
        Task(title="核对办理事项和时限", department=other, due_on=date(2026, 11, 20)),
        Task(title="组织第四季度现场评价", town=town, due_on=date(2026, 11, 27)),
    ]
    for task in tasks:
        task.starts_on = date(2026, 11, 9)
        task.save()
    report_progress(
        task=tasks[0],
        percent=40,
        note="已征得本人同意，正在拍摄。",
        acting_user=people["department"],
        now=morning(date(2026, 11, 16)),
    )


def finish_round(held: Round, people: Mapping[str, User]) -> None:
    """Close, count and publish an open round; a second person signs the result."""
    centre, reviewer = people["centre"], people["reviewer"]
    at = {"closed": date(2026, 9, 14), "served": date(2026, 9, 15), "corrected": date(2026, 9, 18)}
    at |= {"ended": date(2026, 10, 8), "decided": date(2026, 10, 9)}
    rounds.close_round(round=held, today=at["closed"], acting_user=centre)
    rounds.tally_round(round=held, passphrase=PASSPHRASE, acting_user=people["inspectorate"])
    settle_comments(held, people)
    rounds.compute_round(round=held, now=morning(at["closed"]), acting_user=centre)
    rounds.sign_off_round(round=held, now=morning(at["closed"]), acting_user=reviewer)
    rounds.serve_round(round=held, today=at["served"], acting_user=centre)
    lodge_and_decide(held, people, at["served"])
    rounds.compute_round(
        round=held, now=morning(at["corrected"]), acting_user=centre, reason="申诉已采纳，名单已更正（示范）"
    )
    rounds.sign_off_round(round=held, now=morning(at["corrected"]), acting_user=reviewer)
    rounds.serve_round(round=held, today=at["corrected"], acting_user=centre)
    rounds.end_appeals(round=held, today=at["ended"], now=morning(at["ended"]), acting_user=centre)
    decide_some(held, people, at["decided"], morning(at["decided"]))
    publish_results(round=held, now=morning(at["ended"]), acting_user=centre)


def settle_comments(held: Round, people: Mapping[str, User]) -> None:
    """Put some comments on the demo department in other words, two persons deciding; the rest waits."""
    survey, department = survey_of(held), people["department"].membership.department_id or 0
    for remark in comment_queries.remarks_of(survey, department_key(department))[:SETTLED]:
        topic, words = next(said for mark, said in PARAPHRASES.items() if mark in remark.masked)
        said = {"survey": survey, "comment_id": remark.pk}
        surveys.propose_paraphrase(**said, topic=topic, paraphrase=words, acting_user=people["centre"])
        surveys.confirm_comment(**said, acting_user=people["reviewer"])


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def write_leaflet(slips: list[str], firm: tuple[str, str]) -> None:
    """Write demo.txt: accounts, pages and slips; bin/run prints it at every start."""
    names = "、".join(f"{name}（{role.label}）" for name, (_, role) in ACCOUNTS.items())
    tried = "\n".join(f"    {{origin}}/v/#{url.partition('#')[2]}" for url in slips)
    text = f"""
  成绩单      {{origin}}/results/（首次启动后一至两分钟内生成）
  演示账号    {names}
              密码均为 {PASSWORD}；计票口令 {PASSPHRASE}
  其他方案    首次启动后一至两分钟内载入，“我的工作”写明进度
    收集中    方城效能监测：centre 填报表格、台账和电话调查，reviewer 确认、办结
    打分密封  吉林年度考核：leader 已交一张，reviewer 与 inspectorate 两人才能开启
    已计算    舞阳服务窗口评议（两个大厅、八个窗口，10月扫码评议）：reviewer 或 leader 审定
    已送达    广元直接评价（含“码上评”）：申诉期内，department 查看结果、申诉，reviewer 复核，与 leader 更正
    已公布    舞阳部门评议：公众页面可查
    处置登记  reviewer 登记决定、送达，inspectorate 核收材料，checker 签收、提交材料
    整改      department 填报整改，centre 催办，reviewer 审核方案、核验销号
    申诉      leader 复核，inspectorate 阅知；容错由 department 申请，inspectorate 登记决定
    公文      centre 制发通报、通知书和决定书，reviewer 撤回、回复任职查询
    样本库    centre、inspectorate 可看样本库和一次抽取记录
    窗口结果  送达之后，department 可看本单位进驻窗口的结果
  惠企政策    {{origin}}/benefits/ 公开清单；企业登录 {{origin}}/benefits/firm/
              统一社会信用代码 {firm[0]}，企业登录码 {firm[1]}（事项载入后有匹配结果）
  试填评价（每张凭条只能用一次，用完后 make reset 重新载入）：
{tried}
"""
    (settings.DATA_DIR / "demo.txt").write_text(text, encoding="utf-8")
