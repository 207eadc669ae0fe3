"""Robots of group chats: one POST of JSON each, and an answer that says whether it was taken.

DingTalk and WeCom answer 200 to what they refuse (too many messages, a wrong signature, a missing key word) and say so in the body, so
the body is read. Their messages are Markdown, `escape.markdown` makes foreign text harmless in it; Feishu's has text in parts that are
no markup.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from operations.alerts.choices import ChannelKind
from operations.alerts.escape import markdown
from operations.alerts.send.sent import Address, Letter, Sent
from snapshotter.webhooks.post import post

TIMEOUT: Final = (3.0, 5.0)  # seconds to connect, and to answer
_READ: Final = 16_384  # bytes of an answer
_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Snapshotter"}
_CODES: Final = ("errcode", "code", "StatusCode")  # each has its own; 0 is taken


@dataclass(frozen=True, slots=True)
class Robot:
    """`most` bytes of text; `ask` gives address and body; `pause` seconds between messages, by its limit a minute."""

    ask: Callable[[Address, Letter, int], tuple[str, dict[str, Any]]]
    most: int
    pause: float


def send(kind: str, address: Address, letter: Letter) -> Sent:
    """Send to a robot and judge its answer."""
    url, body = ROBOTS[ChannelKind(kind)].ask(address, letter, int(time.time()))
    try:
        answer = post(url, json.dumps(body, ensure_ascii=False).encode(), _HEADERS, read=_READ, timeout=TIMEOUT)
    except (requests.RequestException, HTTPError) as error:  # their texts hold the address, which is a secret
        return Sent(type(error).__name__)
    if answer.status != 200:
        return Sent(f"HTTP {answer.status}", answer.status)
    return Sent(_judged(answer.body), answer.status)


def _judged(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:  # UnicodeDecodeError is one too
        said = None
    codes = [said[name] for name in _CODES if name in said] if isinstance(said, dict) else []
    if not codes:
        return "the answer is not a robot's"
    code = codes[0]
    return "" if code == 0 and code is not False else f"refused: {code}"[:60]


def _dingtalk(address: Address, letter: Letter, now: int) -> tuple[str, dict[str, Any]]:
    url = address["url"]
    if address.get("secret"):
        stamp = f"{now}000"  # milliseconds
        signature = _signed(address["secret"].encode(), f"{stamp}\n{address['secret']}".encode())
        url += f"{'&' if '?' in url else '?'}{urlencode({'timestamp': stamp, 'sign': signature}, quote_via=quote_plus)}"
    text = _markdown(letter, ROBOTS[ChannelKind.DINGTALK].most, between="\n\n")
    return url, {
        "msgtype": "markdown",
        "markdown": {"title": markdown(letter.title), "text": text},
        "at": {"isAtAll": False},
    }


def _wecom(address: Address, letter: Letter, now: int) -> tuple[str, dict[str, Any]]:
    text = _markdown(letter, ROBOTS[ChannelKind.WECOM].most, between="\n")
    return address["url"], {"msgtype": "markdown", "markdown": {"content": text}}


def _feishu(address: Address, letter: Letter, now: int) -> tuple[str, dict[str, Any]]:
    lines = [*(f"{label}: {text}" for label, text in letter.head), *(f"• {text}" for text in letter.body)]
    tail = [part for part in (letter.todo, letter.mark) if part]
    kept = _fitting(lines, ROBOTS[ChannelKind.FEISHU].most - sum(_bytes(part) for part in tail))
    content: list[list[dict[str, str]]] = [[{"tag": "text", "text": line}] for line in [*kept, *tail]]
    if letter.link:
        content.append([{"tag": "a", "text": _("Open in Snapshotter"), "href": letter.link}])
    body: dict[str, Any] = {
        "msg_type": "post",
        "content": {"post": {"zh_cn": {"title": letter.title, "content": content}}},
    }
    if address.get("secret"):
        body |= {"timestamp": str(now), "sign": _signed(f"{now}\n{address['secret']}".encode(), b"")}
    return address["url"], body


def _markdown(letter: Letter, most: int, *, between: str) -> str:
    """Heading, facts, sentences, what to do, link; sentences give way where it would be too long."""
    head = [f"### {markdown(letter.title)}"]
    tail = [markdown(part) for part in (letter.todo,) if part]
    tail += [f"[{_('Open in Snapshotter')}]({letter.link})"] if letter.link else []
    tail += [markdown(letter.mark)]
    lines = [f"**{markdown(label)}**: {markdown(text)}" for label, text in letter.head]
    lines += [f"- {markdown(text)}" for text in letter.body]
    room = most - sum(_bytes(line) + len(between) for line in [*head, *tail])
    return between.join([*head, *_fitting(lines, room, len(between)), *tail])


def _fitting(lines: Iterable[str], room: int, between: int = 1) -> list[str]:
    """Return the first lines that fit into so many bytes, "…" for the others."""
    kept: list[str] = []
    room -= _bytes("…") + between
    for line in lines:
        room -= _bytes(line) + between
        if room < 0:
            return [*kept, "…"]
        kept.append(line)
    return kept


def _bytes(text: str) -> int:
    return len(text.encode())


def _signed(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, "sha256").digest()).decode()


ROBOTS: Final = {
    ChannelKind.DINGTALK: Robot(_dingtalk, 18_000, 3.0),  # 20,000 and 20 a minute
    ChannelKind.FEISHU: Robot(_feishu, 18_000, 0.6),  # 20 KB and 100 a minute
    ChannelKind.WECOM: Robot(_wecom, 3_900, 3.0),  # 4,096 and 20 a minute
}
