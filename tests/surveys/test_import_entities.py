"""Importing the sample library of market entities (YC-R5)."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from departments.models import Town, TownAlias
from office.errors import Refused
from office.models import AuditEntry
from office.workbooks.credit_codes import check_character, fault_of
from surveys.models import MarketEntity
from surveys.respondents.entity_import import import_entities, preview_entities
from tests.kit.files import DATA, ENTITIES, table
from tests.kit.odd_cells import given

pytestmark = pytest.mark.django_db

GOOD = ("91371725J91M38LJ36", "92371725MUXFK2ED6T")


def library(*rows: Sequence[object]) -> bytes:
    headings = ["序号", "市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）", "联系人", "联系电话"]
    return table(headings, *([number, *row] for number, row in enumerate(rows, start=1)))


def load(content: bytes, **options: object) -> object:
    return import_entities(content=content, file_name="样本库.xlsx", acting_user=None, **options)  # type: ignore[arg-type]


def test_exactly_the_known_rows_are_faulty_for_the_known_reasons() -> None:
    plan = preview_entities(content=ENTITIES.read_bytes(), acting_user=None)
    truth = json.loads((DATA / "truth.json").read_text())["entities"]
    assert plan.rows == truth["rows"]
    assert [{"row": fault.row, "why": fault.reason} for fault in plan.faults] == truth["bad"]


def test_faulty_rows_stop_the_import_unless_they_are_left_out() -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match="有 38 行需要更正"):
        call_command("import_entities", str(ENTITIES), stdout=out)
    assert not MarketEntity.objects.exists()
    assert not Town.objects.exists()
    call_command("import_entities", str(ENTITIES), "--skip-faulty", stdout=out)
    assert MarketEntity.objects.count() == 2962
    assert Town.objects.count() == 22
    kinds = Counter(MarketEntity.objects.values_list("kind", flat=True))
    assert set(kinds) == {"private", "sole_trader", "non_private"}


@pytest.mark.both_databases
def test_a_second_import_changes_nothing() -> None:
    load(ENTITIES.read_bytes(), skip_faulty=True)
    before = list(MarketEntity.objects.values())
    plan = load(ENTITIES.read_bytes(), skip_faulty=True)
    assert plan.counts() == {"行数": 3000, "新增": 0, "变更": 0, "未变": 2962, "有误": 38}  # type: ignore[attr-defined]
    assert list(MarketEntity.objects.values()) == before
    assert AuditEntry.objects.count() == 1


def test_a_dry_run_writes_nothing() -> None:
    out = io.StringIO()
    call_command("import_entities", str(ENTITIES), "--dry-run", stdout=out)
    assert "行数 3000，新增 2962，变更 0，未变 0，有误 38" in out.getvalue()
    assert not MarketEntity.objects.exists()


@pytest.mark.both_databases
def test_an_entity_known_by_its_code_is_updated() -> None:
    load(library(["甲店", GOOD[0], "个体户", "上甲镇", "某甲", "1"]))
    key = MarketEntity.objects.get().pk
    load(library(["甲 公司", GOOD[0].lower(), "民营企业", "上甲", "某乙", "２"]))
    entity = MarketEntity.objects.get()
    assert (entity.pk, entity.name, entity.kind, entity.phone) == (key, "甲公司", "private", "2")


def test_towns_are_found_by_alias_by_stem_and_through_padding() -> None:
    town = Town.objects.create(name="甲镇")
    TownAlias.objects.create(town=town, name="老甲乡")
    other = Town.objects.create(name="乙街道")
    load(
        library(["一", GOOD[0], "民企", "老甲乡　", "", ""], ["二", GOOD[1], "个体", "乙街道办事处", "", ""])
    )
    assert list(MarketEntity.objects.values_list("town", flat=True)) == [town.pk, other.pk]


def test_an_unknown_town_is_a_fault_once_towns_are_known() -> None:
    Town.objects.create(name="甲镇")
    with pytest.raises(Refused) as refusal:
        load(library(["一", GOOD[0], "民企", "丙镇", "", ""]))
    assert "“Sheet”第2行E列（所属镇（街））：没有“丙镇”这个镇（街）" in refusal.value.faults[0]


def test_a_malformed_code_and_a_wrong_check_character_are_different_faults() -> None:
    rows = [["一", "12345", "民企", "甲镇", "", ""], ["二", GOOD[0][:-1] + "0", "民企", "甲镇", "", ""]]
    plan = preview_entities(content=library(*rows), acting_user=None)
    assert [fault.reason for fault in plan.faults] == ["not a code", "check character"]


@pytest.mark.both_databases
def test_the_import_writes_exactly_what_was_previewed_or_refuses() -> None:
    content = library(["一", GOOD[0], "民企", "甲镇", "", ""])
    digest = preview_entities(content=content, acting_user=None).digest()
    town = Town.objects.create(name="甲镇")
    MarketEntity.objects.create(code=GOOD[0], name="旧", kind="private", town=town)
    with pytest.raises(Refused, match="请重新预览"):
        load(content, expected_digest=digest)
    assert MarketEntity.objects.get().name == "旧"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: MarketEntity.objects.filter(code=GOOD[0]).update(phone="3"),
        lambda: MarketEntity.objects.create(code=GOOD[1], name="新", kind="private", town=Town.objects.get()),
        lambda: Town.objects.update(name="丁镇"),
    ],
    ids=["changed", "stored", "town renamed"],
)
def test_a_change_between_comparing_and_writing_stops_the_import(
    meanwhile: Callable[[], object],
) -> None:
    """Comparing happens before the transaction, so that voters need not wait for it."""
    town = Town.objects.create(name="甲镇")
    MarketEntity.objects.create(code=GOOD[0], name="旧", kind="private", town=town)
    content = library(["一", GOOD[0], "民企", "甲镇", "", ""], ["二", GOOD[1], "个体", "甲镇", "", ""])
    seen = []

    def step(done: int, total: int, message: str = "") -> None:
        if message == "正在写入":
            meanwhile()
            seen.extend(MarketEntity.objects.values())

    with pytest.raises(Refused, match="请重新预览"):
        load(content, progress=step)
    assert seen == list(MarketEntity.objects.values())
    assert not AuditEntry.objects.exists()


def test_the_command_names_an_unreadable_file(tmp_path: Path) -> None:
    file = tmp_path / "样本.xlsx"
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="文件是空的"):
        call_command("import_entities", str(file))


def test_codes_of_every_registration_body_are_taken() -> None:
    load(given("uscc-letter-prefix.entities"))
    assert sorted(code[0] for code in MarketEntity.objects.values_list("code", flat=True)) == ["9", "N", "Y"]
    plan = preview_entities(content=given("uscc-letter-prefix.wrong-check"), acting_user=None)
    assert [fault.reason for fault in plan.faults] == ["check character"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("A1371725MF1A00001", "check character"),
        ("91371725J91M38LJ3O", "not a code"),  # the letter O
        ("9137172", "not a code"),
        ("9137A725J91M38LJ36", "not a code"),  # a letter in the place
        ("01371725J91M38LJ36", "not a code"),  # no body has the number 0
    ],
)
def test_what_is_no_code_is_named(code: str, reason: str) -> None:
    whole = code + next(char for char in "0123" if char != check_character(code)) if len(code) == 17 else code
    assert [reason] == [fault_of(whole)[0]]  # type: ignore[index]
    if len(code) == 17:
        assert fault_of(code + check_character(code)) is None


def test_a_shop_whose_name_begins_like_a_total_is_a_shop() -> None:
    load(given("name-like-total.entities"))
    names = set(MarketEntity.objects.values_list("name", flat=True))
    assert names == {"示范五金店", "小计算机维修部", "合计通讯器材店"}


@pytest.mark.parametrize(
    ("written", "towns"),
    [
        (("城关街道办", "城关街道办事处", "城关街道", "城关"), {"城关街道办"}),
        (("城关镇", "城关街道", "城关乡"), {"城关镇", "城关街道", "城关乡"}),
    ],
)
def test_short_forms_are_one_town_and_towns_of_one_stem_are_not(
    written: tuple[str, ...], towns: set[str]
) -> None:
    codes = [f"92371725MA3000{number:03d}" for number in range(len(written))]
    rows = [
        (f"某店{name}", code + check_character(code), "个体工商户", name)
        for name, code in zip(written, codes, strict=True)
    ]
    plan = load(library(*rows))
    assert set(Town.objects.values_list("name", flat=True)) == towns
    assert MarketEntity.objects.count() == len(written)
    said = "".join(plan.notes)  # type: ignore[attr-defined]
    assert ("按同一个镇（街）计" in said) == (len(towns) == 1)


def test_a_stem_that_two_towns_share_is_a_fault_and_another_kind_of_town_is_unknown() -> None:
    Town.objects.create(name="城关镇")
    plan = preview_entities(content=library(("某店", GOOD[0], "民营企业", "城关街道办")), acting_user=None)
    assert "没有“城关街道办”这个镇（街）" in str(plan.faults[0])
    Town.objects.create(name="城关街道")
    plan = preview_entities(content=library(("某店", GOOD[0], "民营企业", "城关")), acting_user=None)
    assert "可能是“城关镇”、“城关街道”" in str(plan.faults[0])
    load(library(("某店", GOOD[0], "民营企业", "城关街道办事处")))
    assert MarketEntity.objects.get().town.name == "城关街道"


def test_the_first_list_with_a_stem_of_two_towns_is_refused() -> None:
    rows = [
        ("甲店", GOOD[0], "民营企业", "城关"),
        ("乙店", GOOD[1], "个体工商户", "城关镇"),
    ]
    code = "92371725MA3000999"
    plan = preview_entities(
        content=library(*rows, ("丙店", code + check_character(code), "个体工商户", "城关街道")),
        acting_user=None,
    )
    assert ["可能是“城关镇”、“城关街道”" in str(fault) for fault in plan.faults] == [True]


def test_the_preview_of_a_new_entity_tells_every_value() -> None:
    row = ("某店", GOOD[0], "民营企业", "上甲镇", "甲某", "13900000000")
    said = preview_entities(content=library(row), acting_user=None).new_named[0]
    for value in ("主体类型 民营企业", "所属镇（街） 上甲镇", "联系人 甲某", "联系电话 13900000000"):
        assert value in said
