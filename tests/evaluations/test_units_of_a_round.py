"""Which units a round begins with, and how they are frozen: of every kind, by the groups of the scheme."""

from __future__ import annotations

from datetime import date

import pytest

from departments.models import Department, Hall, UnitGroup, Window
from departments.windows import services as windows
from evaluations.models import Round, SchemeVersion
from evaluations.results.facts import facts_of
from evaluations.rounds.services import choose_departments, create_round, freeze_subjects
from evaluations.services import load_schemes
from office.errors import Refused
from office.models import User
from office.roles import Role
from tests.kit.people import person, signed_in

pytestmark = pytest.mark.django_db
YUNCHENG, GUANGYUAN, JILIN = "yuncheng-2023", "guangyuan-2022", "jilin-jkq-2021"
UNITS, SECTIONS, WINDOWS = "wuyang-units-2022", "wuyang-sections", "wuyang-windows-2022"


@pytest.fixture(autouse=True)
def schemes() -> None:
    load_schemes()


@pytest.fixture
def operator() -> User:
    return person(Role.CENTRE_OPERATOR)


@pytest.fixture
def county() -> dict[str, Department]:
    """Units for all five policies, as one county would have them."""
    made = {}
    for order, (name, kind, group) in enumerate(
        (
            ("县公安局", "department", "县直部门"),
            ("县税务局", "department", "县直部门"),
            ("利州区", "county", "县区"),
            ("舞泉镇", "town", "乡镇"),
            ("供电公司", "enterprise", "公共服务企业"),
        )
    ):
        made[name] = Department.objects.create(name=name, kind=kind, peer_group=group, order=order)
    made["县公安局户籍科"] = Department.objects.create(
        name="县公安局户籍科", kind="section", peer_group="科室", parent=made["县公安局"], order=9
    )
    made["县税务局"].superior = "市税务局"
    made["县税务局"].save()
    hall = Hall.objects.create(name="政务服务大厅")
    window = windows.keep(Window(hall=hall, number="3", name="户籍", department=made["县公安局"]))
    made[window.unit.name] = window.unit
    for name, scheme, group in (
        ("县公安局", GUANGYUAN, "市级部门"),
        ("县公安局", UNITS, "行政执法"),
        ("县税务局", UNITS, "驻舞单位"),
        ("县税务局", JILIN, "双管单位"),
        ("县公安局户籍科", SECTIONS, "行政审批"),
    ):
        UnitGroup.objects.create(department=made[name], scheme_id=scheme, group=group)
    return made


def begun(scheme: str, operator: User) -> Round:
    return create_round(
        title=scheme,
        period="2022-Q1",
        scheme_version=SchemeVersion.objects.get(scheme_id=scheme, is_active=True),
        base_date=date(2022, 3, 1),
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        acting_user=operator,
    )


def listed(round_: Round) -> dict[str, str]:
    return dict(round_.departments.values_list("name", "peer_group"))


WINDOW = "政务服务大厅3号窗口（户籍）"


@pytest.mark.parametrize(
    ("scheme", "units"),
    [
        (YUNCHENG, {"县公安局": "县直部门", "县税务局": "县直部门"}),
        (GUANGYUAN, {"县公安局": "市级部门", "利州区": "县区"}),
        (JILIN, {"县税务局": "双管单位"}),
        (UNITS, {"县公安局": "行政执法", "县税务局": "驻舞单位", "舞泉镇": "乡镇"}),
        (SECTIONS, {"县公安局户籍科": "行政审批"}),
        (WINDOWS, {WINDOW: "服务窗口"}),
    ],
)
@pytest.mark.usefixtures("county")
def test_each_scheme_begins_with_its_own_units(scheme: str, units: dict[str, str], operator: User) -> None:
    """GY-R2, JL-R1, WY-R8, WY-R9: one county runs all of them with the same units."""
    round_ = begun(scheme, operator)
    assert listed(round_) == units
    client = signed_in(Role.CENTRE_OPERATOR, username="at the page")
    page = client.get(f"/office/rounds/{round_.pk}/departments/")
    ticked = [
        box.choice_label for _, boxes in page.context["groups"] for box in boxes if box.data["selected"]
    ]
    assert set(ticked) == set(units)


@pytest.mark.parametrize("scheme", [SECTIONS, WINDOWS, UNITS, JILIN])
@pytest.mark.usefixtures("county")
def test_a_round_of_units_without_persons_is_frozen_as_they_stand(scheme: str, operator: User) -> None:
    """WY-R8, WY-R9"""
    round_ = freeze_subjects(round=begun(scheme, operator), acting_user=operator)
    before = listed(round_)
    UnitGroup.objects.all().delete()
    Department.objects.update(peer_group="别的组")
    assert listed(round_) == before


@pytest.mark.both_databases
@pytest.mark.usefixtures("county")
def test_the_superior_body_is_frozen_and_is_a_fact(operator: User) -> None:
    """JL-R11: results of vertical units go to the body above."""
    round_ = freeze_subjects(round=begun(JILIN, operator), acting_user=operator)
    Department.objects.filter(name="县税务局").update(superior="别的局")
    round_.channels.all().delete()
    (facts,) = facts_of(round_)["subjects"].values()
    assert (facts["name"], facts["group"], facts["superior_body"]) == ("县税务局", "双管单位", "市税务局")


def test_facts_say_nothing_of_a_superior_body_that_no_unit_has(
    county: dict[str, Department], operator: User
) -> None:
    county["县税务局"].superior = ""
    county["县税务局"].save()
    round_ = freeze_subjects(round=begun(JILIN, operator), acting_user=operator)
    round_.channels.all().delete()
    (facts,) = facts_of(round_)["subjects"].values()
    assert "superior_body" not in facts


def test_a_unit_outside_the_groups_may_be_chosen_but_not_frozen(
    county: dict[str, Department], operator: User
) -> None:
    round_ = begun(GUANGYUAN, operator)
    choose_departments(round=round_, department_ids=[county["供电公司"].pk], acting_user=operator)
    with pytest.raises(Refused, match="系列（分组）不在评价方案之内") as refused:
        freeze_subjects(round=round_, acting_user=operator)
    assert refused.value.faults == ("供电公司",) or list(refused.value.faults) == ["供电公司"]
    UnitGroup.objects.create(department=county["供电公司"], scheme_id=GUANGYUAN, group="市级部门")
    freeze_subjects(round=round_, acting_user=operator)
    assert listed(round_) == {"供电公司": "市级部门"}


def test_where_no_unit_is_in_a_group_yet_all_departments_begin(operator: User) -> None:
    Department.objects.create(name="县甲局", peer_group="别的组")
    Department.objects.create(name="某镇", kind="town", peer_group="别的组")
    assert listed(begun(YUNCHENG, operator)) == {"县甲局": "别的组"}
    assert listed(begun(SECTIONS, operator)) == {}


@pytest.mark.usefixtures("county")
def test_the_page_of_a_new_round_says_which_units_it_begins_with() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    said = {}
    for scheme in (UNITS, WINDOWS):
        version = SchemeVersion.objects.get(scheme_id=scheme, is_active=True)
        said[scheme] = client.get(f"/office/rounds/new/?scheme={version.pk}").context["begins_with"]
    assert "行政执法 1 个，驻舞单位 1 个，乡镇 1 个" in said[UNITS]
    assert "服务窗口 1 个" in said[WINDOWS]
    Department.objects.filter(kind="window").update(is_active=False)
    page = client.get(f"/office/rounds/new/?scheme={version.pk}")
    assert "还没有可以参评的服务窗口" in page.content.decode()


@pytest.mark.usefixtures("county")
def test_a_window_out_of_use_is_in_no_new_round(operator: User) -> None:
    """WY-R9"""
    window = Window.objects.get()
    window.is_active = False
    windows.keep(window)
    assert listed(begun(WINDOWS, operator)) == {}
