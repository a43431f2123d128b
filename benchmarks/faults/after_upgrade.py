"""What an upgraded county still has: results that verify, its chain, its published files, its pages.

`bin/upgrade-check` runs it on data that an earlier version made. Ends with 1 where anything is wrong.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from io import StringIO

PAGES_OF_A_ROLE = 40


def main() -> int:
    import django

    django.setup()
    faults = 0
    for look in (results, audit, schemes, published, office, votes):
        said, wrong = look()
        print(f"  {look.__name__}: {said}")
        for one in wrong[:8]:
            print(f"    {one}")
        faults += len(wrong)
    return int(faults > 0)


Said = tuple[str, list[str]]


def _command(name: str) -> Said:
    from django.core.management import CommandError, call_command

    out = StringIO()
    try:
        call_command(name, stdout=out, stderr=out)
    except (SystemExit, CommandError) as error:
        return f"{error}", out.getvalue().splitlines() or [str(error)]
    return (out.getvalue().strip().splitlines() or ["-"])[-1], []


def results() -> Said:
    return _command("verify_results")


def audit() -> Said:
    return _command("verify_audit")


def schemes() -> Said:
    """A result keeps the text it was computed with, and the digest it stands under."""
    from evaluations.models import Result, SchemeVersion

    wrong = [
        f"{one}: another text than its digest"
        for one in SchemeVersion.objects.all()
        if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256
    ]
    used = SchemeVersion.objects.filter(pk__in=Result.objects.values("scheme_version")).count()
    return f"{SchemeVersion.objects.count()} texts kept, {used} of them in results", wrong


def published() -> Said:
    """Every file of every publication as it was put online, by the address readers have."""
    from django.test import Client

    from disclosure.models import Publication

    client, wrong, files = Client(raise_request_exception=False, SERVER_NAME="localhost"), [], 0
    for one in Publication.objects.exclude(rendered_at=None):
        for file, entry in one.manifest.items():
            files += 1
            address = f"/results/{one.pk}/{file}"
            answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code != 200:
                wrong.append(f"{address}: {answer.status_code}")
            elif hashlib.sha256(content).hexdigest() != entry["sha256"]:
                wrong.append(f"{address}: other bytes than were published")
    return f"{files} files", wrong


def office() -> Said:
    """The start page of one user of each role, and the pages it leads to."""
    from django.test import Client

    from office.models import User

    wrong, pages, roles = [], 0, set()
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if user.role in roles:
            continue
        roles.add(user.role)
        client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        client.force_login(user)
        for address in ["/office/", *_links(client.get("/office/").content.decode())]:
            pages += 1
            answer = client.get(address, follow=True)
            if answer.status_code != 200:
                wrong.append(f"{user.role} {address}: {answer.status_code}")
    return f"{pages} pages of {len(roles)} roles", wrong


def _links(page: str) -> Iterator[str]:
    found = dict.fromkeys(re.findall(r'href="(/office/[^"#?]*)"', page))
    yield from [one for one in found if "logout" not in one][:PAGES_OF_A_ROLE]


def votes() -> Said:
    """A slip that the earlier version printed is known to this one."""
    from surveys.models import Ballot, Slip, Survey

    open_now = Survey.objects.filter(state=Survey.State.OPEN).count()
    return f"{Ballot.objects.count()} ballots, {Slip.objects.count()} slips, {open_now} surveys open", []


if __name__ == "__main__":
    sys.exit(main())
