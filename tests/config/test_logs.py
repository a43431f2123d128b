"""YC-R6, GY-R4: no log says that somebody voted or rated, and when."""

import logging

import pytest
from django.test import Client

from config.logs import NoVoterPaths


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Not Found: /v/abc", False),
        ('"GET /b/abc/cast HTTP/1.1" 404', False),
        ("Error handling request /v/", False),
        ("Not Found: /favicon.ico", False),
        ("Not Found: /apple-touch-icon-precomposed.png", False),
        ("Not Found: /static/ballot/voter.js", False),
        ("Unprocessable Entity: /r/ABCDEFGHJK/", False),
        ('"POST /r/ABCDEFGHJK/?t=K7QZ HTTP/1.1" 500', False),
        ("Not Found: /static/rating/rate.js", False),
        ("Not Found: /departments/v/", True),
        ("Not Found: /departments/r/", True),
        ("Not Found: /voters/", True),
        ("worker ready", True),
    ],
)
def test_records_about_voters_are_dropped(message: str, *, kept: bool) -> None:
    record = logging.LogRecord("any", logging.WARNING, __file__, 1, message, None, None)
    assert NoVoterPaths().filter(record) is kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/v/no-such-page", False),
        ("/r/no-such-code/", False),
        ("/favicon.ico", False),
        ("/no-such-page", True),
    ],
)
def test_the_log_of_a_fault(client: Client, address: str, *, kept: bool) -> None:
    handlers = [handler for handler in logging.getLogger("django").handlers if handler.filters]
    assert handlers
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keep = Keep()
    keep.filters = list(handlers[0].filters)
    logging.getLogger("django").addHandler(keep)
    try:
        client.get(address)
    finally:
        logging.getLogger("django").removeHandler(keep)
    assert bool(records) is kept
