from __future__ import annotations

from datetime import date

import pytest

from benefits.firms.labels import known_of
from benefits.matching.asking import answer_question, matches_of, note_labels, questions_for
from benefits.matching.deciding import Wanted, decide
from benefits.models import Firm, Match
from office.errors import Refused
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


@pytest.mark.parametrize(
    ("test", "limit", "value", "answer"),
    [
        ("at_least", "100", "99.9999", "no"),
        ("at_least", "100", "100", "yes"),
        ("at_most", "100", "100.0001", "no"),
        ("at_most", "100", "100", "yes"),
        ("since", "2024-01-01", "2023-12-31", "no"),
        ("since", "2024-01-01", "2024-01-01", "yes"),
        ("until", "2024-01-01", "2024-01-02", "no"),
        ("until", "2024-01-01", "2024-01-01", "yes"),
        ("one_of", "小型、微型", "微型", "yes"),
        ("one_of", "小型、微型", "中型", "no"),
        ("at_least", "100", "", "unknown"),
        ("at_least", "100", "约一百", "unknown"),
    ],
)
def test_a_condition_is_met_at_its_limit_and_not_beside_it(
    test: str, limit: str, value: str, answer: str
) -> None:
    """GY-R16: yes, no or unknown, with the label that decides."""
    found = decide([Wanted("x", test, limit)], {"x": value})
    assert (found.answer, found.label) == (answer, "" if answer == "yes" else "x")


def test_what_is_missing_is_asked_and_the_answer_decides_at_once(county: BenefitCounty) -> None:
    """GY-R16: one question an item; a label that fails decides though another is not known."""
    note_labels(firm=county.firm, told={"industry": "工业"}, today=TODAY, acting_user=county.clerk)
    (question,) = questions_for(county.firm, today=TODAY)
    assert (question.label.id, [one.name for one in question.versions]) == (
        "first_above_scale",
        [county.item.name],
    )
    assert Match.objects.get().answer == Match.Answer.UNKNOWN
    found = answer_question(firm=county.firm, label_id="first_above_scale", value="是", today=TODAY)
    assert [one.version for one in found.fits] == [county.item]
    assert Match.objects.get().answer == Match.Answer.YES
    found = answer_question(firm=county.firm, label_id="industry", value="建筑业", today=TODAY)
    (failed,) = found.fits_not
    assert failed.label
    assert (failed.label.id, failed.value) == ("industry", "建筑业")
    assert not Match.objects.exists()


def test_an_answer_that_cannot_be_compared_is_refused(county: BenefitCounty) -> None:
    for label, value, why in (
        ("luck", "是", "没有“luck”这个标签"),
        ("employees", "约一百", "不是数字"),
        ("employees", "-1", "不是数字"),
        ("size", "巨型", "不是大型、中型、小型、微型之一"),
        ("founded", "2023-02-29", "不是日期"),
        ("employees", " ", "没有填写答案"),
    ):
        with pytest.raises(Refused, match=why):
            answer_question(firm=county.firm, label_id=label, value=value, today=TODAY)
    answer_question(firm=county.firm, label_id="employees", value="１,200.50", today=TODAY)
    answer_question(firm=county.firm, label_id="founded", value="1998年5月1日", today=TODAY)
    assert known_of(county.firm) == {"employees": "1200.5", "founded": "1998-05-01"}


def test_a_cancelled_firm_gets_nothing(county: BenefitCounty) -> None:
    Firm.objects.filter(pk=county.firm.pk).update(is_cancelled=True)
    county.firm.refresh_from_db()
    assert not matches_of(county.firm, today=TODAY).may_fit
    with pytest.raises(Refused, match="已经注销"):
        answer_question(firm=county.firm, label_id="industry", value="工业", today=TODAY)
