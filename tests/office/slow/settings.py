"""The product's settings with the tests' app."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.office.slow.apps.SlowConfig"]
