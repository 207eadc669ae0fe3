"""The book: `make docs` builds docs/ into .cache/docs, and fails on any warning.

Pages are the Markdown that a forge shows, unchanged; docs/index.rst alone is for the book: it holds the tables of contents. Links between
pages, and their anchors, are checked by each build. Links to other sites are not, since a build must work without a network:
`python -m sphinx -b linkcheck docs .cache/linkcheck` looks at those.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

project = "Snapshotter"
author = "Snapshotter"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
html_theme = "furo"
html_title = "Snapshotter"
html_show_sphinx = False
html_copy_source = False
html_search_language = "both"
highlight_language = "text"
smartquotes = False  # words of the pages stay as they are there
myst_heading_anchors = 4  # as deep as our headings go

_DOCS = Path(__file__).resolve().parent
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")


class SearchBoth(SearchEnglish):
    """English by its stems, Chinese by its characters: the book has both, and no word list is needed."""

    lang = "both"
    language_name = "English and Chinese"
    js_splitter_code = r"""
function splitQuery(query) {
  return query.match(/[\u4e00-\u9fff]|[^\s\p{P}\u4e00-\u9fff]+/gu) || [];
}
"""

    def split(self, input: str) -> list[str]:
        return re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+", input)


def _stay_inside(app: Sphinx, page: str, source: list[str]) -> None:
    """Leave of a link to what is not in the book (the changelog, a folder, code) its words."""
    folder = (_DOCS / page).parent

    def kept(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        return link[0] if target.is_relative_to(_DOCS) and not target.is_dir() else link[1]

    source[0] = _LINK.sub(kept, source[0])


def setup(app: Sphinx) -> None:
    app.add_search_language(SearchBoth)
    app.connect("source-read", _stay_inside)
