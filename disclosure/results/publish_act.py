"""Adds publishing to the actions of a round."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from disclosure.results import services
from evaluations.cockpit.round_actions import Act, register
from evaluations.models import Round
from office.models import User


def _publish(round: Round, data: dict[str, Any], user: User, now: datetime) -> None:
    services.publish_results(round=round, acting_user=user, now=now)


register(
    "publish",
    Act(
        "公布结果",
        "公布结果",
        "round.publish",
        ("公布后，成绩单在公示网站上向社会公开。公布范围按本轮确定的规则执行。",),
        _publish,
        "已提交公布。页面生成后即可在公示网站查看，进度见“后台任务”。",
    ),
)
