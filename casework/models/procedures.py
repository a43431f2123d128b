"""Versions of procedures, stored by the hash of their text."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import ClassVar

from django.db import models

from casework.procedure import Procedure
from casework.procedure.loading import parse_procedure
from casework.procedure.stand_in import stand_in
from office.definitions.faults import InvalidInputError

logger = logging.getLogger(__name__)


class ProcedureVersion(models.Model):
    """A procedure as its text was (办理规程版本); a matter keeps the one under which it was registered."""

    procedure_id = models.CharField("规程编号", max_length=64)
    title = models.CharField("规程名称", max_length=200)
    text = models.TextField("规程文本")
    sha256 = models.CharField("摘要", max_length=64, unique=True)
    is_active = models.BooleanField("在用", default=True)
    own_intake = models.BooleanField(
        "自行受理", default=True, help_text="上级平台统一受理的取消勾选，只导入上级平台的事项。"
    )
    intake_since = models.DateField("自行受理开启或者关闭日期", null=True, blank=True)
    intake_reason = models.CharField("自行受理开启或者关闭理由", max_length=200, blank=True)
    loaded_at = models.DateTimeField("载入时间", auto_now_add=True)

    class Meta:
        verbose_name = "办理规程版本"
        verbose_name_plural = "办理规程版本"
        ordering: ClassVar = ["procedure_id", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure_id"],
                condition=models.Q(is_active=True),
                name="one_version_of_a_procedure_is_in_use",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def procedure(self) -> Procedure:
        """Its rules; a stand-in without rules where this version of the product cannot read the text."""
        return _read(self.procedure_id, self.title, self.text)


@lru_cache(maxsize=64)
def _read(procedure: str, title: str, text: str) -> Procedure:
    """Read a text once, so that one that cannot be read is told of once."""
    try:
        return parse_procedure(text)
    except InvalidInputError:
        logger.exception("procedure %s: a stored text cannot be read, its matters stand still", procedure)
        return stand_in(procedure, title, text)
