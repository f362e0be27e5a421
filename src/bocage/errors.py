"""Exceptions of the library, raised only when the machine fails, never for what a file says.

::

    BocageError
    ├── SourceUnreadable      the bytes cannot be obtained (path missing, permission, disk)
    ├── WorkspaceFull         the disk or the memory allowed is exhausted
    └── Cancelled             the caller asked to stop (progress callback returned False)

A file with bad *content* is never an exception: it is a report whose findings say why
(see :mod:`bocage.findings`).
"""

__all__ = ["BocageError", "Cancelled", "SourceUnreadable", "WorkspaceFull"]


class BocageError(Exception):
    """Root of every exception that the library raises on purpose."""


class SourceUnreadable(BocageError):
    """The bytes of a source cannot be obtained. The message names the file, never its content."""


class WorkspaceFull(BocageError):
    """The work directory or the memory allowed is exhausted."""


class Cancelled(BocageError):
    """The caller asked to stop."""
