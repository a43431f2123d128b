"""What a judgment about a bad rating does to the matter that it became, and what it leaves to be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from casework.matters.acceptance import put_refusal, settle_refusal
from casework.matters.assigning import correct_about
from casework.matters.state import ENDED, State, locked
from casework.models import Matter
from ratings.follow_up.making import title_of
from ratings.models import BadRatingContact, Judgment, Rating, RatingMatter
from ratings.rules import rules_of

UNASSIGNED = (State.REGISTERED, State.REFUSING, State.ACCEPTED, State.JUDGED)
Act = Judgment.Act


def follow(judged: Iterable[tuple[Judgment, Rating]], now: datetime) -> None:
    """Take the matters along in the same transaction, as far as nobody has begun to handle them."""
    found = {rating.pk: (judgment, rating) for judgment, rating in judged}
    # The night makes its matter under the same lock: it comes before, or reads what is decided here.
    contacts = list(BadRatingContact.objects.select_for_update().filter(rating__in=found).order_by("pk"))
    excluded = [one.pk for one in contacts if found[one.rating_id][0].act == Act.EXCLUDE]
    BadRatingContact.objects.filter(pk__in=excluded).delete()
    for made in RatingMatter.objects.select_related("matter__version").filter(rating__in=found):
        _take_along(*found[made.rating_id], made.matter, now)


def _take_along(judgment: Judgment, rating: Rating, matter: Matter, now: datetime) -> None:
    if judgment.act == Act.EXCLUDE:
        _refuse(judgment, rating, matter, now)
    elif judgment.act == Act.MOVE and matter.state in UNASSIGNED and rating.code.unit is not None:
        correct_about(
            matter=matter,
            about=rating.code.unit,
            title=title_of(rating),
            now=now,
            acting_user=judgment.settled_by,
        )


def matter_of(rating: Rating) -> Matter | None:
    made = RatingMatter.objects.select_related("matter__version").filter(rating=rating).first()
    return made.matter if made else None


def _refuse(judgment: Judgment, rating: Rating, matter: Matter, now: datetime) -> None:
    """Let the two who excluded the rating refuse its matter, where it still waits for acceptance."""
    reason = rules_of(rating.code.rules_id).excluding.reason(judgment.reason)
    refusal = reason.refusal if reason else None
    current = locked(matter.pk)
    if not refusal or current.state != State.REGISTERED or judgment.settled_by is None:
        return
    put_refusal(current, refusal, judgment.words, now=now, by=judgment.proposed_by)
    if current.state == State.REFUSING:
        settle_refusal(
            matter=current,
            agrees=True,
            opinion=judgment.opinion,
            now=now,
            acting_user=judgment.settled_by,
        )


def to_do(rating: Rating, matter: Matter) -> str:
    """Say what is left to be done with the matter of a rating that was excluded or moved; or nothing."""
    state = State(matter.state)
    if state in ENDED:
        return ""
    if rating.state == Rating.State.EXCLUDED:
        if state in (State.REGISTERED, State.REFUSING):
            return "评价已排除，事项尚未受理：请在事项页面办理不予受理。"
        return "评价已排除，事项已经受理，不因排除而终止：请按规程办结，并向评价人说明。"
    if rating.moved_from_id and matter.about_id != rating.code.unit_id:
        return f"评价已移到{rating.code}，事项已经交办：请由承办单位退回后，重新交办{rating.code.unit}。"
    return ""
