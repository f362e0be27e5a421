"""Pages that are only read cannot write: a wrapper refuses anything but reads while a GET view runs."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

READS = re.compile(
    r"\s*(?:SELECT|WITH|EXPLAIN|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|PRAGMA|DECLARE|FETCH|CLOSE|SET\s)", re.I
)
SECURITY_TABLES = ("usersessions_usersession", "mfa_authenticator")
"""Sessions that are over are forgotten when the list is read; recovery codes note that they were seen."""
OWN_TABLES = (
    "django_session",
    "cache_entries",
    "account_emailaddress",
    "accounts_user",
    "registry_",
    "audit_",
    *SECURITY_TABLES,
)
"""Browser sessions, rate limits and the last sign-in may be written by any request; so may the registry's cache, and
the line of the journal that says what was downloaded."""


class WroteWhileReading(RuntimeError):
    """A GET view tried to change the database."""


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if not READS.match(sql) and not any(table in sql for table in OWN_TABLES):
        raise WroteWhileReading(sql[:80])
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Runs GET and HEAD views read-only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)
