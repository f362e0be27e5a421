"""The server edition: every secret comes from the environment, HTTPS only."""

from config import env
from config.mail import smtp
from config.settings.base import *

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
BOCAGE_MASTER_KEYS = env.words("BOCAGE_MASTER_KEYS") or [env.text("BOCAGE_MASTER_KEYS")]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SILENCED_SYSTEM_CHECKS = ["security.W021"]
"""Preloading binds the whole domain in browsers for good: its owner asks for it, not the software."""
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

MAILERS = {"default": smtp(env.text("SMTP_HOST", "localhost"))}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Bocage <no-reply@localhost>")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
