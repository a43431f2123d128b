"""At night, make matters of the bad ratings of past days with which somebody left a number (GY-R4).

Not at once: a matter keeps the moment it came, and so would the rating. What is made here bears noon of the
rating's day; its limits are in working days, and its day counts as day 0 as it would have at once. One that
was held bears noon of the day on which two people let it count, and one that could not be made in its night
that of the day before it was made: limits that ran out meanwhile would be nobody's fault.
"""

from __future__ import annotations

import logging
import secrets
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from casework.matters.clocks import Reckoner
from casework.matters.registration import Reported, register_matter
from casework.models import Matter
from casework.procedures.stored import in_use
from office import dates
from office.errors import Refused
from ratings.follow_up.sealing import opened_phone
from ratings.models import BadRatingContact, Judgment, Rating, RatingMatter, Ticket
from ratings.rules import BadRatings, rules_of

NOON = time(12)
A_NIGHT = timedelta(days=1)
NO_REASON = "评价人没有写明原因，请联系核实。"
logger = logging.getLogger(__name__)


def settle_past_days(now: datetime) -> int:
    """Make the matters of every past day and forget which form was which; return how many were made."""
    today = timezone.localtime(now).date()
    rows = BadRatingContact.objects.filter(rating__day__lt=today).exclude(rating__state=Rating.State.HELD)
    waiting = list(rows.values_list("pk", flat=True))
    secrets.SystemRandom().shuffle(waiting)
    made = sum(_made(pk, today) for pk in waiting)
    forget_forms(today)
    return made


def _made(contact_id: int, today: date) -> bool:
    """One with a fault keeps no other from becoming a matter; it waits, and the centre is told."""
    try:
        return make_matter(contact_id, today)
    except Refused as refusal:
        logger.warning("a bad rating did not become a matter: %s", refusal)
    except Exception as fault:  # noqa: BLE001 - whatever it is; a traceback of a database may quote the rating
        logger.error("a bad rating did not become a matter: %s", type(fault).__name__)  # noqa: TRY400 - likewise
    return False


@transaction.atomic
def make_matter(contact_id: int, today: date) -> bool:
    """Register one bad rating with its number; held and excluded ones wait until they count, or never do.

    Where the platform above has taken over meanwhile, the number waits sealed until the centre decides.
    """
    contact = BadRatingContact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        return False
    rating = Rating.objects.select_related("code__window__hall", "code__unit").get(pk=contact.rating_id)
    rules = rules_of(rating.code.rules_id)
    if rating.state == Rating.State.EXCLUDED or rules.bad_ratings is None:
        contact.delete()
        return False
    day = counts_since(rating)
    if (
        rating.state == Rating.State.HELD
        or day >= today
        or not in_use(rules.bad_ratings.procedure).own_intake
    ):
        return False
    phone = opened_phone(contact)
    if phone is None:
        logger.error("the number left with a bad rating cannot be opened: SECRET_KEY was changed")
        return False
    matter = _registered(rating, rules.bad_ratings, phone, day, today)
    RatingMatter.objects.create(rating=rating, matter=matter)
    contact.delete()
    return True


def counts_since(rating: Rating) -> date:
    """Return the day from which a rating counts: its own, or that on which a held one was let in."""
    agreed = Judgment.objects.filter(rating=rating, state=Judgment.State.AGREED)
    let_in = agreed.exclude(act=Judgment.Act.EXCLUDE).aggregate(first=Min("settled_on"))["first"]
    return max(rating.day, let_in) if rating.held_because and let_in else rating.day


def left_waiting(today: date) -> QuerySet[BadRatingContact]:
    """Return the numbers of counted bad ratings that wait longer than a night for their matter."""
    due = today - A_NIGHT
    let_in = Judgment.objects.filter(
        rating=OuterRef("rating"), state=Judgment.State.AGREED, settled_on__lt=due
    ).exclude(act=Judgment.Act.EXCLUDE)
    rows = BadRatingContact.objects.filter(rating__state=Rating.State.COUNTED, rating__day__lt=due)
    return rows.filter(Q(rating__held_because="") | Exists(let_in))


def title_of(rating: Rating) -> str:
    return f"{rating.code.unit}差评：{rating.level}"


def _registered(rating: Rating, rule: BadRatings, phone: str, since: date, today: date) -> Matter:
    version = in_use(rule.procedure)
    asked = {one.id for one in version.procedure.intake.fields}
    known = {"level": rating.level, "place": str(rating.code)}
    said = "；".join(part for part in (rating.text, rating.reasons) if part)
    reckoner = Reckoner()
    day = _day_of_a_matter(since, today, reckoner)
    receipt = register_matter(
        version=version,
        reported=Reported(
            source="code",
            title=title_of(rating),
            text=said if any(map(str.isalnum, said)) else f"{NO_REASON}{said}",
            fields={name: value for name, value in known.items() if name in asked},
            about=rating.code.unit,
            category=rule.category,
            phone=phone,
            remark="" if day == since else f"评价计入日期{dates.day(since)}，迟后登记，期限自登记日期起算",
        ),
        now=timezone.make_aware(datetime.combine(day, NOON)),
        acting_user=None,
        reckoner=reckoner,
    )
    return receipt.matter


def _day_of_a_matter(since: date, today: date, reckoner: Reckoner) -> date:
    """Return the day a rating counts from, or yesterday where a working day has gone by since."""
    works = reckoner.clock.calendar.works
    between = (since + A_NIGHT * n for n in range(1, (today - since).days))
    return today - A_NIGHT if any(map(works, between)) else since


def forget_forms(today: date) -> None:
    """Forget what kept a form sent twice from counting twice: no form waits for longer than a day.

    Yesterday's stay for one more night: a phone without a network may send after midnight.
    """
    Rating.objects.filter(day__lt=today - timedelta(days=1)).exclude(sent_mark=None).update(sent_mark=None)
    Ticket.objects.exclude(sent_mark="").update(sent_mark="")
