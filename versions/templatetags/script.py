"""Lines of scripts in templates: `{{ row.left|pieces }}`."""

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from versions.scripts.line_pieces import Line, Piece

register = template.Library()


@register.filter
def pieces(line: Line | None) -> SafeString:
    """Return a line's HTML: every text escaped, changed words in <mark>, colours as classes."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in line or ()))


def _piece(piece: Piece) -> SafeString:
    if piece.changed:
        return (
            format_html('<mark class="{}">{}</mark>', piece.css, piece.text)
            if piece.css
            else format_html("<mark>{}</mark>", piece.text)
        )
    return format_html('<span class="{}">{}</span>', piece.css, piece.text) if piece.css else escape(piece.text)
