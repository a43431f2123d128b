"""The product's settings, but a file of two rows is long, and five searches a minute are too many."""

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
IMPORT_BYTES_AT_ONCE = 0
EXPORT_ROWS_AT_ONCE = 1
RATE_LIMITS = [("GET", "/search/", 4)]
READY_SECONDS = READY_HOME_SECONDS = 0.0
