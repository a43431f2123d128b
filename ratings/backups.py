"""What a backup holds of ratings: those of past days, without order, and numbers as they are sealed.

Two backups of one day would differ by the ratings between them and so tell their hour: what came on the day
of the backup is not in it, nor are the marks of forms, which live for a day. That a ticket was used is in it:
after a restore it would rate twice. A sealed number is in it until its matter is made: who left one waits for
a call.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from office import backups
from ratings.models import BadRatingContact, Judgment, Rating


def ratings_of_past_days() -> QuerySet[Rating]:
    return Rating.objects.filter(day__lt=timezone.localdate())


def numbers_of_past_days() -> QuerySet[BadRatingContact]:
    return BadRatingContact.objects.filter(rating__day__lt=timezone.localdate())


def judgments_of_past_days() -> QuerySet[Judgment]:
    return Judgment.objects.filter(rating__day__lt=timezone.localdate())


def register() -> None:
    backups.leave_out("ratings.Rating", ratings_of_past_days)
    backups.leave_out("ratings.BadRatingContact", numbers_of_past_days)
    backups.leave_out("ratings.Judgment", judgments_of_past_days)
    backups.leave_out_fields("ratings.Rating", "sent_mark")
    backups.leave_out_fields("ratings.Ticket", "sent_mark")
