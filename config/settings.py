"""The one settings file; what differs between counties and machines comes from the environment.

docs/operations.md lists the variables.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF

import demo
from config import environment, object_storage

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = (BASE_DIR / environment.text("DATA_DIR", "var")).resolve()

DEBUG = environment.flag("DEBUG")
DEMO = environment.flag("DEMO")
COUNTY_NAME = environment.text("COUNTY_NAME", "示范县")
# What stands in the foot of every public page; what is empty is left out.
SITE_FOOT = {
    "contact": environment.text("SITE_CONTACT", "示范县政务服务中心一楼，电话000-0000000" if DEMO else ""),
    "supervision": environment.text("SITE_SUPERVISION_PHONE", "000-0000001" if DEMO else ""),
    "icp": environment.text("SITE_ICP", "示ICP备00000000号" if DEMO else ""),
    "police": environment.text("SITE_POLICE_RECORD", "示公网安备00000000000000号" if DEMO else ""),
    "code": environment.text("SITE_CODE", "0000000000" if DEMO else ""),
}
# Where several schemes have published results, the one whose result stands first; empty: the newest.
MAIN_SCHEME = environment.text("MAIN_SCHEME", demo.MAIN_SCHEME if DEMO else "")
# Hours without network after which a hall screen stops showing persons: somebody may have been taken down.
SCREEN_PERSONS_HOURS = float(environment.text("SCREEN_PERSONS_HOURS", "24"))
PORT = int(environment.text("PORT", "8000"))
PUBLIC_ORIGIN = environment.text("PUBLIC_ORIGIN", f"http://127.0.0.1:{PORT}").rstrip("/")
# Without https only in a hall's own network; the voter's page then says so on top.
HALL_WITHOUT_HTTPS = environment.flag("HALL_WITHOUT_HTTPS")
# A vote although the database keeps the order of votes (docs/anonymity.md): the public board then says so.
DATABASE_KEEPS_ORDER = environment.flag("DATABASE_KEEPS_ORDER")
# Seconds for which a shuffle asks again when somebody else holds the database.
SHUFFLE_PATIENCE = 40
# Ballots that a shuffle on PostgreSQL writes while voters wait; those of a larger box are written before.
SHUFFLED_AT_ONCE = 2000
# Off only where passphrases protect nothing real: unlocking then takes no second and no 256 MB.
STRONG_TALLY_KEYS = not DEBUG
# Days after the last publication of a round until `manage.py archive` lets its ballots leave the database,
# and its bundle this machine.
ARCHIVE_BALLOTS_DAYS = int(environment.text("ARCHIVE_BALLOTS_DAYS", "180"))
ARCHIVE_BUNDLES_DAYS = int(environment.text("ARCHIVE_BUNDLES_DAYS", "1095"))
# Keys never go through a storage: they have a folder of their own, for the account that runs the software.
KEYS_DIR = (BASE_DIR / environment.text("KEYS_DIR", str(DATA_DIR / "keys"))).resolve()
SECRET_KEY = environment.secret_key(KEYS_DIR, formerly=DATA_DIR)
# 127.0.0.1 is how the machine asks itself for /healthz; without it no container ever counts as healthy.
ALLOWED_HOSTS = [
    *environment.host_names("ALLOWED_HOSTS"),
    urlsplit(PUBLIC_ORIGIN).hostname or "",
    "127.0.0.1",
]
if DEMO or DEBUG:
    ALLOWED_HOSTS += ["localhost", "[::1]"]

INSTALLED_APPS = [
    "demo",
    "disclosure",
    "reports",
    "evaluations",
    "ratings",
    "benefits",
    "surveys",
    "casework",
    "departments",
    "office",
    "office.apps.WorkbenchConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
]
AUTH_USER_MODEL = "office.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "config.counting.Counting",
    "config.requests.Numbered",  # before all that may fail and log it
    "disclosure.site.ready.ReadyAnswers",  # whole answers, with everything the others add
    # First what every answer carries: static files, voters' pages and refusals included.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.voters.VotersApart",
    "office.middleware.NoNul",
    "office.middleware.RateLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "office.middleware.ClientAddress",
    "office.middleware.SignedIn",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["office.templatetags.dates", "office.templatetags.amounts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.county",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        environment.secret("DATABASE_URL", f"sqlite:///{DATA_DIR / 'sanliang.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time: IMMEDIATE makes writers queue for the lock instead of failing halfway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }
    # A file, because the worker that the journeys start is another process.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}

else:
    # A host that is lost without a word holds its locks until the server has noticed: after a minute.
    LOST_AFTER = {"idle": 30, "interval": 10, "count": 3}
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", " ".join(f"-c tcp_keepalives_{name}={value}" for name, value in LOST_AFTER.items())
    )

STATIC_URL = "/static/"
# In an image the static files lie beside the code, made once for all hosts.
STATIC_ROOT = (BASE_DIR / environment.text("STATIC_ROOT", str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PUBLISHED_ROOT = DATA_DIR / "published"
PRIVATE_ROOT = DATA_DIR / "private"
# Several hosts share these three, and KEYS_DIR, in a folder that all of them mount.
if environment.text("FILES_DIR"):
    MEDIA_ROOT, PUBLISHED_ROOT, PRIVATE_ROOT = (
        (BASE_DIR / environment.text("FILES_DIR")).resolve() / name
        for name in ("media", "published", "private")
    )
# Where everything outside the database is kept, one alias per kind; docs/operations.md lists what is in each.
FOLDER = "office.files.atomic.AtomicFolder"
OWN = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
STORAGES: dict[str, Any] = {
    "media": {"BACKEND": FOLDER, "OPTIONS": {"root": "MEDIA_ROOT", **OWN}},
    "published": {
        "BACKEND": FOLDER,
        "OPTIONS": {
            "root": "PUBLISHED_ROOT",
            "file_permissions_mode": 0o644,
            "directory_permissions_mode": 0o755,
        },
    },
    "private": {"BACKEND": FOLDER, "OPTIONS": {"root": "PRIVATE_ROOT", **OWN}},
    "default": {"BACKEND": FOLDER, "OPTIONS": {"root": "MEDIA_ROOT", **OWN}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStorage"
    },
}
if STORAGE_URL := environment.secret("STORAGE_URL"):
    STORAGES |= {
        alias: object_storage.storage(STORAGE_URL, alias) for alias in ("media", "published", "private")
    }
    STORAGES["default"] = STORAGES["media"]
# Where `manage.py backup` writes; a folder of another disk for a second copy; under what both are sealed.
BACKUP_DIR = (BASE_DIR / environment.text("BACKUP_DIR", str(DATA_DIR / "backups"))).resolve()
BACKUP_COPY_DIR = environment.text("BACKUP_COPY_DIR")
BACKUP_PASSPHRASE = environment.secret("BACKUP_PASSPHRASE")
for folder in (DATA_DIR, STATIC_ROOT):
    folder.mkdir(parents=True, exist_ok=True)

# --- Background work --------------------------------------------------------------------------
# What must not be lost lies in the jobs table, which is the queue. Without Redis `manage.py work` asks it;
# with Redis Celery's workers are told of each job, and `beat` of what is due by the clock.
REDIS_URL = environment.secret("REDIS_URL")
# Minutes after which a job is ended; generous: the longest were minutes on a slow machine.
JOB_MINUTES = int(environment.text("JOB_MINUTES", "60"))
JOB_MINUTES_OF = {"publication.render": 3 * JOB_MINUTES, "surveys.bundle": 3 * JOB_MINUTES}
TIMED_MINUTES = 60
# A worker sweeps every 15 seconds; after so many without a sweep it counts as stopped.
WORKER_SILENT_SECONDS = 120
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# May run on every host; one of them sends.
CELERY_BEAT_SCHEDULER = "office.jobs.beat:Beat"
# What runs by the clock has a queue and a worker of its own: no job may keep the sweep waiting.
CELERY_TASK_DEFAULT_QUEUE = "timed"
CELERY_TASK_ROUTES = {"office.run_job": {"queue": "jobs"}}
CELERY_TASK_TIME_LIMIT = TIMED_MINUTES * 60
# A message that found no worker in time is worthless: the next one does the same.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep-jobs": {"task": "office.sweep_jobs", "schedule": 15, "options": {"expires": 15}},
    "seal-audit": {"task": "office.seal_audit", "schedule": 300, "options": {"expires": 300}},
    "forget-sessions": {"task": "office.forget_sessions", "schedule": crontab(hour="3", minute="40")},
    "forget-files": {"task": "office.forget_files", "schedule": crontab(hour="3", minute="50")},
    "renew-publications": {
        "task": "disclosure.renew_publications",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "erase-comments": {"task": "disclosure.erase_comments", "schedule": crontab(hour="2", minute="0")},
    "late-rectifications": {
        "task": "evaluations.note_late_rectifications",
        "schedule": crontab(hour="1", minute="30"),
    },
    "follow-dispositions": {
        "task": "evaluations.follow_dispositions",
        "schedule": crontab(hour="0", minute="10"),
    },
    "follow-clocks": {"task": "casework.follow_the_clocks", "schedule": 600, "options": {"expires": 600}},
    "settle-ratings": {"task": "ratings.settle_past_days", "schedule": 1800, "options": {"expires": 1800}},
    "count-used-tickets": {
        "task": "ratings.count_used",
        "schedule": crontab(hour="0", minute="5"),
        "options": {"expires": 3600},
    },
    "surveys-nightly": {"task": "surveys.nightly", "schedule": crontab(hour="2", minute="10")},
}
CELERY_BROKER_URL = REDIS_URL or "memory://"
# Nobody waits long for a Redis that does not answer: jobs wait for the sweep, counts are kept in memory.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    # One try: left to itself the library waits six seconds between several, and a page with it.
    {
        "socket_connect_timeout": 2,
        "socket_timeout": 3,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    if REDIS_URL
    else {}
)
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "config.cache.RedisOrMemory",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "sanliang",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }

# --- A word outside ---------------------------------------------------------------------------
# Off unless a server is named. What is sent says that something waits, and never what.
EMAIL_HOST = environment.text("SMTP_HOST")
EMAIL_PORT = int(environment.text("SMTP_PORT", "465"))
EMAIL_HOST_USER = environment.text("SMTP_USER")
EMAIL_HOST_PASSWORD = environment.secret("SMTP_PASSWORD")
SMTP_SECURITY = environment.text("SMTP_SECURITY", "tls")  # tls, starttls, none
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP_SECURITY == "tls", SMTP_SECURITY == "starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("SMTP_FROM", EMAIL_HOST_USER)
NOTICE_MAIL = bool(EMAIL_HOST)
NOTICE_WEBHOOK = environment.secret("NOTICE_WEBHOOK")
if NOTICE_MAIL or NOTICE_WEBHOOK:
    CELERY_BEAT_SCHEDULE["nudge"] = {
        "task": "departments.nudge",
        "schedule": 60,
        "options": {"expires": 60},
    }

# --- Seen from outside -------------------------------------------------------------------------
# Without a token there is no /metrics.
METRICS_TOKEN = environment.secret("METRICS_TOKEN")
# Who is told of failed jobs, a silent worker, a full disk, a missing backup; never of persons.
ALARM_MAIL = environment.words("ALARM_MAIL")
ALARM_WEBHOOK = environment.secret("ALARM_WEBHOOK", NOTICE_WEBHOOK)
ALARMS = bool(ALARM_WEBHOOK or (ALARM_MAIL and EMAIL_HOST))
DISK_LOW_MB = int(environment.text("DISK_LOW_MB", "1024"))
if ALARMS:
    CELERY_BEAT_SCHEDULE["alarms"] = {
        "task": "departments.alarms",
        "schedule": 300,
        "options": {"expires": 300},
    }

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Security ---------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "office.accounts.passwords.CharacterKinds"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"

# Five wrong passwords lock a name for half an hour, from wherever they came: many officials share one
# address, and guessers have many. Only where its user came in lately does an address count for itself,
# so that nobody far away locks a county out. (What one address may try at all: RATE_LIMITS.)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = "office.accounts.services.what_a_lock_holds_for"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "office.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "office.accounts.client.address"
AXES_DISABLE_ACCESS_LOG = True  # the audit has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The demo's accounts are to log in at once; everywhere else privileged roles need their phone.
REQUIRE_TOTP = environment.flag("REQUIRE_TOTP", default=not (DEMO or DEBUG))
OTP_TOTP_ISSUER = f"{COUNTY_NAME}三亮工作台"

SESSION_ENGINE = "office.accounts.sessions"
SESSION_COOKIE_AGE = int(environment.text("IDLE_MINUTES", "30")) * 60
SESSION_LONGEST = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Officials' cookies never travel to the voters' paths /v/ and /b/ (YC-R6, ballots nobody can trace).
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/office/"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Messages in the session: the cookie of the default storage would be set for every path.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

HTTPS = not (DEMO or DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether every other host of the domain speaks HTTPS is not ours to say
    "security.W008",  # nginx sends plain HTTP on to HTTPS
    "security.W021",  # the preload list is for whole domains
]
# Headers of a proxy hold only where there is one: anybody else could set them.
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN] if PUBLIC_ORIGIN.startswith("https://") else []
CSRF_FAILURE_VIEW = "config.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# How often, in seconds, a process looks whether anything was published, and how long it keeps the home page.
READY_SECONDS = float(environment.text("READY_SECONDS", "1"))
READY_HOME_SECONDS = float(environment.text("READY_HOME_SECONDS", "5"))
# Per address and minute: every search, but only wrong passwords and codes.
# Never on /v/ and /b/, where thousands of voters share a carrier's address.
RATE_LIMITS = [
    ("GET", "/search/", 60),
    ("GET", "/check/", 30),
    ("POST", "/office/login/", 20),
    ("POST", "/office/account/verify/", 20),
    ("POST", "/office/account/password/", 20),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a grid of 112 units × 50 indicators, sent without its script
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
# Not the system's folder: what a killed process leaves of somebody's file goes the next night but one.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "work"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024  # one file of evidence in a ledger
IMPORT_BYTES_AT_ONCE = 256 * 1024  # a longer file is previewed by a job
EXPORT_ROWS_AT_ONCE = 5_000  # a longer list is written by a job
EXPORT_MOST_ROWS = 500_000

# --- Log ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_voters": {"()": "config.logs.NoVoterPaths"}, "traced": {"()": "office.trace.Traced"}},
    # In brackets the number of the request, and job-N where a job is at work.
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(trace)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_voters", "traced"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # WeasyPrint and fontTools report every property they skip.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        # Pillow tells what it reads in a photo, its place and camera: to no log, however much is logged.
        "PIL": {"level": "INFO"},
    },
}

# --- Faults to a Sentry of one's own ------------------------------------------------------------
if SENTRY_DSN := environment.secret("SENTRY_DSN"):
    from config import faults

    faults.start(SENTRY_DSN)
