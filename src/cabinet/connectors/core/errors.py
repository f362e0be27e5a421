"""What may go wrong with a tool, as codes: what a person reads of each is in ``bocage.wording``."""

from datetime import datetime
from enum import StrEnum
from typing import Final


class Failure(StrEnum):
    """Why a call, or a file, did not come through."""

    AUTH_REJECTED = "auth_rejected"
    MISSING_RIGHT = "missing_right"
    COMPANY_NOT_VISIBLE = "company_not_visible"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    PERIOD_REFUSED = "period_refused"
    LEDGER_NOT_EXPORTABLE = "ledger_not_exportable"
    REMOTE_JOB_FAILED = "remote_job_failed"
    UNEXPECTED_PAYLOAD = "unexpected_payload"
    NOT_A_FEC = "not_a_fec"
    NOT_A_DSN = "not_a_dsn"
    TOO_LARGE = "too_large"
    CONFIG_BLOCKED = "config_blocked"
    OUR_CONFIGURATION = "our_configuration"
    HOST_REFUSED = "host_refused"
    NO_CODE = "no_code"
    FOLDER_UNREACHABLE = "folder_unreachable"
    LINK_UNFINISHED = "link_unfinished"
    AGENT_SILENT = "agent_silent"
    NOT_USABLE = "not_usable"
    WORKER_FAILED = "worker_failed"


BLOCKING: Final = frozenset({Failure.AUTH_REJECTED, Failure.CONFIG_BLOCKED})
"""No call at all until a person acts."""
PASSING: Final = frozenset({Failure.UNAVAILABLE, Failure.RATE_LIMITED, Failure.AGENT_SILENT})
"""What may be over later by itself."""


class ConnectorError(Exception):
    """A call that failed. Its text is the code alone: nothing that a tool or a key says is ever quoted by a traceback.

    ``detail`` is a right, a reason or a vendor's sentence, already cleaned of secrets. ``retry_at``: not before.
    """

    def __init__(self, failure: Failure, detail: str = "", *, retry_at: datetime | None = None) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.detail = detail[:300]
        self.retry_at = retry_at


class ForbiddenCall(RuntimeError):
    """A call that the tool's own list does not allow: raised before a byte leaves."""


class RemoteJobGone(Exception):
    """The export that was asked for is no longer known, or its link has died: it is asked for again."""
