"""How mail leaves: through a mail server, or, when there is none, written as it reads where Bocage runs."""

from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

from config import env

RULE = "-" * 72


class ShownMail(EmailBackend):
    """Django's own writes the bytes of a message, where a long link is cut in two and nobody can follow it."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"{RULE}\nÀ : {', '.join(message.to)}\nObjet : {message.subject}\n\n{message.body}\n{RULE}\n")


def smtp(host: str) -> dict[str, Any]:
    """The mail server of ``SMTP_HOST`` and its companions."""
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": host,
            "port": env.integer("SMTP_PORT", 587),
            "username": env.text("SMTP_USER", ""),
            "password": env.text("SMTP_PASSWORD", ""),
            "use_tls": env.flag("SMTP_TLS", default=True),
            "timeout": 10,
        },
    }
