"""The kinds of units, and those of people and of sections in the words of annex 1 and 2."""

from __future__ import annotations

from django.db import models


class Topic(models.TextChoices):
    """What a section mainly does (事项类别; YC-R9)."""

    APPROVAL = "approval", "审批服务"
    SUPERVISION = "supervision", "监管监督"
    BUSINESS = "business", "业务办理"


class StaffKind(models.TextChoices):
    """The five kinds of person (人员类别; YC-R1, annex 1), in the order they are shown."""

    PRINCIPAL_LEADER = "principal_leader", "主要负责人"
    SUPERVISING_LEADER = "supervising_leader", "分管负责人"
    SECTION_HEAD = "section_head", "科室负责人"
    OTHER_LEADER = "other_leader", "其他负责人"
    STAFF = "staff", "工作人员"


class UnitKind(models.TextChoices):
    """What kind of unit is judged (单位类别); each is a row of the one table of units."""

    DEPARTMENT = "department", "机关部门"
    TOWN = "town", "乡镇街道"
    COUNTY = "county", "县区"
    ZONE = "zone", "开发区"
    ENTERPRISE = "enterprise", "公共服务企业"
    SECTION = "section", "科室"
    WINDOW = "window", "服务窗口"


DISCLOSING = frozenset({UnitKind.DEPARTMENT})  # 亮身份 and 亮职责 are asked of these only
WITHIN_A_UNIT = frozenset({UnitKind.SECTION, UnitKind.WINDOW})  # each belongs to another unit
USUAL_GROUP = {
    UnitKind.DEPARTMENT: "县直部门",
    UnitKind.TOWN: "乡镇",
    UnitKind.COUNTY: "县区",
    UnitKind.ZONE: "开发区",
    UnitKind.ENTERPRISE: "公共服务企业",
    UnitKind.SECTION: "科室",
    UnitKind.WINDOW: "服务窗口",
}
