"""Tell faults to a Sentry of the county's own, or a server that speaks its language; only where one is named.

`sentry-sdk` is no part of the program: it is installed beside it. Only what was logged as an error is sent,
and of that only what is listed here, so nothing new in the library adds anything: the kind of the fault, its
place in the program, the number of the request. Nothing of voters, reporters and raters, as in the log.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.logs import NoVoterPaths
from office import trace

LAST_SECONDS = 2.0
TOP = ("event_id", "timestamp", "platform", "level", "logger", "release")
FRAME = ("filename", "module", "function", "lineno", "in_app")
MISSING = (
    "SENTRY_DSN is set, and the package sentry-sdk is not installed: install it (pip install sentry-sdk)"
    " or take SENTRY_DSN away. / 设有 SENTRY_DSN，但没有安装 sentry-sdk：请安装，或者删去 SENTRY_DSN。"
)
Event = dict[str, Any]


def start(dsn: str) -> None:
    try:
        sdk = import_module("sentry_sdk")
        logs = import_module("sentry_sdk.integrations.logging")
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(MISSING) from error
    try:
        sdk.init(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[logs.LoggingIntegration(level=None, event_level=logging.ERROR)],
            before_send=bare,
            auto_session_tracking=False,  # counts of requests, voters' included
            send_client_reports=False,
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            max_request_body_size="never",
        )
    except sdk.utils.BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN is no address of a project.") from error
    trace.before_the_end.append(lambda: sdk.flush(timeout=LAST_SECONDS))


def bare(event: Event, hint: dict[str, Any]) -> Event | None:
    """Return what may be sent of an event; None for one that is no error of the log, or of a voter's page."""
    record = hint.get("log_record")
    if not isinstance(record, logging.LogRecord) or not NoVoterPaths().filter(record):
        return None
    trace.Traced().filter(record)
    told = {name: event[name] for name in TOP if name in event}
    told["logentry"] = {"message": str(record.msg) if record.args else record.name}
    told["tags"] = {"trace": getattr(record, "trace", "-")}
    if found := event.get("exception"):
        told["exception"] = {"values": [_exception(one) for one in found.get("values", [])]}
    return told


def _exception(one: Event) -> Event:
    """Its kind and its way through the program; what it says may name somebody."""
    frames = (one.get("stacktrace") or {}).get("frames", [])
    bare_frames = [{name: frame[name] for name in FRAME if name in frame} for frame in frames]
    return {
        "type": one.get("type"),
        "module": one.get("module"),
        "stacktrace": {"frames": bare_frames},
    }
