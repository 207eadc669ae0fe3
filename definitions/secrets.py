"""Values that look secret, shown as a digest: equal stays visible, the value does not.

Recognised (docs/canonical-form.md lists them for readers): values under a secret looking key, also in parameter lists ({"prop": key,
"value": ..}), and inside text: those lists, user:password@ in URLs, user/password@ in Oracle's, password=.., password=[".."],
--password .., mysql -p.., sshpass -p .., curl -u user:.., IDENTIFIED BY '..', PASSWORD('..'), Authorization headers, PEM keys, cloud
access keys. References such as ${password} are no secrets.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from definitions.document import Document

Digest = Callable[[str], str]
HIDDEN: Final = "******"  # what newer DolphinScheduler releases, and we in log lines, show instead

_SECRET_KEY: Final = re.compile(
    r"(?:.*(?:password|passwd|passphrase|secret|token|apikey|accesskey|accesskeyid|accesskeysecret|secretkey|privatekey)"
    r"|pwd|credentials?|authorization|ak|sk)\Z"
)
_STAND_IN: Final = re.compile(r"secret:[0-9a-f]{12}")
# A name, or what a shell, DolphinScheduler or a template puts in; a password may begin with "$" too.
_REFERENCE: Final = re.compile(r"\$(?:\w+\Z|[\[({])|\{\{|`")
_NOT_SECRET: Final = frozenset({"tokenurl", "tokenizer", "secretname", "passwordfile"})
# Every pattern is linear: no prefix that could begin anywhere, and nothing scans beyond the next place it could begin at itself. A text may
# hold megabytes, and whoever publishes chooses it.
_NAME = (
    r"(?:password|passwd|pwd|secret|token|api[._-]?key|access[._-]?key(?:[._-]?(?:id|secret))?"
    r"|secret[._-]?key|private[._-]?key)"
)
_NO_STAND_IN = r"""(?!(?-i:secret:[0-9a-f]{12})(?:[\s'"&;,)<>{}$@]|\Z))"""  # it reads as a name and a value
_MYSQL = r"\b(?:mysql|mysqldump|mysqladmin|mysqlimport)\b"
_CURL = r"\bcurl\b"
_IN_COMMAND = r"(?:[^\n|;]|(?<=\\)\n|(?<=\\\r)\n)"  # a shell goes on after a line that ends with a backslash
_GAP = r"(?:\s|\\\r?\n)"
# The closing quote is no part of a match: it never fails after all was scanned, and a value that isn't closed is masked too.
_QUOTED = (
    r"""'(?P<single>(?:[^'\\\n]|\\[\s\S])+)|"(?P<double>(?:[^"\\\n]|\\[\s\S])+)"""
    r"""|\\+'(?P<inner_single>[^'\\\n]+)|\\+"(?P<inner_double>[^"\\\n]+)"""
)
_ITEM = r"""(?:'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|\\+'[^'\\\n]*\\+'|\\+"[^"\\\n]*\\+")"""
_LIST = rf"\[\s*(?P<items>{_ITEM}(?:\s*,\s*{_ITEM})*)"
_BARE = r"""(?P<bare>[^\s'"&;,)$<>{}](?:[^\s'"&;,)$<>{}]|\$\{[^{}\n]*\}|\$(?![({\[]))*)"""
_ITEMS: Final = re.compile(rf"(?:{_QUOTED})(?:\\*['\"])?")
_VALUE = rf"(?:{_LIST}|(?:\[\s*)?(?:{_QUOTED})|{_BARE})"
_PATTERNS: Final = (
    re.compile(
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?P<bare>(?:(?!-----BEGIN ).)+?)-----END [A-Z ]{0,30}PRIVATE KEY-----",
        re.DOTALL,
    ),
    re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@'\"]*:(?P<bare>[^\s@/'\"$][^\s/'\"]*)@", re.IGNORECASE),
    re.compile(
        r"\bauthorization['\"]?\s*+[:=]\s*+['\"]?(?:(?:bearer|basic|token)\s++)?+(?P<bare>[^\s'\"$,;][^\s'\",;]*)",
        re.IGNORECASE,
    ),
    re.compile(rf"""{_NO_STAND_IN}{_NAME}\\*['"]?\s*(?:=>|[=:])\s*{_VALUE}""", re.IGNORECASE),
    re.compile(
        rf"""\bprop\\*['"]\s*:\s*\\*['"][\w.-]{{0,100}}?{_NAME}\\*['"](?:(?!\bprop\b)[^{{}}])*?\bvalue\\*['"]\s*:\s*{_VALUE}""",
        re.IGNORECASE,
    ),
    re.compile(rf"--(?:password|passwd|token|secret)[= ]\s*{_VALUE}", re.IGNORECASE),
    re.compile(rf"{_MYSQL}(?:(?!{_MYSQL}){_IN_COMMAND})*?\s-p{_VALUE}"),
    re.compile(rf"\bsshpass(?:{_GAP}++(?:-v|-P{_GAP}*+[^\s\\]{{1,100}}+)){{0,3}}+{_GAP}++-p{_GAP}*+{_VALUE}"),
    re.compile(
        rf"""{_CURL}(?:(?!{_CURL}){_IN_COMMAND})*?\s(?:-\w{{0,20}}u|--user)[= ]?\s*['"]?[^\s:'"]{{1,200}}:"""
        r"""(?P<bare>[^\s'"$][^\s'"]*)"""
    ),
    re.compile(r"\bjdbc:oracle:\w{1,20}:[^\s/@'\"]{1,100}/(?P<bare>[^\s@/'\"$][^\s@/'\"]{0,199})@", re.IGNORECASE),
    re.compile(rf"\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?(?:{_QUOTED})", re.IGNORECASE),
    re.compile(rf"\bpassword\s*\(\s*(?:{_QUOTED})", re.IGNORECASE),
    re.compile(r"\b(?P<bare>(?:AKIA|ASIA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,26})\b"),
)
_GROUPS: Final = ("single", "double", "inner_single", "inner_double", "bare")


def is_secret_key(key: str) -> bool:
    """Whether a field of this name holds a secret: case, '-', '_' and '.' do not matter."""
    plain = re.sub(r"[-_.\s]", "", key.lower())
    return plain not in _NOT_SECRET and _SECRET_KEY.match(plain) is not None


def mask(value: Any, *, digest: Digest) -> Any:
    """Return the JSON value with secrets replaced by "secret:" and twelve hex digits of their digest."""
    return _walk(value, lambda secret: _stand_in(secret, digest))


def collect(value: Any, *, digest: Digest) -> dict[str, str]:
    """Return what `mask` would replace: the secret by what stands for it."""
    known: dict[str, str] = {}

    def note(secret: str) -> str:
        stand_in = _stand_in(secret, digest)
        known[stand_in] = secret
        return stand_in

    _walk(value, note)
    return known


def restore(value: Any, known: Mapping[str, str]) -> Any:
    """Return the JSON value with what `mask` put in replaced by the known secrets; unknown stand-ins stay."""
    if isinstance(value, str):
        return (
            _STAND_IN.sub(lambda match: known.get(match.group(), match.group()), value) if "secret:" in value else value
        )
    if isinstance(value, list):
        return [restore(item, known) for item in value]
    if isinstance(value, dict):
        return {key: restore(item, known) for key, item in value.items()}
    return value


def _stand_in(secret: str, digest: Digest) -> str:
    return f"secret:{digest(secret)[:12]}"


def mask_field(path: Sequence[str], value: Any, *, digest: Digest) -> Any:
    """Mask the value that stands below these keys, outermost first."""
    for key in reversed(path):
        value = {key: value}
    shown = mask(value, digest=digest)
    for key in path:
        shown = shown[key]
    return shown


def mask_text(text: str, *, replace: Callable[[str], str] = lambda secret: HIDDEN) -> str:
    """Return the text with the secrets inside it replaced."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: _without(match, replace), text)
    return text


def has_masked_values(document: Document) -> list[str]:
    """Return the paths whose value is a mask: content that must not be written back to DolphinScheduler."""
    parts = {"settings": document.settings, "tasks": document.tasks, "schedule": document.schedule}
    return [
        path for path, text in _texts(parts, "") if text == HIDDEN or ("secret:" in text and _STAND_IN.search(text))
    ]


def _walk(value: Any, replace: Callable[[str], str], *, is_secret: bool = False) -> Any:
    """`is_secret`: the key above, or the name beside it, says that a "value" in here is one."""
    if isinstance(value, str):
        return mask_text(value, replace=replace)
    if isinstance(value, list):
        return [_walk(item, replace) for item in value]
    if isinstance(value, dict):
        is_secret = is_secret or (isinstance(value.get("prop"), str) and is_secret_key(value["prop"]))
        return {
            key: _whole(item, replace)
            if item and (is_secret_key(str(key)) or (is_secret and key == "value"))
            else _walk(item, replace)
            for key, item in value.items()
        }
    return value


def _whole(value: Any, replace: Callable[[str], str]) -> Any:
    """An object under a secret key is looked into; a plain value, in a list too, is the secret, unless it refers to one or is a digest."""
    if isinstance(value, dict):
        return _walk(value, replace, is_secret=True)
    if isinstance(value, list):
        return [_whole(item, replace) if item else item for item in value]
    text = str(value)
    return value if isinstance(value, bool) or _is_reference(text) or _STAND_IN.fullmatch(text) else replace(text)


def _without(match: re.Match[str], replace: Callable[[str], str]) -> str:
    if match.groupdict().get("items"):
        start = match.start("items") - match.start()
        return match.group()[:start] + _ITEMS.sub(lambda item: _without(item, replace), match["items"])
    for name in _GROUPS:
        if name in match.re.groupindex and match[name] is not None:
            secret = match[name]
            if _is_reference(secret) or _STAND_IN.match(secret) or secret.startswith(HIDDEN):
                return match.group()
            start, end = match.start(name) - match.start(), match.end(name) - match.start()
            return match.group()[:start] + replace(secret) + match.group()[end:]
    return match.group()


def _is_reference(text: str) -> bool:
    return _REFERENCE.match(text) is not None or text == HIDDEN


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}.{number}")


def find(value: Any, *, digest: Digest) -> list[tuple[str, str]]:
    """Return (path, secret) of all that `mask` would replace, in the value's own order; the path's keys are joined by dots."""
    known = collect(value, digest=digest)
    return [
        (path, known[stand_in])
        for path, text in _texts(mask(value, digest=digest), "")
        if "secret:" in text
        for stand_in in _STAND_IN.findall(text)
        if stand_in in known
    ]
