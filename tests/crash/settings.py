"""The embedded edition in a hurry: leases of seconds, a scheduler that looks each second, no figure to compute."""

from config.settings.dev import *
from config.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.crash.hurry.Hurry"]
IMPORT_FOLLOWERS: list[str] = []
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
