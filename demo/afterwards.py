"""What comes after the decisions of the demo: rectification, tolerance, papers, receipts, an extract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from demo import papers, rectifications, tolerance
from departments.models import Notice
from departments.notices.services import sign_for
from evaluations.models import Round
from office.models import User


def show(people: Mapping[str, User]) -> None:
    """Whatever needs the round of the third quarter waits for it: a database may hold the others alone."""
    rectifications.put_right(people)
    tolerance.tolerate(people, tolerance.report_risks(people))
    tolerance.clear_names(people)
    if Round.objects.filter(scheme_version__scheme_id=papers.ROUND, state=Round.State.PUBLISHED).exists():
        papers.issue_papers(people)
        papers.answer_a_request(people)
    sign_some(people)


def sign_some(people: Mapping[str, User]) -> None:
    """The demo department signs for two; the others stay late."""
    unit = people["department"].membership.department
    for one in Notice.objects.filter(department=unit, received_at=None).order_by("pk")[:2]:
        sign_for(notice=one, now=one.sent_at + timedelta(days=1), acting_user=people["department"])
