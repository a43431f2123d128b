"""The kinds of people and of sections, in the words of annex 1 and 2."""

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
