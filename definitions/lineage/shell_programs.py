"""Programs known to touch no table, and how some of them can be made to run another one. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from definitions.lineage.model import word_set

HARMLESS: Final = word_set(
    ": echo printf cd export set unset sleep date exit return true false test [ [[ mkdir rm rmdir ls cat grep egrep fgrep zgrep awk sed"
    " cut tr head tail wc sort uniq tee basename dirname expr let local declare typeset readonly read shift break continue fi done esac"
    " case for select function trap wait kill pwd which type chmod chown touch cp mv find tar gzip gunzip zip unzip ping hostname"
    " whoami id ulimit alias seq curl wget mail sendmail df du ps file stat md5sum sha256sum jq paste split diff cmp ln mktemp yes"
    " umask pushd popd logger shopt in mapfile readarray getopts"
)
# What may make a program run another one, or bring in words that are not here: among its options, and in its other words.
_NEVER: Final = re.compile(r"(?!)")
_SED: Final = r"[^\w\s][gpimIM0-9]*e[gpimIM0-9]*\s*(?:\Z|[;}\n])|(?:\A|[;{\n0-9$])[ \t]*e\b"
_RUNNING: Final[Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]] = {
    "find": (re.compile(r"-exec|-ok"), _NEVER),
    "awk": (
        re.compile(r"-f|-i|-l|-E|--(?:file|include|load|exec|source)"),
        re.compile(r"system|getline|@\w+|(?<!\|)\|(?!\|)(?!\Z)"),
    ),
    "sed": (re.compile(rf"-[a-zA-Z]*f|--file|.*?(?:{_SED})", re.DOTALL), re.compile(_SED)),
    "tar": (
        re.compile(r"--(?:to-c|check|use|rmt|rsh|info|new)|-[a-zA-Z]*[IF]"),
        re.compile(r"\A(?=[cxtru])[a-zA-Z]{0,8}[IF][a-zA-Z]{0,8}\Z"),
    ),
    "sort": (re.compile(r"--comp"), _NEVER),
    "split": (re.compile(r"--filt"), _NEVER),
    "zip": (re.compile(r"-TT|--unzip"), _NEVER),
    "alias": (_NEVER, re.compile(r"\A\w+=")),
    "mapfile": (re.compile(r"-[a-zA-Z]*C"), _NEVER),
    "readarray": (re.compile(r"-[a-zA-Z]*C"), _NEVER),
}


def runs_others(name: str, words: list[str]) -> bool:
    """Whether a harmless program is told, or may be told, to run another one."""
    options, others = _RUNNING.get(name, (_NEVER, _NEVER))
    return any(options.match(word) if word.startswith("-") else others.search(word) for word in words[1:])
