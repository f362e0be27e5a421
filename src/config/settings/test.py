"""The suite: a throw-away data directory, tasks run inline, the demo registry, no outside call."""

import atexit
import shutil
import tempfile
from pathlib import Path

from config import env
from config.settings.base import *
from config.settings.base import TASKS, TEMPLATES

DEBUG = False
SECRET_KEY = "test-only"  # noqa: S105
BOCAGE_MASTER_KEYS = ["dGVzdC1vbmx5LW1hc3Rlci1rZXktMDEyMzQ1Njc4OQ"]
ALLOWED_HOSTS = ["*"]
DATA_DIR = Path(tempfile.mkdtemp(prefix="bocage-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
STORAGE_DIR = DATA_DIR / "storage"
WORK_DIR = DATA_DIR / "work"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
DATABASES = {"default": env.database(env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'test.sqlite3'}"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in the embedded edition: each thread of a live server then has a connection of its own.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "suite.sqlite3"}
# Else each browser of a test would list every static file of npm again before its first page.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {**TASKS["default"], "BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
REGISTRY_SOURCES = ["demo"]
CONNECTORS_LOCAL_HOSTS = True
PENNYLANE_URL = MYUNISOFT_URL = SILAE_URL = OPENPAYE_URL = CHIFT_URL = "http://127.0.0.1:9"
SILAE_TOKEN_URL = f"{SILAE_URL}/token"
REGISTRY_STOCK_DIR = DATA_DIR / "sirene"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
DEFAULT_FROM_EMAIL = "Bocage <bocage@localhost>"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦undefined:%s⟧"
