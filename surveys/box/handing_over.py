"""Bundles go to the custodian and to whoever verifies: each time noted, nothing else handed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.ballots import explanations
from surveys.box import bundles, controls
from surveys.models import Survey
from surveys.paper import reconciliation

if TYPE_CHECKING:
    from office.models import User

NOT_READY = "请稍后再下载，进度见“后台任务”。"


@transaction.atomic
def hand_over_bundle(*, survey: Survey, acting_user: User) -> Path:
    roles.require(acting_user, "survey.bundle")
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state not in Survey.OVER:
        raise Refused("评价尚未截止", "请先截止评价。")
    path = bundles.path_of(survey)
    if not path.exists():
        if reconciliation.waits_for_paper(survey):
            raise bundles.paper_first()
        raise Refused("票箱正在整理，计票包还没有写好", NOT_READY)
    audit.record(
        "导出计票包", survey, acting_user=acting_user, after={"计票包校验值": bundles.read(survey).hash}
    )
    return path


@transaction.atomic
def hand_over_results(*, survey: Survey, number: int, acting_user: User) -> Path:
    """To the inspectorate alone: beside the sealed ballots it holds every table of answers in the clear."""
    roles.require(acting_user, "survey.results_bundle")
    path = bundles.results_path_of(survey, number)
    if not path.exists():
        raise Refused("核验包还没有写好", NOT_READY)
    audit.record("导出核验包", survey, acting_user=acting_user, after={"第几次结果": number})
    return path


def make_results_bundle(*, survey: Survey, number: int, results: dict[str, bytes]) -> None:
    """Write counts, facts, scheme and outcome beside the sealed ballots; called by a job."""
    given = {explanations.NAME: controls.explanations_file(survey)}
    bundles.make_with_results(survey, number, {**given, **results})
