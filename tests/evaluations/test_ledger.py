"""An entry of the ledger: entered, confirmed by another, withdrawn; what is refused and what it costs."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluations.gathering.ledger import services as ledger
from evaluations.gathering.ledger.book import find_ledger
from evaluations.gathering.ledger.cost import Reckoning, cost_of, kept_of
from evaluations.gathering.ledger.services import Draft
from evaluations.gathering.services import settle_channel
from evaluations.models import Channel, Occurrence, Round
from office.errors import Refused
from office.files import stored
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.ledger_office import NOW, TODAY, LedgerOffice, fangcheng, jilin
from tests.kit.at_once import DONE, at_once
from tests.kit.people import person

pytestmark = pytest.mark.django_db
DAY = date(2021, 5, 4)
State = Occurrence.State


def test_an_entry_is_confirmed_by_a_second_person_and_withdrawn_with_a_reason() -> None:
    """JL-R2"""
    office = jilin()
    one = office.enter("item:warned", DAY, remark="督查通报")
    office.confirm(one)
    one.refresh_from_db()
    assert (one.state, one.confirmed_by) == (State.CONFIRMED, office.confirms)
    with pytest.raises(Refused, match="没有写明撤回的原因"):
        office.withdraw(one, reason=" ")
    office.withdraw(one, by=office.enters)
    one.refresh_from_db()
    assert (one.state, one.withdrawn_by, one.withdrawn_reason) == (State.WITHDRAWN, office.enters, "登记有误")
    told = [entry.verb for entry in AuditEntry.objects.filter(object_type="台账记录").order_by("pk")]
    assert told == ["登记台账", "确认台账", "撤回台账"]


def test_nobody_confirms_what_they_entered() -> None:
    office = jilin()
    one = office.enter("item:warned", DAY)
    Occurrence.objects.update(entered_by=office.confirms)
    with pytest.raises(Refused, match="由您本人登记，须由另一人确认"):
        office.confirm(one)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        office.confirm(one, by=office.enters)


def test_what_was_confirmed_or_withdrawn_is_not_confirmed_again() -> None:
    office = jilin()
    one, two = office.confirmed("item:warned", DAY), office.enter("item:criticised", DAY)
    with pytest.raises(Refused, match="已确认（confirms），不能再确认"):
        office.confirm(two, one)
    two.refresh_from_db()
    assert two.state == State.ENTERED, "all or none"
    office.withdraw(two)
    with pytest.raises(Refused, match="已撤回（confirms），不能再确认"):
        office.confirm(two)
    with pytest.raises(Refused, match="不必再撤回"):
        office.withdraw(two)


@pytest.mark.parametrize(
    ("value", "day", "given", "says"),
    [
        ("item:broken_promise", DAY, {}, "没有这个项目"),
        ("veto:warned", DAY, {}, "没有这个项目"),
        ("item:warned", TODAY + timedelta(days=1), {}, "2026年10月1日晚于今天"),
        ("item:warned", date(2020, 12, 31), {}, "早于该方案的第一个评价周期（2021年1月1日起）"),
        ("item:warned", DAY, {"count": 0}, "次数应为1至999的整数"),
        ("veto:grave_harm", DAY, {"count": 2}, "一票否决情形逐件登记"),
        ("item:warned", DAY, {"veto": "warned"}, "请核对"),
        ("item:media_city", DAY, {"veto": "grave_harm"}, "只有扣分事项可以注明"),
        ("item:warned", DAY, {"remark": "长" * 501}, "超过 500 字"),
    ],
)
def test_what_does_not_fit_the_scheme_is_refused_with_what_to_do(
    value: str, day: date, given: dict[str, object], says: str
) -> None:
    """An item of another scheme, a day in the future or outside every period, and the like."""
    office = jilin()
    with pytest.raises(Refused) as refusal:
        office.enter(value, day, **given)
    assert says in str(refusal.value)
    assert not Occurrence.objects.exists()


def test_a_unit_out_of_scope_is_refused() -> None:
    office = jilin()
    stranger = office.unit("外县某局", "另一系列")
    with pytest.raises(Refused) as refusal:
        office.enter("item:warned", DAY, stranger)
    assert "外县某局不在该方案的评价范围内" in str(refusal.value)


def test_the_same_case_twice_is_refused_unless_it_is_said_why_it_is_another() -> None:
    office = jilin()
    first = office.enter("item:media_city", DAY, title="政务服务 月报")
    with pytest.raises(Refused, match=f"已登记过一件（编号{first.pk}"):
        office.enter("item:media_city", DAY, title="政务服务月报", remark="别的备注")
    office.enter("item:media_city", DAY, title="政务服务月报", again_reason="另一家报纸")
    office.enter("item:media_city", DAY, title="营商环境月报")
    office.enter("item:media_city", DAY + timedelta(days=1), title="政务服务月报")
    office.enter("item:media_city", DAY, office.units[1], title="政务服务月报")
    office.withdraw(first)
    assert Occurrence.objects.count() == 5


# --- Evidence ------------------------------------------------------------------------------------------


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_evidence_lies_in_the_private_storage_under_a_name_nobody_guesses() -> None:
    one = jilin().enter("item:warned", DAY, evidence=SimpleUploadedFile("../通报 一.PDF", b"%PDF-1.7 ..."))
    assert one.evidence_name == "通报 一.pdf"
    [name] = stored.names(stored.private(), "evidence")
    assert name == one.evidence.name
    assert "通报" not in name
    assert stored.take(stored.private(), name) == b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"MZ\x90 a program", "类型不能接收"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "内容是 png 文件"),
        ("a.docx", zipped("xl/workbook.xml"), "内容是 xlsx 文件"),
        ("a.docx", zipped("evil.js"), "类型不能接收"),
        ("a.html", b"<script>", "类型不能接收"),
        ("a", b"%PDF-1.7", "类型不符"),
    ],
)
def test_a_file_of_another_type_than_it_says_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        jilin().enter("item:warned", DAY, evidence=SimpleUploadedFile(name, content))
    assert not Occurrence.objects.exists()
    assert list(stored.names(stored.private(), "evidence")) == []


def test_a_file_of_100_mb_is_refused_before_it_is_read() -> None:
    class Large(SimpleUploadedFile):
        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

    large = Large("a.pdf", b"%PDF-")
    large.size = 100 * 1024 * 1024
    most = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
    with pytest.raises(Refused, match=f"文件有 100 MB，超过 {most} MB 的上限"):
        jilin().enter("item:warned", DAY, evidence=large)


def test_a_file_does_not_stay_where_its_entry_is_not_kept() -> None:
    office = jilin()
    User.objects.filter(pk=office.enters.pk).delete()
    file = SimpleUploadedFile("a.pdf", b"%PDF-")
    office.enters.pk = None
    with pytest.raises(ValueError, match="unsaved"):
        office.enter("item:warned", DAY, evidence=file)
    assert list(stored.names(stored.private(), "evidence")) == []


# --- Rounds that took it -------------------------------------------------------------------------------


def settled(office: LedgerOffice, period: str) -> Round:
    round_ = office.round(period)
    settle_channel(channel=office.channel(round_), now=NOW, acting_user=office.confirms)
    return round_


def test_a_settled_round_keeps_what_it_took_and_says_which_round_it_is() -> None:
    office = jilin()
    taken = office.confirmed("item:warned", DAY)
    waiting = office.enter("item:warned", date(2022, 5, 4))
    settled(office, "2021")
    late = office.enter("item:criticised", DAY)
    with pytest.raises(
        Refused, match=r"在轮次“2021评价”（评价进行中）的周期内，该轮次的台账已办结.*不能撤回.*重新打开"
    ):
        office.withdraw(taken)
    with pytest.raises(Refused, match=r"在轮次“2021评价”.*不能确认"):
        office.confirm(late)
    office.confirm(waiting)
    office.withdraw(late)
    Round.objects.update(state=Round.State.COMPUTED)
    with pytest.raises(Refused, match=r"（已计算）的周期内.*按申诉或更正公布的程序办理"):
        office.withdraw(taken)
    Round.objects.update(state=Round.State.VOID)
    office.withdraw(taken)


def test_a_channel_is_not_settled_while_an_entry_waits() -> None:
    office = jilin()
    one = office.enter("item:warned", DAY)
    with pytest.raises(Refused, match="还有1处没有办完"):
        settled(office, "2021")
    office.confirm(one)
    settle_channel(channel=office.channel(Round.objects.get()), now=NOW, acting_user=office.confirms)
    assert Channel.objects.get(kind="ledger").state == Channel.State.SETTLED


# --- Not applicable ------------------------------------------------------------------------------------


def test_a_rule_is_set_aside_for_a_unit_only_where_the_scheme_allows_it() -> None:
    """JL-R2"""
    office = jilin()
    channel = office.channel(office.round("2021"))
    first, second = channel.round.departments.all()

    def mark(item: str, subject: object = first, reason: str = "没有这项职责") -> None:
        ledger.mark_not_applicable(
            channel=channel,
            subject=subject,
            item=item,
            reason=reason,
            acting_user=office.enters,  # type: ignore[arg-type]
        )

    with pytest.raises(Refused, match="没有说这个项目可以不适用"):
        mark("warned")
    with pytest.raises(Refused, match="没有写明不适用的原因"):
        mark("data_sharing", reason="")
    one = office.confirmed("item:data_sharing", DAY, office.units[1])
    with pytest.raises(Refused, match=f"已有确认的记录（编号{one.pk}）"):
        mark("data_sharing", second)
    mark("data_sharing")
    late = office.enter("item:data_sharing", DAY, office.units[0])
    with pytest.raises(Refused, match="已标为不适用于第1局"):
        office.confirm(late)
    kept = first.not_applicable.get()
    ledger.apply_again(channel=channel, mark=kept, acting_user=office.enters)
    office.confirm(late)


def test_a_reading_that_applies_every_rule_allows_none_to_be_set_aside() -> None:
    office = jilin()
    channel = office.channel(office.round("2021", {"applicability": "every_unit"}))
    row = channel.round.departments.first()
    assert row is not None
    with pytest.raises(Refused, match="没有说这个项目可以不适用"):
        ledger.mark_not_applicable(
            channel=channel, subject=row, item="data_sharing", reason="没有", acting_user=office.enters
        )


# --- What it costs -------------------------------------------------------------------------------------


def cost(office: LedgerOffice, value: str, day: date, **given: object) -> list[str]:
    found = find_ledger(office.scheme_id)
    assert found is not None
    unit = office.units[0]
    one = Draft(department=unit, value=value, day=day, **given).made(office.scheme_id)  # type: ignore[arg-type]
    reckoning = Reckoning.on(found, day)
    return cost_of(reckoning, unit.peer_group, kept_of(reckoning, unit), one).lines


def test_what_an_entry_costs_is_said_with_rule_clause_and_period() -> None:
    """JL-R2"""
    office = jilin()
    assert cost(office, "item:admonished", DAY) == [
        "依据：三(二)1(11)　每件次扣三分。",
        "计入：2021年度（尚未建立轮次）",
        "日常考评：40 分 → 37 分（-3 分）",
        "被区营商办告诫：1 次，每次 -3 分",
        "日常考评合计：40 分，扣 3 分",
    ]


def test_the_overflow_of_the_block_stays_visible() -> None:
    """JL-R3"""
    office = jilin()
    office.confirmed("item:disciplined", DAY, count=4)
    lines = cost(office, "item:warned", DAY)
    assert "日常考评：0 分 → 0 分（不变）" in lines
    assert "日常考评合计：40 分，扣 41 分，扣完为止，超出 1 分不再扣" in lines


def test_once_a_year_and_words_that_a_title_needs_are_said() -> None:
    """JL-R5"""
    office = jilin()
    office.enter("item:praised_city", DAY)
    lines = cost(office, "item:praised_city", date(2021, 6, 1))
    assert "本单位本期另有 1 件待确认，推算时一并计入。" in lines
    assert "加分项目：8 分 → 8 分（不变）" in lines
    assert "市委市政府领导肯定性批示：2 次，每次 +8 分，只计一次" in lines
    lines = cost(office, "item:media_city", DAY, title="全区运动会")
    assert any(line.startswith("标题不含规定词汇（营商环境、") and "不计分" in line for line in lines)
    assert not any(
        "规定词汇（" in line for line in cost(office, "item:media_city", DAY, title="优化营商环境")
    )


def test_a_veto_is_said_to_fix_the_grade() -> None:
    """JL-R6"""
    office = jilin()
    assert cost(office, "veto:grave_harm", DAY)[-1] == (
        "一票否决：严重损害软环境、影响恶劣并被行政问责，不论得分，直接评为不达标（三(二)4）。"
    )
    office.confirmed("veto:grave_harm", DAY)
    assert cost(office, "veto:grave_harm", date(2021, 7, 1))[-1].startswith("本期已有同样的一票否决情形")


def test_of_one_practice_the_highest_counts_and_that_is_said_while_typing() -> None:
    """FC-R10"""
    office = fangcheng()
    day = date(2022, 3, 1)
    office.confirmed("item:endorsed_nation", day, practice="一窗通办")
    lines = cost(office, "item:endorsed_city", day, practice="一窗 通办")
    assert "加减分项：5 分 → 5 分（不变）" in lines
    assert any("同一做法只计最高的一次" in line for line in lines)
    assert "计入：2022年第一季度（尚未建立轮次）" in lines
    office.round("2022-Q1")
    assert "计入：2022年第一季度，轮次“2022-Q1评价”" in cost(office, "item:broken_promise", day)


# --- Two at once ---------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_is_told_that_the_other_did() -> None:
    office = jilin()
    one = office.enter("item:warned", DAY)
    other = person(Role.CENTRE_REVIEWER, "other")
    done, refused = at_once(lambda: office.confirm(one), lambda: office.confirm(one, by=other))
    assert done == DONE
    assert "不能再确认" in refused
    one.refresh_from_db()
    assert one.confirmed_by in {office.confirms, other}
    assert AuditEntry.objects.filter(verb="确认台账").count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_the_same_case_entered_by_two_at_once_is_entered_once() -> None:
    office = jilin()
    done, refused = at_once(*[lambda: office.enter("item:warned", DAY, remark="同一件")] * 2)
    assert done == DONE
    assert "已登记过一件" in refused
    assert Occurrence.objects.count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_an_entry_withdrawn_while_its_round_is_settled_is_either_taken_or_gone() -> None:
    office = jilin()
    one = office.confirmed("item:warned", DAY)
    channel = office.channel(office.round("2021"))
    told = at_once(
        lambda: office.withdraw(one),
        lambda: settle_channel(channel=channel, now=NOW, acting_user=office.confirms),
    )
    one.refresh_from_db()
    assert one.state == (State.CONFIRMED if any("不能撤回" in text for text in told) else State.WITHDRAWN)
