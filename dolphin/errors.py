"""What a call to DolphinScheduler can end in.

DolphinError
├── DolphinUnavailable       no connection, or a read that timed out: try again later
├── DolphinUnauthorized      401: the token is missing, wrong, expired, or its user disabled
├── DolphinRejected          a refusal with DolphinScheduler's own number
├── DolphinUnknownOutcome    a write that may or may not have been done: look before doing anything
└── DolphinUnexpected        an answer that is not DolphinScheduler's: HTML, wrong shape, too large
"""

from typing import ClassVar


class DolphinError(Exception):
    """`code` is stable; `permanent`: the same call would fail again."""

    code: ClassVar[str] = "dolphin_error"
    permanent: ClassVar[bool] = False
    dolphin_code: int | None = None


class DolphinUnavailable(DolphinError):
    code = "dolphin_unavailable"


class DolphinUnauthorized(DolphinError):
    code = "dolphin_unauthorized"
    permanent = True


class DolphinRejected(DolphinError):
    """`dolphin_message` is for people only: its language depends on the server's user, so it is never parsed."""

    code = "dolphin_rejected"
    permanent = True

    def __init__(self, dolphin_code: int, dolphin_message: str) -> None:
        self.dolphin_code = dolphin_code
        self.dolphin_message = dolphin_message
        super().__init__(f"DolphinScheduler refused with {dolphin_code}: {dolphin_message}")


class DolphinUnknownOutcome(DolphinError):
    """`dolphin_code` None: no answer came, so DolphinScheduler may still be at work. Else it has answered with a code that says nothing."""

    code = "dolphin_unknown_outcome"

    def __init__(self, text: str, *, dolphin_code: int | None = None) -> None:
        self.dolphin_code = dolphin_code
        super().__init__(text)


class DolphinUnexpected(DolphinError):
    code = "dolphin_unexpected"
