"""Notes are written in Markdown (CommonMark): as HTML for pages, as plain text elsewhere."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_SCHEMES: Final = ("http", "https", "mailto")
# A note travels in feeds and exports, where a relative link leads nowhere.
_LINK: Final = re.compile(rf"(?:{'|'.join(_SCHEMES)}):", re.IGNORECASE)
# A note sits under an h3, so that its own outline begins at h4.
_HEADINGS: Final = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6", "h6": "h6"}


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - overrides the library's name
        """Leave as typed what would lose its address when cleaned, so that nothing disappears."""
        return _LINK.match(url) is not None


def _demote_headings(state: StateCore) -> None:
    for token in state.tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)


def _parser() -> MarkdownIt:
    # Most people who write notes don't know Markdown: the lines they type are the lines they get.
    parser = _Parser("commonmark", {"html": False, "breaks": True}).disable("image")
    parser.core.ruler.push("demote_headings", _demote_headings)
    return parser


_MARKDOWN: Final = _parser()  # 1 ms to build: once
_TAGS: Final = "a blockquote br code em h4 h5 h6 hr li ol p pre strong ul"
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},  # without "*" nh3 lets titles through
    url_schemes=set(_SCHEMES),
    url_relative="deny",
    link_rel="nofollow noopener ugc",
)


REMEMBERED = 500
"""Notes whose HTML a process keeps: entries never change, and a nasty note is slow to read once only."""


@lru_cache(maxsize=REMEMBERED)
def render(markdown: str) -> SafeString:
    """Return the note as HTML that is safe to put in a page: a short list of tags, no images.

    HTML in the note is shown, not obeyed. The parser already writes nothing else; nh3 cleans
    after it because a fault in either alone must not let a script in.
    """
    return mark_safe(_CLEANER.clean(_MARKDOWN.render(markdown)))  # noqa: S308 - just cleaned


@lru_cache(maxsize=REMEMBERED)
def plain(markdown: str) -> str:
    """Return the words of the note on one line, without markup, for feeds, CSV and meta tags.

    The result is text, not HTML: escape it where it is shown.
    """
    return " ".join("".join(_texts(_MARKDOWN.parse(markdown))).split())


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield from _texts(token.children)
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content
        if token.block:
            yield " "  # or the last word of a block would touch the first of the next
