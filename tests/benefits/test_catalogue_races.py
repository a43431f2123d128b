"""Two people at one item at the same moment: exactly one wins, the other is told."""

from __future__ import annotations

from datetime import date

import pytest

from benefits.catalogue.checking import Draft
from benefits.catalogue.drafting import draft_version, hand_in, settle_version
from benefits.models import ItemVersion
from office.models import AuditEntry
from tests.benefits.county import SAYS, BenefitCounty
from tests.kit.at_once import DONE, at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_of_two_approvers_and_of_two_who_begin_an_item_one_wins() -> None:
    """GY-R12."""
    county = BenefitCounty()
    version = hand_in(version=county.draft("HQ-700"), acting_user=county.officer)

    def settles(user: str, *, approves: bool) -> None:
        settle_version(
            version=version,
            approves=approves,
            why="" if approves else "请补写",
            today=date(2026, 3, 2),
            acting_user=getattr(county, user),
        )

    done, refused = at_once(
        lambda: settles("operator", approves=True), lambda: settles("reviewer", approves=False)
    )
    assert (done, "不能审核" in refused) == (DONE, True)
    assert AuditEntry.objects.filter(verb__in=("发布惠企事项", "退回惠企事项")).count() == 2  # HQ-001's too
    new = Draft("HQ-800", county.unit, SAYS, is_new=True)
    done, refused = at_once(
        lambda: draft_version(draft=new, acting_user=county.officer),
        lambda: draft_version(draft=new, acting_user=county.unit_reviewer),
    )
    assert (done, "已有事项" in refused) == (DONE, True)
    assert ItemVersion.objects.filter(item__code="HQ-800").count() == 1
