"""Mail: plain text over the mail server of the settings."""

import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from operations.alerts.send.sent import Address, Letter, Sent

_DELIVERY: Final = "X-Snapshotter-Delivery"
_NONE: Final = "django.core.mail.backends.dummy.EmailBackend"


def send(address: Address, letter: Letter) -> Sent:
    """Send one mail to all addresses. Its Message-ID is the delivery's, so that most programs show a repetition once."""
    if settings.EMAIL_BACKEND == _NONE:
        return Sent("mail is not set up: EMAIL_URL")
    mail = EmailMessage(
        subject=letter.title[:200],
        body=text_of(letter),
        to=address["to"],
        headers={
            "Message-ID": f"<{letter.delivery}@snapshotter>",
            _DELIVERY: letter.delivery,
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        with get_connection() as connection:
            mail.connection = connection
            taken = mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a header that can't be sent
        code = getattr(error, "smtp_code", None)
        return Sent(type(error).__name__, code if isinstance(code, int) and 0 < code < 1_000 else None)
    return Sent() if taken else Sent("nobody took it")


def text_of(letter: Letter) -> str:
    """Return the message as plain text."""
    facts = "\n".join(f"{label}: {text}" for label, text in letter.head)
    body = "\n".join(f"- {text}" for text in letter.body)
    return "\n\n".join(part for part in (facts, body, letter.todo, letter.link, letter.mark) if part) + "\n"
