"""The embedded edition: one machine, SQLite, secrets generated beside the data, mail shown where it runs."""

from config import env
from config.mail import smtp
from config.settings.base import *
from config.settings.base import DATA_DIR

DEBUG = False
SECRETS_DIR = DATA_DIR / "secrets"
SECRET_KEY = env.text("SECRET_KEY", "") or env.local_secret(SECRETS_DIR, "django")
BOCAGE_MASTER_KEYS = env.words("BOCAGE_MASTER_KEYS") or env.local_secret(SECRETS_DIR, "master").split()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.words("ALLOWED_HOSTS")]
REGISTRY_SOURCES = env.words("REGISTRY_SOURCES", "demo recherche")
SMTP_HOST = env.text("SMTP_HOST", "")
MAILERS = {"default": smtp(SMTP_HOST) if SMTP_HOST else {"BACKEND": "config.mail.ShownMail"}}
MAIL_IS_SHOWN = not SMTP_HOST
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Bocage <bocage@localhost>")
