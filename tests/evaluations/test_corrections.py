"""A wrong result of units: data opened again by two persons, a unit off the list, and a new result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.kinds import UnitKind
from departments.models import Department, Membership
from disclosure.models import Publication
from disclosure.results import services as disclosure
from evaluations import services
from evaluations.gathering.entries.grid import TypedRow
from evaluations.gathering.ledger import services as ledger
from evaluations.models import Appeal, Channel, Correction, Result, Round
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.county import BASE_DATE, CLOSED, NOW, OPENED, County, fresh
from tests.evaluations.pages import said
from tests.evaluations.unit_rounds import jilin_county, version
from tests.kit.publishing import PUBLISHED, run_waiting_jobs

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]
State = Round.State

NEED = "answers.ballot"
COUNTED = TypedRow(source="现场评议统计表", source_on=CLOSED.isoformat())
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
COUNTS = {"甲局": (30, 8, 2, 0, 0), "乙局": (25, 12, 3, 0, 0), "丙局": (20, 15, 5, 0, 0)}
SCORES = {"甲局": "94.00", "乙局": "91.00", "丙局": "87.50"}


@pytest.fixture
def county(county: County) -> County:
    """A round of units, counted by another body: computed, signed off, served."""
    Department.objects.update(is_active=False)
    for order, name in enumerate(COUNTS, start=1):
        Department.objects.create(name=name, peer_group="行政审批", order=order)
    officer = Membership.objects.get(user=county.users["department_officer"])
    officer.department = Department.objects.get(name="乙局")
    officer.save()
    round_ = services.create_round(
        title="第三季度满意度评议",
        period="2026-Q3",
        scheme_version=version("wuyang-units-2022"),
        base_date=BASE_DATE,
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        channels={NEED: Channel.Kind.COUNTS.value},
        acting_user=county.operator,
    )
    round_ = services.freeze_subjects(round=round_, acting_user=county.operator)
    services.begin_gathering(round=round_, today=OPENED, acting_user=county.operator)
    county.round = round_
    for name, counts in COUNTS.items():
        enter(county, name, counts)
    settle(county)
    services.end_gathering(round=fresh(round_), today=CLOSED, acting_user=county.operator)
    county.round = county.serve(county.sign_off(county.compute(fresh(round_))))
    return county


def channel(county: County) -> Channel:
    return Channel.objects.select_related("round__scheme_version", "round__survey").get(
        round=county.round, need=NEED
    )


def row(county: County, name: str) -> int:
    return county.round.departments.get(name=name).pk


def enter(county: County, name: str, counts: tuple[int, ...]) -> None:
    typed = TypedRow({f"overall/{word}": str(n) for word, n in zip(WORDS, counts, strict=True)})
    services.enter_in_grid(
        channel=channel(county),
        typed={row(county, name): typed},
        default=COUNTED,
        now=NOW,
        acting_user=county.operator,
    )


def settle(county: County) -> None:
    services.confirm_entries(channel=channel(county), now=NOW, acting_user=county.reviewer)
    services.settle_channel(channel=channel(county), now=NOW, acting_user=county.reviewer)


def propose(county: County, name: str, by: User) -> Correction:
    return services.propose_correction(
        channel=channel(county),
        subject=county.round.departments.get(name=name),
        reason="统计表抄错一行",
        now=NOW,
        acting_user=by,
    )


def scores(result: Result) -> dict[str, str | None]:
    return {one["name"]: one["score"] for one in result.outcome["subjects"].values()}


def upheld(county: County, name: str) -> Appeal:
    unit = county.round.departments.get(name=name)
    appeal = county.appeal(county.round, round_department=unit, acting_user=county.operator)
    county.decide(appeal, upheld=True)
    return appeal


def test_an_upheld_appeal_opens_one_units_data_again_and_a_new_result_says_why(
    county: County, browse: Browse
) -> None:
    """JL-R9, WY-R8: from the upheld appeal to the served correction, one thing to do at each step."""
    here, second = f"/office/rounds/{county.round.pk}/", row(county, "乙局")
    operator, reviewer, leader = map(browse, ("centre_operator", "centre_reviewer", "leading_group"))
    assert scores(services.current_result(county.round)) == SCORES
    upheld(county, "乙局")
    for page in (here, f"{here}appeals/", "/office/"):
        assert f'href="{here}correct/"' in said(reviewer, page), page
    first = {"subject": row(county, "甲局"), "channel": channel(county).pk, "because": "抄错"}
    assert "选择一个有效的选项" in said(reviewer, f"{here}correct/", first), "甲局 has not appealed"
    proposal = {"subject": second, "channel": channel(county).pk, "because": "乙局统计表抄错一行"}
    page = said(reviewer, f"{here}correct/", proposal)
    assert "已提出更正，等待另一人同意" in page
    assert "同意，重新打开" not in page, "nobody agrees to what they proposed"
    agreed = {"agree": Correction.objects.get().pk}
    assert "由您本人提出" in said(reviewer, f"{here}correct/", agreed)
    with pytest.raises(Refused, match="还没有更正"):
        county.compute(county.round, "更正")
    assert "已同意" in said(leader, f"{here}correct/", agreed)
    assert f'href="{here}channels/"' in said(operator, here)
    with pytest.raises(Refused, match="还有数据没有办结"):
        county.compute(county.round, "更正")
    with pytest.raises(Refused, match="不能改为不采用"):
        services.set_channel_aside(channel=channel(county), reason="无", now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused) as refusal:
        enter(county, "甲局", (40, 0, 0, 0, 0))
    assert refusal.value.faults == ("甲局",)
    with pytest.raises(Refused, match="还没有新的结果"):
        county.end_appeals(county.round)
    enter(county, "乙局", (35, 4, 1, 0, 0))
    with pytest.raises(Refused, match="没有办完"):
        services.settle_channel(channel=channel(county), now=NOW, acting_user=county.reviewer)
    settle(county)
    assert f'href="{here}do/compute/"' in said(operator, here)
    services.compute_round(round=county.round, now=NOW, reason="采纳乙局申诉", acting_user=county.reviewer)
    old, new = county.round.results.order_by("number")
    assert new.replaces == old
    assert scores(old) == SCORES, "a result is never edited"
    assert scores(new) == {**SCORES, "乙局": "97.00"}
    page = said(leader, f"{here}do/sign-off/").partition("更正前／更正后")[2]
    assert "申诉已采纳，重新收集“满意度得分”（乙局统计表抄错一行）" in page
    assert "名次随其他单位的更正而变化" in page, "甲局 falls behind and is told why"
    with pytest.raises(Refused, match="不能审定自己计算的结果"):
        services.sign_off_round(round=county.round, now=NOW, acting_user=county.reviewer)
    services.sign_off_round(round=county.round, now=NOW, acting_user=county.leader)
    county.round = county.serve(fresh(county.round))
    assert county.end_appeals(county.round).state == State.APPEALS_ENDED


def test_a_published_result_is_corrected_by_a_new_publication(county: County, browse: Browse) -> None:
    """WY-R8: a unit leaves the list and another one's counts change; what was published stands till then."""
    here = f"/office/rounds/{county.round.pk}/"
    county.round = county.end_appeals(county.round)
    disclosure.publish_results(round=county.round, now=PUBLISHED, acting_user=county.operator)
    run_waiting_jobs()
    with pytest.raises(Refused, match="目前为“已公布”"):
        propose(county, "乙局", county.reviewer)
    services.begin_correction(
        round=county.round, reason="县纪委通报", decision="示政办〔2026〕9号", acting_user=county.operator
    )
    county.round = fresh(county.round)
    reviewer = browse("centre_reviewer")
    gone = {"unit": row(county, "丙局"), "unit_reason": "机构已撤并"}
    assert "已将该单位移出参评名单" in said(reviewer, f"{here}correct/", gone)
    one = propose(county, "乙局", county.reviewer)
    services.agree_to_correction(correction=one, now=NOW, acting_user=county.leader)
    assert "查看和办理取数渠道" in said(reviewer, here)
    enter(county, "乙局", (35, 4, 1, 0, 0))
    settle(county)
    assert Publication.objects.get().is_current
    county.round = county.serve(county.sign_off(county.compute(county.round, "更正公布")))
    page = said(browse("leading_group"), f"{here}result/").partition("更正前／更正后")[2]
    assert "不再参评：机构已撤并" in page
    assert "更正“满意度得分”：统计表抄错一行" in page
    gone_for_good = Department.objects.get(name="丙局").pk
    assert reviewer.get(f"{here}result/{gone_for_good}/").status_code == 404
    county.round = county.end_appeals(county.round)
    disclosure.publish_results(round=county.round, now=PUBLISHED, acting_user=county.operator)
    run_waiting_jobs()
    current = Publication.objects.get(is_current=True)
    assert current.number == 2
    public = Client().get(reverse("published", args=[current.pk, "index.html"]))
    told = b"".join(public.streaming_content).decode() if public.streaming else public.content.decode()
    assert "97.00" in told
    assert "丙局" not in told


def test_nobody_is_left_who_would_be_alone_on_the_list(county: County) -> None:
    for name in ("甲局", "乙局", "丙局"):
        upheld(county, name)
    rows = list(county.round.departments.all())
    for one in rows[:2]:
        services.withdraw_unit(round_department=one, reason="机构已撤并", acting_user=county.reviewer)
    with pytest.raises(Refused, match="唯一的参评单位"):
        services.withdraw_unit(round_department=rows[2], reason="机构已撤并", acting_user=county.reviewer)
    with pytest.raises(Refused, match="已经不在参评之列"):
        services.withdraw_unit(round_department=rows[0], reason="机构已撤并", acting_user=county.reviewer)


def test_a_unit_reads_what_became_of_its_windows_and_a_town_its_own(county: County, browse: Browse) -> None:
    """WY-R9: a department reads its windows and sections, a town's organizer the town's unit; no other."""
    here = f"/office/rounds/{county.round.pk}/"
    units = {name: Department.objects.get(name=name) for name in COUNTS}
    window, town = units["丙局"], units["甲局"]
    window.kind, window.parent = UnitKind.WINDOW, units["乙局"]
    window.save()
    town.kind, town.town = UnitKind.TOWN, county.towns[0]
    town.save()
    Membership.objects.create(user=county.users["town_organizer"], town=county.towns[0])
    Round.objects.update(appeals_until=timezone.localdate() + timedelta(days=1))
    officer, organizer = browse("department_officer"), browse("town_organizer")
    for client, theirs, others in (
        (officer, ("乙局", "丙局"), ("甲局",)),
        (organizer, ("甲局",), ("乙局", "丙局")),
    ):
        listed = said(client, "/office/rounds/own/")
        assert "查看第三季度满意度评议的结果" in said(client, "/office/")
        for name in theirs:
            page = f"{here}result/{units[name].pk}/"
            assert page in listed, name
            assert SCORES[name].partition(".")[0] in said(client, page)
        for name in others:
            assert name not in listed
            assert client.get(f"{here}result/{units[name].pk}/").status_code == 403
    data = {"round_department": row(county, "丙局"), "text": "窗口当日停电。"}
    assert "已登记申诉" in said(officer, f"{here}appeals/", data)
    assert "人员" not in said(officer, f"{here}appeals/").partition("申诉和复核")[2], (
        "nobody is judged but units"
    )
    with pytest.raises(Refused, match="不是本单位"):
        county.appeal(
            county.round,
            round_department=county.round.departments.get(name="乙局"),
            acting_user=county.users["town_organizer"],
        )


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["propose", "agree"])
def test_of_two_who_open_data_again_at_once_one_does(county: County, what: str) -> None:
    upheld(county, "乙局")
    second = User.objects.create_user("复核二", role=Role.CENTRE_REVIEWER)
    made = propose(county, "乙局", county.reviewer) if what == "agree" else None
    users = [county.leader, second]
    together = Barrier(len(users))

    def act(user: User) -> str:
        together.wait()
        try:
            if made is None:
                propose(county, "乙局", user)
            else:
                services.agree_to_correction(correction=made, now=NOW, acting_user=user)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(users)) as threads:
        first, other = sorted(threads.map(act, users))
    assert first == ""
    assert "已提出更正" in other if what == "propose" else "已同意这项更正" in other
    assert Correction.objects.count() == 1
    done = {"propose": "提出更正", "agree": "两人重新打开取数渠道"}[what]
    assert AuditEntry.objects.filter(verb=done).count() == 1


def test_the_ledger_of_a_served_round_opens_for_one_unit_alone(db: None, settings: Settings) -> None:
    """JL-R2: what was entered about another unit meanwhile neither counts nor stands in the way."""
    settings.DEMO = True
    county = jilin_county()
    round_ = county.round
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    county.round = county.serve(fresh(round_))
    entered = [
        ledger.enter_occurrence(
            scheme_id="jilin-jkq-2021",
            draft=ledger.Draft(
                department=county.round.departments.get(name=name).department,
                value="item:monthly_report_late",
                day=date(2021, 6, 10),
            ),
            today=CLOSED,
            now=NOW,
            acting_user=county.operator,
        )
        for name in ("乙局", "丙局")
    ]
    upheld(county, "乙局")
    opened = Channel.objects.get(round=county.round, kind=Channel.Kind.LEDGER)
    one = services.propose_correction(
        channel=opened,
        subject=county.round.departments.get(name="乙局"),
        reason="漏记一次",
        now=NOW,
        acting_user=county.leader,
    )
    services.agree_to_correction(correction=one, now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="不能确认"):
        ledger.confirm_occurrences(occurrences=entered[1:], now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="还有1处没有办完"):
        services.settle_channel(channel=opened, now=NOW, acting_user=county.reviewer)
    ledger.confirm_occurrences(occurrences=entered[:1], now=NOW, acting_user=county.reviewer)
    settled = services.settle_channel(channel=opened, now=NOW, acting_user=county.reviewer)
    assert settled.state == Channel.State.SETTLED
