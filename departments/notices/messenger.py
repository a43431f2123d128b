"""Post one line of text to the webhook of an enterprise messenger."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

MOST_READ = 4096


class NotTakenError(OSError):
    """The messenger answered, and did not take the message."""


def post(address: str, text: str, *, timeout: float) -> None:
    """Raise OSError where the message was not taken; no redirect is followed, certificates are checked.

    The body is what the group robots of the usual messengers take; an answer with an `errcode` other than 0
    is a refusal, whatever its status.
    """
    to = urlsplit(address)
    if to.scheme not in ("http", "https") or not to.hostname:
        raise ValueError(f"not an address of a webhook: {to.scheme}")
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    line = (
        HTTPSConnection(to.hostname, to.port, timeout=timeout, context=ssl.create_default_context())
        if to.scheme == "https"
        else HTTPConnection(to.hostname, to.port, timeout=timeout)
    )
    try:
        path = (to.path or "/") + (f"?{to.query}" if to.query else "")
        line.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = line.getresponse()
        said = answer.read(MOST_READ)
    except HTTPException as error:
        raise NotTakenError(type(error).__name__) from error
    finally:
        line.close()
    if not 200 <= answer.status < 300 or _refuses(said):
        raise NotTakenError(f"HTTP {answer.status}")


def _refuses(said: bytes) -> bool:
    try:
        told = json.loads(said)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("errcode", 0) != 0
