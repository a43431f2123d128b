"""A backup tells no hour of a rating, and loses nobody who waits for a call."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from office import backups
from ratings.follow_up.sealing import opened_phone, seal_phone
from ratings.models import BadRatingContact, Rating, Ticket
from tests.kit.files import own_folders
from tests.ratings.hall import RatedHall

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_backups_of_a_day_differ_by_no_rating(settings: Settings, tmp_path: Path) -> None:
    """GY-R4: what came today is in neither; a sealed number of a past day comes back and can be called."""
    own_folders(settings, tmp_path)
    hall, today = RatedHall(), timezone.localdate()
    hall.stored(3, day=today - timedelta(days=1))
    hall.ticket()
    Ticket.objects.update(is_used=True, sent_mark="of a form")
    Rating.objects.filter(pk=Rating.objects.values("pk")[:1]).update(sent_mark="of a form")
    hall.stored(4, "不满意", day=today)
    waiting, fresh = Rating.objects.filter(day__lt=today)[0], Rating.objects.filter(day=today)[0]
    for rating in (waiting, fresh):
        BadRatingContact.objects.create(rating=rating, sealed=seal_phone(rating, "0000-1234567"))
    file = tmp_path / "backup.zip"
    rows = backups.backup(file=file, now=timezone.now())["rows"]
    assert (rows["ratings.Rating"], rows["ratings.BadRatingContact"]) == (3, 1)
    assert b"of a form" not in b"".join(map(ZipFile(file).read, ZipFile(file).namelist()))
    backups.restore(file=file, replace=True)
    assert set(Rating.objects.values_list("day", flat=True)) == {today - timedelta(days=1)}
    assert list(Ticket.objects.values_list("is_used", "sent_mark")) == [(True, "")]
    contact = BadRatingContact.objects.get()
    assert (contact.rating_id, opened_phone(contact)) == (waiting.pk, "0000-1234567")
