"""The photos that voters may see on the ballot: those the public sees on the site."""

from __future__ import annotations

from disclosure.site import shown
from evaluations.polling.photos import register
from office.files import stored


def published(staff: set[int]) -> dict[int, bytes]:
    found = {}
    for department in shown.county():
        for person in department.people:
            if person.pk in staff and person.file and stored.media().exists(person.file):
                found[person.pk] = stored.take(stored.media(), person.file)
    return found


register(published)
