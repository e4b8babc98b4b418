"""Notes: Markdown in, harmless HTML or plain text out."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.notes import plain, render

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x]\n\n[x]: javascript:alert(1)",
    '[x](https://example.org "\\" onmouseover=alert(1) ")',
    "![x](https://example.org/x.png)",
    '![x" onerror="alert(1)](x)',
    '<a href="https://example.org" style="position:fixed" onclick=alert(1)>x</a>',
    '```html" onload="x\n<svg onload=alert(1)>\n```',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
]
TAGS = "a blockquote br code em h4 h5 h6 hr li ol p pre strong ul"
ATTRIBUTES = {"href", "rel", "start"}
NOTES = st.text(max_size=80) | st.lists(
    st.sampled_from(
        [*NASTY, "[x](", "<", ">", "`", "\n", "\n\n", "# ", "> ", "- ", '"', "&#0;", ")"]
    ),
    max_size=8,
).map("".join)
budget = settings(max_examples=100, deadline=None)


class OnlyHarmless(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS.split()
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert (dict(attrs).get("href") or "https:").startswith(("http:", "https:", "mailto:"))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def assert_harmless(rendered: str) -> None:
    parser = OnlyHarmless()
    parser.feed(rendered)
    parser.close()


@pytest.mark.parametrize("note", NASTY)
def test_nothing_harmful_is_rendered(note: str) -> None:
    assert_harmless(render(note))


@budget
@given(NOTES)
@example("".join(NASTY))
def test_nothing_harmful_is_rendered_from_anything(note: str) -> None:
    assert_harmless(render(note))


@budget
@given(NOTES)
def test_plain_text_is_one_line(note: str) -> None:
    assert plain(note) == " ".join(plain(note).split())


def test_html_is_shown_not_obeyed() -> None:
    assert render("a <b>b</b>") == "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n"


def test_lines_typed_are_lines_shown() -> None:
    assert render("one\ntwo") == "<p>one<br>\ntwo</p>\n"


def test_headings_sit_below_the_h3_of_the_page() -> None:
    assert render("# a\n## b\n###### c") == "<h4>a</h4>\n<h5>b</h5>\n<h6>c</h6>\n"


def test_links_gain_no_rank_and_no_handle_on_the_page() -> None:
    assert 'rel="nofollow noopener ugc"' in render("[x](https://example.org)")


def test_an_image_is_not_loaded_but_linked() -> None:
    assert 'href="https://example.org/x.png"' in render("![x](https://example.org/x.png)")


@pytest.mark.parametrize("link", ["[x](/admin/)", "[x](//example.org)", "[x](ftp://example.org)"])
def test_a_link_that_would_not_lead_there_stays_as_typed(link: str) -> None:
    assert render(link) == f"<p>{link}</p>\n"


def test_what_was_rendered_is_not_escaped_again() -> None:
    assert hasattr(render("x"), "__html__")


def test_plain_text_has_the_words_and_no_markup() -> None:
    note = "# Vienna\n- *one* [two](https://example.org)\n- `three`\nfour\n\n    five\n\n&eacute;"
    assert plain(note) == "Vienna one two three four five é"
