"""The files of keys, when several processes are at them at once."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from pytest_django.fixtures import Settings

from surveys.keys import keyring

SURVEY = "s-two-at-once"
ROUNDS = 150
DESTROYERS = 3  # the close, the job of the bundle, and the same job once more


@pytest.fixture
def keys(settings: Settings, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path
    folder = keyring.folder(SURVEY)
    folder.mkdir()
    return folder


def test_whoever_destroys_the_same_keys_at_once_all_end_well_and_no_key_is_left(keys: Path) -> None:
    start = Barrier(DESTROYERS)

    def destroy(_: int) -> None:
        start.wait()
        keyring.destroy_issuers(SURVEY)
        keyring.destroy_box(SURVEY)

    with ThreadPoolExecutor(DESTROYERS) as threads:
        for _ in range(ROUNDS):
            for name in ("issuer-K001", "issuer-K002", "destroyed-of-a-crash", "box"):
                (keys / name).write_bytes(secrets.token_bytes(32))
            assert list(threads.map(destroy, range(DESTROYERS))) == [None] * DESTROYERS
            assert list(keys.iterdir()) == []
