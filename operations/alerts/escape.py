"""Foreign text made harmless where a robot reads Markdown or tags: names may hold links, mentions, line feeds.

DingTalk and WeCom publish no way to escape, and their programs differ. So what could begin markup is shown by the full-width letter of
the same look: it reads the same, and no program takes it for markup. Feishu, mail and webhooks have plain text and need none of this.
"""

from typing import Final

from versions.wording.plain_text import one_line

_LOOKS: Final = str.maketrans(
    {
        **{"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "~": "～", "|": "｜", "\\": "＼"},
        **{"@": "＠", "#": "＃"},
    }
)


def plain(text: str, most: int = 500) -> str:
    """Return one line without controls, cut."""
    line = one_line(text[: 4 * most])
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def markdown(text: str) -> str:
    """Return the text so that it is no markup, mention or link."""
    return text.translate(_LOOKS).replace("://", ":／／").replace("__", "＿＿")
