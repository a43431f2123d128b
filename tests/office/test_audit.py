"""The audit: append-only, sealed, readable, exported (等保 2.0: kept, complete, protected)."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import FileField, ProtectedError, QuerySet
from django.db.models.fields.files import FieldFile
from django.test import Client
from openpyxl import load_workbook

from office import audit
from office.auditing import chain as audit_chain
from office.jobs import services as jobs
from office.models import AuditBlock, AuditEntry, Job, User
from office.roles import Role
from office.workbench.role_admin import plain
from tests.kit.people import person, sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 9, 1, 8, 0, tzinfo=UTC)


def acts(count: int, label: str = "某用户") -> list[AuditEntry]:
    user = User.objects.filter(username="worker").first() or person(Role.DEPARTMENT_OFFICER, "worker")
    user.first_name = label
    with transaction.atomic():
        return [
            audit.record("修改", user, acting_user=user, before={"姓名": "甲"}, after={"姓名": f"乙{number}"})
            for number in range(count)
        ]


def tamper(sql: str, *values: Any) -> None:
    """Change the database behind the software's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def check() -> str:
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def broken() -> str:
    with pytest.raises(CommandError) as caught:
        call_command("verify_audit")
    return str(caught.value)


@pytest.mark.both_databases
def test_audit_entries_cannot_be_changed_or_deleted() -> None:
    entry = acts(1)[0]
    entry.verb = "别的"
    entries: QuerySet[AuditEntry] = AuditEntry.objects.all()
    for change in (
        entry.save,
        entry.delete,
        entries.delete,
        lambda: entries.update(verb="别的"),
        lambda: entries.filter(pk=entry.pk).update(verb="别的"),
        lambda: AuditEntry.objects.bulk_update([entry], ["verb"]),
        lambda: AuditEntry.objects.bulk_create(
            [entry], update_conflicts=True, update_fields=["verb"], unique_fields=["id"]
        ),
        lambda: AuditEntry.objects.update_or_create({"verb": "别的"}, pk=entry.pk),
    ):
        with pytest.raises(TypeError), transaction.atomic():
            change()
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["修改"]


@pytest.mark.both_databases
def test_a_user_with_entries_cannot_be_removed() -> None:
    acts(1)
    with pytest.raises(ProtectedError):
        User.objects.get(username="worker").delete()


@pytest.mark.both_databases
def test_blocks_chain_and_new_entries_wait() -> None:
    acts(audit_chain.BLOCK_SIZE + 1)
    assert audit_chain.seal(now=NOW) == 2
    assert audit_chain.seal(now=NOW) == 0
    first, second = AuditBlock.objects.order_by("number")
    assert (first.count, second.count) == (audit_chain.BLOCK_SIZE, 1)
    assert second.previous == first.digest
    acts(3)
    assert "2 块、501 条记录；另有 3 条待存证" in check()


@pytest.mark.both_databases
def test_an_entry_that_commits_late_is_sealed_in_the_next_block() -> None:
    """On PostgreSQL a lower number may become visible after a higher one was sealed."""
    early = acts(1)[0]
    elsewhere = AuditBlock.objects.create(number=0, sealed_at=NOW, count=0)
    AuditEntry.objects.filter(pk=early.pk).put_into(elsewhere)  # not visible yet
    late = acts(1)[0]
    audit_chain.seal(now=NOW)
    tamper("UPDATE office_auditentry SET block_id = NULL WHERE id = %s", early.pk)
    audit_chain.seal(now=NOW)
    elsewhere.delete()
    assert late.pk > early.pk
    assert AuditEntry.objects.get(pk=late.pk).block.number < AuditEntry.objects.get(pk=early.pk).block.number


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "查看"),
        ("actor_name", "别人"),
        ("after", '{"姓名": "丙"}'),
        ("at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_a_changed_entry_is_named(column: str, value: str) -> None:
    entries = acts(5)
    audit_chain.seal(now=NOW)
    tamper(f"UPDATE office_auditentry SET {column} = %s WHERE id = %s", value, entries[2].pk)  # noqa: S608
    fault = broken()
    assert f"第1块中的第{entries[2].pk}条记录" in fault
    assert "与存证不符" in fault


@pytest.mark.both_databases
def test_a_removed_entry_is_named() -> None:
    entries = acts(5)
    audit_chain.seal(now=NOW)
    tamper("DELETE FROM office_auditentry WHERE id = %s", entries[3].pk)
    assert f"第1块中的第{entries[3].pk}条记录缺失" in broken()


@pytest.mark.both_databases
def test_an_entry_added_to_a_sealed_block_is_named() -> None:
    acts(2)
    audit_chain.seal(now=NOW)
    forged = acts(1)[0]
    tamper("UPDATE office_auditentry SET block_id = %s WHERE id = %s", AuditBlock.objects.get().pk, forged.pk)
    assert f"第{forged.pk}条记录不属于第1块" in broken()


@pytest.mark.both_databases
def test_a_removed_or_rewritten_block_breaks_the_chain() -> None:
    for _ in range(3):
        acts(1)
        audit_chain.seal(now=NOW)
    middle = AuditBlock.objects.get(number=2)
    noted = audit_chain.verify().head
    tamper(
        "UPDATE office_auditblock SET sealed_at = %s WHERE id = %s",
        datetime(2020, 1, 1, tzinfo=UTC),
        middle.pk,
    )
    assert "第2块的校验值与内容不符" in broken()
    middle.refresh_from_db()
    tamper(
        "UPDATE office_auditblock SET digest = %s WHERE id = %s", audit_chain.block_digest(middle), middle.pk
    )
    assert "第3块与上一块不衔接" in broken()
    tamper("UPDATE office_auditentry SET block_id = NULL WHERE block_id = %s", middle.pk)
    tamper("DELETE FROM office_auditblock WHERE id = %s", middle.pk)
    assert "第2块缺失" in broken()
    assert len(noted) == 64


@pytest.mark.both_databases
def test_a_head_noted_earlier_shows_a_chain_cut_short() -> None:
    for _ in range(2):
        acts(1)
        audit_chain.seal(now=NOW)
    noted = audit_chain.verify().head
    last = AuditBlock.objects.get(number=2)
    tamper("DELETE FROM office_auditentry WHERE block_id = %s", last.pk)
    tamper("DELETE FROM office_auditblock WHERE id = %s", last.pk)
    assert "通过" in check(), "the rest of the chain is sound"
    with pytest.raises(CommandError, match="整段替换或删去"):
        call_command("verify_audit", head=noted)


# --- The inspectorate's pages --------------------------------------------------------------------


@pytest.fixture
def inspector() -> Client:
    person(Role.INSPECTORATE, "inspector")
    return sign_in("inspector")


def test_the_inspectorate_sees_the_head_and_starts_a_check(inspector: Client) -> None:
    acts(2)
    audit_chain.seal(now=NOW)
    page = inspector.get("/office/office/auditentry/").content.decode()
    assert AuditBlock.objects.get().digest in page
    inspector.post("/office/office/auditentry/verify/")
    job = Job.objects.get(kind="audit.verify")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert "核验通过" in job.outcome["核验结果"]


def test_a_check_that_finds_a_break_is_a_failed_job(inspector: Client) -> None:
    entries = acts(2)
    audit_chain.seal(now=NOW)
    tamper("DELETE FROM office_auditentry WHERE id = %s", entries[0].pk)
    inspector.post("/office/office/auditentry/verify/")
    job = Job.objects.get(kind="audit.verify")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert f"第{entries[0].pk}条记录缺失" in job.message


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return list(sheet.iter_rows(values_only=True))


def test_the_export_holds_what_the_list_shows_and_no_formula(inspector: Client) -> None:
    acts(2, label="=HYPERLINK(1)")
    acts(1, label="另一人")
    everything = rows_of(inspector.get("/office/office/auditentry/export/").getvalue())
    assert everything[0][:3] == ("时间", "操作人姓名", "当时角色")
    assert sum("'=HYPERLINK(1)" in row for row in everything) == 2
    assert any("姓名：甲 → 乙0" in str(row) for row in everything)
    filtered = rows_of(inspector.get("/office/office/auditentry/export/?q=另一人").getvalue())
    assert len(filtered) == 2
    taken = AuditEntry.objects.filter(verb="导出", object_label=str(AuditEntry.objects.latest("id").actor))
    assert [entry.after for entry in taken.order_by("-id")[:1]] == [
        {"列表": "操作审计", "行数": 1, "筛选": "搜索：另一人"}
    ]
    assert taken.count() == 2


def test_changes_in_the_admin_are_audited_in_words(inspector: Client) -> None:
    person(Role.ADMINISTRATOR, "keeper")
    user = person(Role.DEPARTMENT_OFFICER, "worker")
    keeper = sign_in("keeper")
    form = keeper.get(f"/office/office/user/{user.pk}/change/").context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "password"}
    data |= {"role": Role.PAPER_CLERK, "is_active": ""}
    for inline in keeper.get(f"/office/office/user/{user.pk}/change/").context["inline_admin_formsets"]:
        data |= {f"{inline.formset.prefix}-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    keeper.post(f"/office/office/user/{user.pk}/change/", data)
    entry = AuditEntry.objects.get(verb="修改", object_id=str(user.pk))
    assert entry.before == {"岗位角色": "部门经办", "有效": True}
    assert entry.after == {"岗位角色": "纸质票录入员", "有效": False}
    page = inspector.get("/office/office/auditentry/?q=修改").content.decode()
    assert "岗位角色：部门经办 → 纸质票录入员" in page
    assert "有效：是 → 否" in page


def test_an_uploaded_file_is_audited_in_words() -> None:
    assert plain(ContentFile(b"x")) == "新上传的文件"
    assert plain(FieldFile(None, FileField(), "photos/1.jpg")) == "photos/1.jpg"
