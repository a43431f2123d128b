"""The product's settings with the tests' app; a job that hangs is ended in a moment."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.office.slow.apps.SlowConfig"]
JOB_MINUTES_OF = {"tests.hanging": 1 / 60}
