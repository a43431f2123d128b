"""After real ratings over a real web server nothing tells who rated, from where, or with which ticket."""

from __future__ import annotations

import http.client
import secrets
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ratings.models import Rating
from surveys.keys import shuffle
from tests.ratings.hall import RatedHall
from tests.surveys.test_nothing_kept import ADDRESS, AGENT, ask, everything_kept, web

__all__ = ["web"]  # the fixture

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
PHONE = "13899990001"


def post(port: int, code: str, **told: str) -> int:
    """Rate with all that a curious server could write down."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "User-Agent": AGENT,
        "X-Forwarded-For": ADDRESS,
        "X-Real-IP": ADDRESS,
        "Cookie": "sessionid=probe-of-a-session",
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": "localhost",
    }
    talk.request("POST", f"/r/{code}/", urlencode(told), headers)
    answer = talk.getresponse()
    answer.read()
    assert answer.getheader("Set-Cookie") is None
    talk.close()
    return answer.status


def test_ticket_phone_address_and_browser_of_a_rater_are_in_no_file_and_no_table(
    web: int,
    tmp_path: Path,
) -> None:
    """GY-R4: nor does any log say that anybody rated, or was refused."""
    hall = RatedHall()
    ticket, key = hall.ticket(), secrets.token_hex(16)
    code = hall.code.code
    assert post(web, code, level="不满意", key=key, ticket=ticket, number=PHONE) == 200
    assert post(web, code, level="满意", key=secrets.token_hex(16)) == 200
    assert post(web, code, level="满意", key=secrets.token_hex(16), ticket=ticket) == 422
    assert ask(web, "GET", f"/r/{code}/?t={ticket}")[0] == 200
    assert ask(web, "GET", f"/r/X{code[1:]}Y/")[0] == 404
    assert ask(web, "GET", "/no-such-page")[0] == 404
    assert Rating.objects.count() == 2
    shuffle.shuffle()
    kept = everything_kept(tmp_path)
    sought = (ticket, key, PHONE, ADDRESS, AGENT, "probe-of-a-session")
    assert [(mark, where) for mark in sought for where, text in kept.items() if mark.encode() in text] == []
    log = (tmp_path / "web.log").read_text()
    assert "/no-such-page" in log
    assert "/r/" not in log
    assert code not in log
