"""A named person explains a control that does not hold; until then neither tally nor publication goes on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.box import controls
from surveys.models import ControlExplanation, Survey

if TYPE_CHECKING:
    from office.models import User

SHORTEST = 10  # characters; a name and a full stop explain nothing


@transaction.atomic
def explain_control(
    *, survey: Survey, key: str, text: str, now: datetime, acting_user: User
) -> ControlExplanation:
    """Write down why numbers do not add up. It is published under the person's name, and holds for these
    numbers only; what has no innocent reason cannot be explained.
    """
    roles.require(acting_user, "control.explain")
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    found = next((one for one in controls.checked(survey) if one.control.key == key), None)
    if found is None or found.control.holds:
        raise Refused("这一项核对没有不符，不需要说明", "请刷新页面后查看。")
    if not found.control.explainable:
        raise Refused(f"“{found.control.said}”不成立，不能以说明代替", "请封存计票包，查明原因。")
    if found.explanation:
        raise Refused(f"这一项核对已由{found.explanation.user}作出说明")
    if len(text.strip()) < SHORTEST:
        raise Refused(f"情况说明不足{SHORTEST}个字", "请写明原因和查实经过。")
    made = ControlExplanation.objects.create(
        survey=survey, key=key, said=found.control.said, text=text.strip(), user=acting_user, at=now
    )
    audit.record(
        "说明核对不符", survey, acting_user=acting_user, after={"核对项": made.said, "说明": made.text}
    )
    return made
