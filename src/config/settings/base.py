"""What every edition shares. ``dev`` is the embedded edition, ``prod`` the server one, ``test`` the suite."""

from pathlib import Path

from django.utils.csp import CSP

from config import env

ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = Path(env.text("BOCAGE_DATA_DIR", str(ROOT / "var"))).resolve()

INSTALLED_APPS = [
    "cabinet",
    "cabinet.audit",
    "cabinet.keys",
    "cabinet.jobs",
    "cabinet.accounts",
    "cabinet.portfolios",
    "cabinet.registry",
    "cabinet.clients",
    "cabinet.imports",
    "cabinet.dossiers",
    "cabinet.reference_updates",
    "cabinet.carbon",
    "cabinet.connectors",
    "cabinet.vsme",
    "cabinet.onboarding",
    "cabinet.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "cabinet.web.headers.PermissionsPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cabinet.web.actor.ActorMiddleware",
    "cabinet.web.account.second_factor.SecondFactorMiddleware",
    "cabinet.web.readonly.ReadOnlyGetMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "src" / "cabinet" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cabinet.web.shell.shell",
            ],
            "builtins": ["cabinet.web.templatetags.bocage", "cabinet.web.templatetags.drawings"],
            "libraries": {
                "bocage": "cabinet.web.templatetags.bocage",
                "drawings": "cabinet.web.templatetags.drawings",
            },
        },
    },
]

DATABASES = {"default": env.database(env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'bocage.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cabinet.accounts.actors.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cabinet.web.account.passwords.StrengthValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "cabinet.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MAIL_IS_SHOWN = False
"""Whether mail is written where Bocage runs, because there is no mail server."""
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
"""A firm signs in from one address in the morning: success is not what is rare, failure is."""
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("BOCAGE_TRUSTED_PROXIES", 0)

MFA_ADAPTER = "cabinet.web.account.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Bocage"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = env.integer("BOCAGE_SESSION_HOURS", 10, minimum=1) * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

FORM_RENDERER = "cabinet.web.components.controls.FormRenderer"
CSRF_FAILURE_VIEW = "cabinet.web.errors.expired_form"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = Path(env.text("BOCAGE_NODE_MODULES", str(ROOT / "node_modules")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cabinet.web.npm.NamedFilesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TASKS = {
    "default": {
        "BACKEND": env.text("TASKS_BACKEND", "django_tasks_db.DatabaseBackend"),
        "QUEUES": ["interactive", "batch"],
    }
}
RABBITMQ_URL = env.text("RABBITMQ_URL", "amqp://guest:guest@localhost:5672//")
RABBITMQ_PREFIX = env.text("RABBITMQ_PREFIX", "bocage")
IMPORT_FOLLOWERS = ["cabinet.dossiers.tasks.refresh_after_import", "cabinet.carbon.tasks.refresh_after_change"]
"""Dotted paths called with an import's id once it is accepted or removed: a check resolves them at start."""

STORAGE_DIR = DATA_DIR / "storage"
WORK_DIR = Path(env.text("BOCAGE_WORK_DIR", str(DATA_DIR / "work")))

MEGABYTE = 1024 * 1024
UPLOAD_MAX_FILE_BYTES = env.integer("UPLOAD_MAX_FILE_MB", 512, minimum=1) * MEGABYTE
UPLOAD_MAX_DSN_BYTES = env.integer("UPLOAD_MAX_DSN_MB", 100, minimum=1) * MEGABYTE
ARCHIVE_MAX_UNPACKED_BYTES = env.integer("ARCHIVE_MAX_UNPACKED_MB", 2048, minimum=1) * MEGABYTE
ARCHIVE_MAX_MEMBERS = env.integer("ARCHIVE_MAX_MEMBERS", 500, minimum=1)
PULL_MAX_FEC_BYTES = env.integer("PULL_MAX_FEC_MB", 512, minimum=1) * MEGABYTE
PULL_MAX_DSN_BYTES = env.integer("PULL_MAX_DSN_MB", 50, minimum=1) * MEGABYTE
UPLOAD_MAX_FILES = 200
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
FILE_UPLOAD_HANDLERS = ["cabinet.web.uploads.EncryptingUploadHandler"]
DRAFT_DAYS = 14

METRICS_TOKEN = env.text("METRICS_TOKEN", "").strip()
"""What Prometheus sends to read ``/metrics``; without one there is no such page."""

REGISTRY_SOURCES = env.words("REGISTRY_SOURCES", "recherche")
REGISTRY_STOCK_DIR = Path(env.text("REGISTRY_STOCK_DIR", str(DATA_DIR / "sirene")))
REGISTRY_RECHERCHE_URL = env.text("REGISTRY_RECHERCHE_URL", "https://recherche-entreprises.api.gouv.fr")
REGISTRY_INSEE_URL = env.text("REGISTRY_INSEE_URL", "https://api.insee.fr/api-sirene/3.11")
REGISTRY_INSEE_KEY = env.text("REGISTRY_INSEE_KEY", "").strip()
REGISTRY_TIMEOUT_SECONDS = 3.0
FACTORS_URL = env.text("FACTORS_URL", "https://data.ademe.fr/data-fair/api/v1/datasets/base-carboner")
CONNECTORS_LOCAL_HOSTS = False
"""Whether an address that somebody typed may lead to this machine, in clear: the suite alone says yes."""
DROP_DIR = env.text("BOCAGE_DROP_DIR", "").strip()
PENNYLANE_URL = env.text("PENNYLANE_URL", "https://app.pennylane.com/api/external/firm/v1")
MYUNISOFT_URL = env.text("MYUNISOFT_URL", "https://api.myunisoft.fr/api/v1")
MYUNISOFT_THIRD_PARTY_SECRET = env.text("MYUNISOFT_THIRD_PARTY_SECRET", "").strip()
SILAE_URL = env.text("SILAE_URL", "https://payroll-api.silae.fr/payroll")
SILAE_TOKEN_URL = env.text("SILAE_TOKEN_URL", "https://payroll-api-auth.silae.fr/oauth2/v2.0/token")
SILAE_SCOPE = env.text(
    "SILAE_SCOPE", "https://silaecloudb2c.onmicrosoft.com/36658aca-9556-41b7-9e48-77e90b006f34/.default"
)
OPENPAYE_URL = env.text("OPENPAYE_URL", "https://api.openpaye.co")
CHIFT_URL = env.text("CHIFT_URL", "https://api.chift.eu")
CHIFT_CLIENT_ID = env.text("CHIFT_CLIENT_ID", "").strip()
CHIFT_CLIENT_SECRET = env.text("CHIFT_CLIENT_SECRET", "").strip()
CHIFT_ACCOUNT_ID = env.text("CHIFT_ACCOUNT_ID", "").strip()
REGISTRY_CONTACT = env.text("REGISTRY_CONTACT", "https://github.com/bocage")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("BOCAGE_LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}

READER_MEMORY = env.text("BOCAGE_READER_MEMORY", "400MB")
"""Memory that one reading of a FEC may take inside DuckDB."""
