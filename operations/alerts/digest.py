"""The message of several events at once: what quiet hours held back, and the test of a channel."""

from collections import Counter
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations.alerts.choices import Carries, Kind, Severity
from operations.alerts.escape import plain
from operations.alerts.links import link_to
from operations.alerts.message import Message, compose, moment
from operations.alerts.models import AlertDelivery

MOST: Final = 20  # lines of a digest
_LOOKED_AT: Final = 2_000  # events; of more the rest is counted alone


def message_of(row: AlertDelivery) -> Message:
    """Return the message of any delivery. A digest of one event is that event's own message."""
    if row.carries == Carries.TEST:
        return _test(row)
    if row.carries != Carries.DIGEST:
        return compose(row)
    members = list(row.folded.order_by("id")[:_LOOKED_AT])
    if len(members) == 1:
        (only,) = members
        only.rule = row.rule
        return compose(only)
    with translation.override(row.rule.language if row.rule else settings.LANGUAGE_CODE):
        return _digest(row, members)


def _digest(row: AlertDelivery, members: list[AlertDelivery]) -> Message:
    """The gravest first; what is alike in one line, with how often."""
    times = Counter(member.alike for member in members)
    newest = {member.alike: member for member in members}
    ordered = sorted(newest.values(), key=lambda member: (list(Severity).index(Severity(member.severity)), member.pk))
    left = len(ordered) - MOST
    title = ngettext("%(count)s alert of the quiet hours", "%(count)s alerts of the quiet hours", row.events)
    return {
        "title": title % {"count": row.events},
        "facts": [],
        "sentences": [plain(_line(member, times[member.alike], row), 300) for member in ordered[:MOST]],
        "more": _("and %(count)s more") % {"count": left} if left > 0 else "",
        "next": _("The page shows each of them."),
        "link": link_to(reverse("alerts:delivery", args=[row.pk])),
        "data": {"kind": "digest", "severity": row.severity, "events": row.events, "target": ""},
    }


def _line(member: AlertDelivery, times: int, row: AlertDelivery) -> str:
    values = {"severity": Severity(member.severity).label, "what": Kind(member.kind).label, "target": member.target}
    text = _("[%(severity)s] %(what)s: %(target)s") % values
    often = ngettext("%(count)s time", "%(count)s times", times) % {"count": times} if times > 1 else ""
    return " · ".join(part for part in (text, often, moment(member.created_at, row)) if part)


def _test(row: AlertDelivery) -> Message:
    """In both languages: who reads it may have chosen either."""
    english, chinese = "Test message: alerts reach this channel.", "测试消息：告警可以送达本通道。"
    return {
        "title": "Snapshotter",
        "facts": [["Channel", plain(row.channel.name)], ["When", moment(timezone.now(), row)]],
        "sentences": [english, chinese],
        "more": "",
        "next": "",
        "link": link_to(reverse("alerts:channel", args=[row.channel_id])),
        "data": {"kind": "test", "severity": row.severity, "events": 1, "target": ""},
    }
