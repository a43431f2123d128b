"""The product's settings, with a clock that a scenario can move and a few jobs that misbehave."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from config.settings import *  # noqa: F403 - all of them

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.faults.misbehaving.apps.Misbehaving"]  # noqa: F405 - from above
if os.environ.get("FAULTS_JOB_MINUTES"):
    JOB_MINUTES = int(os.environ["FAULTS_JOB_MINUTES"])
# One process may have a clock of its own, all of them share one that jumps.
_own = float(os.environ.get("FAULTS_OWN_CLOCK") or 0)
_file = Path(os.environ["FAULTS_CLOCK"])
_real_time, _real_now = time.time, timezone.now


def _ahead() -> float:
    try:
        return _own + float(_file.read_text())
    except OSError:
        return _own


def _time() -> float:
    return _real_time() + _ahead()


def _now() -> datetime:
    return _real_now() + timedelta(seconds=_ahead())


time.time = _time
timezone.now = _now
