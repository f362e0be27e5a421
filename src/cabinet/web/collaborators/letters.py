"""The welcome letter. Its link is the only place where the secret stands in clear."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cabinet.accounts.invitations import DAYS, Sent
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import plural

logger = logging.getLogger(__name__)


def send_welcome(request: ActorRequest, sent: Sent) -> bool:
    """Send it; False when the mail server does not take it: the invitation stands, and can be sent again."""
    person = sent.invitation.collaborator
    context = {
        "person": person,
        "firm": request.actor.firm.name,
        "inviter": request.actor.collaborator,
        "url": request.build_absolute_uri(reverse("invitation", args=[sent.secret])),
        "valid_for": plural(DAYS, "jour"),
    }
    body = render_to_string("collaborators/email/welcome_message.txt", context)
    subject = render_to_string("collaborators/email/welcome_subject.txt", context).strip()
    try:
        EmailMessage(subject, body, to=[sent.invitation.sent_to]).send()
    except (OSError, SMTPException) as error:
        logger.warning("welcome letter not sent: %s", type(error).__name__)
        return False
    return True
