"""Settings from the environment, typed. Each reader names the variable when a value cannot be used."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable, else the content of the file that ``NAME_FILE`` points to, else the default."""
    if name in os.environ:
        return os.environ[name]
    if file_name := os.environ.get(f"{name}_FILE"):
        return Path(file_name).read_text(encoding="utf-8").strip()
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return default


def flag(name: str, *, default: bool) -> bool:
    """``1, true, yes, on`` or ``0, false, no, off``."""
    value = text(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value}: expected yes or no")


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """A whole number, at least ``minimum``."""
    raw = text(name, str(default)).strip()
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw}: expected a whole number") from None
    if value < minimum:
        raise ImproperlyConfigured(f"{name}={raw}: at least {minimum}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return [word for word in text(name, default).replace(",", " ").split() if word]


def database(url: str) -> dict[str, object]:
    """``sqlite:///path`` or ``postgresql://user:password@host:port/name`` as a Django database."""
    parts = urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path.lstrip("/") or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # Pages ask short questions of many tables: compiling their plans takes longer than running them.
            "OPTIONS": {"options": "-c jit=off"},
        }
    raise ImproperlyConfigured(f"DATABASE_URL: unknown scheme {parts.scheme!r}")


def local_secret(directory: Path, name: str, *, size: int = 48) -> str:
    """A secret kept in a file that only the service can read, made the first time."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
            handle.write(secrets.token_urlsafe(size))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
