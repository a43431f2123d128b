"""What tests of the round's pages do again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client

Browse = Callable[[str], Client]


def starts(state: str, *, varied: bool = False) -> pytest.MarkDecorator:
    """Begin a test with the county's round in a stored state."""
    return pytest.mark.parametrize("county", [pytest.param((state, varied), id=state)], indirect=True)


def said(client: Client, path: str, data: Mapping[str, object] | None = None) -> str:
    """What the page says after a GET, or after a POST and where it leads."""
    answer = client.get(path) if data is None else client.post(path, dict(data), follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def download(client: Client, path: str) -> bytes:
    answer = client.post(path)
    assert isinstance(answer, FileResponse), answer.status_code
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    return b"".join(answer.streaming_content)


def upload(content: bytes, name: str = "counts.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
