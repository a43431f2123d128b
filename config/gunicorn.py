"""The web server's settings; `gunicorn -c config/gunicorn.py config.wsgi` uses them."""

import gc
import logging
import os
from importlib import import_module

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from config.logs import NoVoterPaths


class QuietLogger(Logger):
    """Keeps what concerns a voter out of the error log, too."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in logging.getLogger("gunicorn.error").handlers:
            handler.addFilter(NoVoterPaths())


def post_worker_init(worker: Worker) -> None:
    """Watch the background work from here; Django is ready now."""
    from config import watching  # noqa: PLC0415 - this file is read before Django is set up

    watching.start()


bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_PROCESSES") or 2)
threads = 4
worker_class = "config.slow_clients.PatientWorker"
timeout = 60
graceful_timeout = 10
# Longer than nginx keeps an idle connection (60 s): else a vote may meet one that just closes.
keepalive = 75
# No access log: on the voters' paths it would say who voted when (YC-R6).
accesslog = None
loglevel = "warning"
logger_class = QuietLogger
control_socket_disable = True
# The program is loaded once and shared by all processes, which saves each of them most of its memory.
preload_app = True


def when_ready(server: object) -> None:
    """Load the pages, too, and keep the collector from writing into what is to be shared."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()


def post_fork(server: object, worker: object) -> None:
    """No process may use a connection of another; loading opens none, but nothing else forbids it."""
    connections.close_all()
    caches.close_all()
