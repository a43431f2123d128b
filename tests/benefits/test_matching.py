from __future__ import annotations

from datetime import date

import pytest

from benefits.firms.labels import known_of
from benefits.matching import running
from benefits.matching.asking import answer_question, matches_of, note_labels, questions_for
from benefits.matching.deciding import Wanted, decide
from benefits.matching.lists import counted, matched
from benefits.matching.running import KIND
from benefits.models import Firm, FirmLabel, Match
from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job
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
    with pytest.raises(Refused, match=r"由窗口登记，.*请到专窗更正"):
        answer_question(firm=county.firm, label_id="industry", value="建筑业", today=TODAY)
    note_labels(firm=county.firm, told={"industry": "建筑业"}, today=TODAY, acting_user=county.clerk)
    (failed,) = matches_of(county.firm, today=TODAY).fits_not
    assert failed.label
    assert (failed.label.id, failed.value) == ("industry", "建筑业")
    assert not Match.objects.exists()


def test_an_answer_that_cannot_be_compared_or_that_nobody_asks_is_refused(county: BenefitCounty) -> None:
    asked = (("employees", "at_most", "300"), ("size", "is", "小型"), ("founded", "since", "1990-01-01"))
    rows = [{"label": label, "test": test, "value": value, "says": "条件"} for label, test, value in asked]
    county.publish("HQ-008", conditions=rows)
    for label, value, why in (
        ("luck", "是", "没有“luck”这个标签"),
        ("employees", "约一百", "不是数字"),
        ("employees", "-1", "不是数字"),
        ("size", "巨型", "不是大型、中型、小型、微型之一"),
        ("founded", "2023-02-29", "不是日期"),
        ("employees", " ", "没有填写答案"),
        ("revenue", "100", "现行的事项不问“上年营业收入"),
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
    for firm in (county.firm, county.other_firm):  # cancelled since it was matched
        Match.objects.create(version=county.item, firm=firm, answer="yes")
    (row,) = counted(TODAY)
    assert (row["yes"], matched(county.item, "yes").count()) == (1, 1)


class KilledError(Exception):
    """What a killed worker looks like from inside."""


def run_again(job: Job, stop_at: int = 0) -> Job:
    """Carry a job out; the worker is gone once `stop_at` firms are noted."""

    def tell(done: int, total: int, message: str) -> None:
        if stop_at and done >= stop_at:
            raise KilledError

    taken = jobs.take(job.pk)
    assert taken is not None
    try:
        jobs.HANDLERS[KIND](taken.arguments, jobs.Progress(taken.pk, taken.attempts, tell))
    except KilledError:
        jobs.give_back(taken)
    else:
        jobs.finish(taken, Job.State.DONE)
    return Job.objects.get(pk=job.pk)


@pytest.mark.both_databases
def test_a_run_goes_on_where_it_was_interrupted_and_replaces_what_was_there(county: BenefitCounty) -> None:
    """GY-R16: who fits not has no row; what was pushed stays pushed as long as its answer does."""
    more = Firm.objects.bulk_create(
        Firm(credit_code=f"91510800000000{one:04d}", name=f"测试{one}号企业", is_cancelled=one == 4)
        for one in range(running.FIRMS_AT_ONCE + 4)
    )
    first, builder, late, cancelled = more[0], more[1], more[-1], more[4]
    told = {first: "工业", builder: "建筑业", late: "工业", cancelled: "工业"}
    FirmLabel.objects.bulk_create(
        FirmLabel(firm=firm, label=label, value=value, source="list", told_on=TODAY)
        for firm, industry in told.items()
        for label, value in (("industry", industry), ("first_above_scale", "是"))
    )
    job = running.start_matching(today=TODAY, acting_user=county.clerk)
    with pytest.raises(Refused, match="正在匹配"):
        running.start_matching(today=TODAY, acting_user=county.clerk)
    half = run_again(job, stop_at=running.FIRMS_AT_ONCE)
    assert half.outcome["done"] == running.FIRMS_AT_ONCE
    Match.objects.filter(firm=first).update(label="noted before", pushed_on=TODAY)
    run_again(job)
    assert Match.objects.get(firm=first).label == "noted before"  # the second attempt went on after it
    assert set(Match.objects.filter(answer="yes").values_list("firm", flat=True)) == {first.pk, late.pk}
    assert not Match.objects.filter(firm__in=(builder, cancelled)).exists()
    Match.objects.filter(firm=late).update(pushed_on=TODAY)
    FirmLabel.objects.filter(firm=late, label="industry").delete()
    again = running.start_matching(today=TODAY, acting_user=county.clerk)
    jobs.run(again.pk)
    again.refresh_from_db()
    count = Firm.objects.count()
    assert again.outcome == {"事项": 1, "企业": count, "符合": 1, "可能符合": count - 3, "不符合": 1}
    assert Match.objects.get(firm=first).pushed_on == TODAY
    late_one = Match.objects.get(firm=late)
    assert (late_one.answer, late_one.label, late_one.pushed_on) == ("unknown", "industry", None)
