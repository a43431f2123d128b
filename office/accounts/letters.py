"""Letters of first passwords (一次性密码通知单) as one PDF, two to a page, to be cut, sealed and handed over.

The file is typeset in the memory of the request and kept nowhere: the machinery that puts documents aside
for who asks again (`office.exports.documents`) would keep the passwords readable.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from office.accounts import services
from office.exports import typeset
from office.models import User

ON_A_PAGE = 2


@transaction.atomic
def hand_out_as_pdf(*, users: Iterable[User], acting_user: User) -> bytes:
    """Give first passwords and return their letters; no file, and nobody has been given a password."""
    letters = services.hand_out_first_passwords(users=users, acting_user=acting_user)
    pages = [letters[first : first + ON_A_PAGE] for first in range(0, len(letters), ON_A_PAGE)]
    context = {"pages": pages, "county_name": settings.COUNTY_NAME, "today": timezone.localdate()}
    return typeset.pdf(render_to_string("office/accounts/letters_pdf.html", context))
