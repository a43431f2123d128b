"""The processes of one run, each of which can be killed, stopped and started again.

Everything lies under one folder and is gone afterwards. PostgreSQL flushes to the disk, as a county's does.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
PROGRAMS = "/usr/lib/postgresql"
CELERY = (sys.executable, "-m", "celery", "-A", "config", "--quiet")
ALONE = ("--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def wait_for(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited in vain: {what}")
        time.sleep(0.1)


def for_a_while(seconds: float) -> None:
    """How long a fault lasts, or what others get to do wrong: no condition says when that is over."""
    time.sleep(seconds)


def descendants(process: int) -> list[int]:
    """A process's children and theirs; empty where it is gone."""
    found = []
    with contextlib.suppress(OSError):
        for one in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            found += [int(one), *descendants(int(one))]
    return found


def kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


class Service:
    """A program with a log of its own."""

    def __init__(self, name: str, folder: Path, command: tuple[str, ...], **environment: str) -> None:
        self.name, self.folder, self.command, self.environment = name, folder, command, environment
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process.pid

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End it and all it has started, as a machine that loses its power does."""
        for each in (self.pid, *descendants(self.pid)):
            kill(each)
        self._reap()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def _reap(self) -> None:
        if self.process:
            self.process.wait()


class Database(Service):
    """A PostgreSQL of its own; as root it runs as the account `postgres`."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.port, self.data = free_port(), data / "postgresql"
        self.programs = max(Path(PROGRAMS).glob("*/bin"), key=lambda one: int(one.parent.name))
        owner = ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups")
        self.as_owner = owner if os.getuid() == 0 else ()
        settings = {
            "max_wal_size": "96MB",
            "min_wal_size": "32MB",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = (*self.as_owner, f"{self.programs}/postgres", "-D", str(self.data))
        more = ("-k", str(self.data), "-h", "127.0.0.1", "-p", str(self.port), *words)
        super().__init__("postgresql", folder, (*command, *more))
        self.url = f"postgresql://sanliang@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self.data.mkdir(mode=0o700)
        if self.as_owner:
            shutil.chown(self.data, "postgres", "postgres")
        how = ("-U", "sanliang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        initdb = (*self.as_owner, f"{self.programs}/initdb", "-D", str(self.data), *how)
        subprocess.run(initdb, check=True, cwd=self.data, stdout=subprocess.DEVNULL)
        self.start()

    def start(self) -> None:
        super().start()
        ready = (f"{self.programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
        wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, recovery at the next start."""
        os.kill(self.pid, signal.SIGQUIT)
        self._reap()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop_at_once()

    def backends(self) -> list[int]:
        """Processes that serve a client of the product."""
        found = []
        for one in descendants(self.pid):
            with contextlib.suppress(OSError):
                if b"127.0.0.1(" in Path(f"/proc/{one}/cmdline").read_bytes():
                    found.append(one)
        return found


class Redis(Service):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        where = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder))
        super().__init__("redis", folder, ("redis-server", *where, "--save", "", "--appendonly", "no"))
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        super().start()
        wait_for(lambda: answers(self.port), "Redis")


class Web(Service):
    """Gunicorn as the product starts it, always on the same port."""

    PROCESSES = 2

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command = (sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi")
        processes = {"PORT": str(self.port), "WEB_PROCESSES": str(self.PROCESSES)}
        super().__init__("web", folder, command, **processes)

    def start(self) -> None:
        super().start()
        wait_for(lambda: self._answers() and len(descendants(self.pid)) >= self.PROCESSES, "gunicorn")

    def _answers(self) -> bool:
        """Whether a process answers, whatever: before, connections only wait in the queue of the port."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asking):
            asking.request("GET", "/healthz")
            return asking.getresponse().status > 0
        return False


class World:
    """Where one run takes place: `DATA_DIR`, a database, with PostgreSQL a Redis, and what is started."""

    def __init__(self, folder: Path, *, database: str, disk: Path | None = None) -> None:
        """`disk` holds what a full disk is to hit: DATA_DIR, or with `database="disk"` PostgreSQL."""
        self.folder, self.disk = folder, disk
        self.clock = folder / "clock"
        self.on_postgresql = database != "sqlite"
        self.data = folder / "data" if database == "disk" or not disk else disk / "data"
        self.data.mkdir()
        self.services: list[Service] = []
        os.environ |= {
            "DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "DEMO": "1",
            "FAULTS_CLOCK": str(self.clock),
            "SECRET_KEY": "only-for-the-faults-only-for-the-faults-only-for-0",
        }
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        if self.on_postgresql:
            self.postgresql = Database(folder, disk if database == "disk" and disk else folder)
            self.redis = Redis(folder)
            self.services += [self.postgresql, self.redis]
            os.environ |= {"DATABASE_URL": self.postgresql.url, "REDIS_URL": self.redis.url}
            self.postgresql.make()
            self.redis.start()
        self.web = Web(folder)
        self.services.append(self.web)

    def ready(self) -> None:
        """Django in this process, on a database without a county; made once and kept for later runs."""
        kept = Path(os.environ.get("FAULTS_KEPT") or self.folder) / f"empty-{self.on_postgresql:d}"
        is_new = not kept.exists()
        if not is_new:
            self._bring(kept)
        import django  # noqa: PLC0415 - the environment first

        django.setup()
        from config.preparation import prepare  # noqa: PLC0415 - likewise

        prepare()
        if is_new:
            self._keep(kept)

    @property
    def _sqlite(self) -> Path:
        return self.data / "sanliang.sqlite3"

    def _bring(self, kept: Path) -> None:
        if self.on_postgresql:
            load = ("psql", "-q", "-o", "/dev/null", "-f", str(kept), self.postgresql.url)
            subprocess.run(load, check=True, stdout=subprocess.DEVNULL)
        else:
            shutil.copyfile(kept, self._sqlite)

    def _keep(self, kept: Path) -> None:
        if self.on_postgresql:
            subprocess.run(("pg_dump", "-f", str(kept), self.postgresql.url), check=True)
        else:
            with contextlib.closing(sqlite3.connect(self._sqlite)) as made:
                made.execute("VACUUM INTO ?", [str(kept)])

    def worker(self, name: str = "worker", processes: int = 2, **environment: str) -> Service:
        """Whoever takes jobs, as bin/services starts it."""
        if self.on_postgresql:
            who = ("-Q", "jobs", "--hostname", f"{name}@%h", "--concurrency", str(processes))
            command = (*CELERY, "worker", *who, *ALONE)
        else:
            command = (sys.executable, "manage.py", "work", "--processes", str(processes))
        return self._started(Service(name, self.folder, command, **environment))

    def timers(self) -> None:
        """What sends and runs tasks by the clock; without Redis the worker does it itself."""
        if self.on_postgresql:
            who = ("-Q", "timed", "--hostname", "timed@%h", "--concurrency", "1")
            self._started(Service("timed", self.folder, (*CELERY, "worker", *who, *ALONE)))
            beat = (*CELERY, "beat", "--loglevel", "warning", "--pidfile", "")
            self._started(Service("beat", self.folder, beat))

    def _started(self, service: Service) -> Service:
        service.start()
        self.services.append(service)
        return service

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "manage.py", *words)
        return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    def set_clock(self, seconds: float) -> None:
        """Let the clock of every process of the product be so many seconds ahead."""
        aside = self.clock.with_suffix(".new")
        aside.write_text(str(seconds))
        aside.rename(self.clock)

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        """Leave not a byte on the disk."""
        if self.disk is None:
            raise RuntimeError("this fault has no disk of its own")
        filler = self.disk / "filler"
        try:
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            yield
        finally:
            filler.unlink(missing_ok=True)

    def end(self) -> None:
        for service in reversed(self.services):
            service.stop()
