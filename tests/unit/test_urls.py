"""The one form under which a source is known, and the form that people read."""

import unicodedata
from urllib.parse import quote

import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.links.urls import MAX_LENGTH, BadURL, display, normalise

MALI = (
    "https://www.malikunafoni.net/post/vienne-le-mali-plaide-pour-une-coopération-renforcée"
    "-contre-le-trafic-illicite-de-migrants"
)
CHUNKS = """
    https:// http:// example.org www. xn-- пример.рф é é ½ ß 。 % %4 %31 %c3%a9 %2E %2e %25 %252e
    %7e %E9 . .. / \\ ? & = # utm_a=1 fbclid=2 a=1 ; [ ] | { ' " @ : :443 :80 1 0x7f 127.0.0.1 [::1]
    ~ + 😀
""".split()  # noqa: SIM905
PIECES = st.sampled_from([*CHUNKS, " ", "\u00ad", "\u0301", "\u0338", "\u202e"])
URLISH = st.lists(PIECES, max_size=12).map("".join)
PATHS = st.lists(PIECES.filter(lambda piece: piece not in "#?\\"), max_size=8).map("".join)
ANY = st.text(max_size=60) | URLISH | URLISH.map("https://example.org/".__add__)
budget = settings(max_examples=100, deadline=None)


def known(url: str) -> str | None:
    try:
        return normalise(url)
    except BadURL:
        return None


@budget
@given(ANY)
@example("https://example.org/%4%31")
@example("https://example.org/?&utm_a=1&")
@example("https://example.org/a?b=\u0338c")
@example("https://foo.1../")
@example("https://example.org/\ud800")
def test_the_normal_form_is_its_own_ascii_and_short(url: str) -> None:
    form = known(url)  # and nothing but BadURL is raised
    if form is not None:
        assert normalise(form) == form
        assert form.isascii()
        assert form.startswith(("http://", "https://"))
        assert len(form) <= MAX_LENGTH


@budget
@given(PATHS)
def test_case_of_host_fragment_and_tracking_make_no_difference(path: str) -> None:
    form = known(f"https://example.org/{path}/")
    assert known(f" HTTPS://Example.ORG.:443/{path}/#part ") == form
    assert known(f"https://example.org/{path}/?utm_source=x&fbclid=y") == form


@budget
@given(ANY)
@example(MALI)
def test_composed_and_decomposed_unicode_are_the_same_source(url: str) -> None:
    assert known(unicodedata.normalize("NFD", url)) == known(unicodedata.normalize("NFC", url))


def test_a_typed_accent_equals_its_percent_encoding() -> None:
    encoded = quote(MALI, safe=":/")
    assert encoded != MALI
    assert normalise(MALI) == normalise(encoded) == encoded


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("www.example.org/x", "https://www.example.org/x"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("\u200ehttps://example.org/x\u200b\n", "https://example.org/x"),
        ("http://example.org:80", "http://example.org/"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("https://example.org/a/../%7euser/%c3%a9", "https://example.org/~user/%C3%A9"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/100%?a[0]=b|c", "https://example.org/100%25?a%5B0%5D=b%7Cc"),
        ("https://example.org/?b=2&utm_id=1&a=&B", "https://example.org/?b=2&a=&B"),
        ("https://example.org/?%75tm_id=1&hsCtaTracking=2", "https://example.org/"),
        ("https://example.org/?&a=1&", "https://example.org/?a=1"),
        ("https://example.org/?utm=1&gclids=2", "https://example.org/?utm=1&gclids=2"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://[2001:DB8::0:1]/", "https://[2001:db8::1]/"),
    ],
)
def test_normal_forms(url: str, form: str) -> None:
    assert normalise(url) == form


@pytest.mark.parametrize("other", ["http://example.org/x", "https://example.org/x/"])
def test_scheme_and_final_slash_name_other_resources(other: str) -> None:
    assert normalise(other) != normalise("https://example.org/x")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not an address",
        "somebody@example.org",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "data:text/html,x",
        "/x",
        "//example.org/x",
        "https://",
        "https://localhost/",
        "https://app.localhost/",
        "https://intranet/x",
        "https://a..b/",
        "https://.org/",
        "https://user@example.org/",
        "https://:password@example.org/",
        "https://example.org/a\nb",
        "https://example.org/a\x00b",
        "https://example.org:99999/",
        f"https://example.org/{'é' * 400}",
        f"https://example.org/?{'utm_id=1&' * 1000}",
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(BadURL):
        normalise(url)


def test_the_message_names_the_remedy() -> None:
    with override("en"), pytest.raises(BadURL, match="begins with http:// or https://"):
        normalise("ftp://example.org/")
    with override("en"), pytest.raises(BadURL, match=f"at most {MAX_LENGTH} characters"):
        normalise(f"https://example.org/{'x' * MAX_LENGTH}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (MALI, MALI),
        ("https://xn--e1afmkfd.xn--p1ai/%D1%8F?q=%D1%8F", "https://пример.рф/я?q=я"),
        ("https://xn--coopration-e7a.example.org:8080/", "https://coopération.example.org:8080/"),
        ("https://xn--pypal-4ve.com/", "https://xn--pypal-4ve.com/"),  # a Cyrillic а
        ("https://xn--80ak6aa92e.com/", "https://xn--80ak6aa92e.com/"),  # all Cyrillic, under .com
        ("https://unodc.xn--orgx-xq4c.jp/", "https://unodc.xn--orgx-xq4c.jp/"),  # .orgノx
        ("https://xn--gthub-n4a.com/", "https://xn--gthub-n4a.com/"),  # gıthub
        ("https://xn--igbh1gfa.org/", "https://الأمم.org/"),
        ("https://xn--12-c6t.org/", "https://xn--12-c6t.org/"),  # a slash that is none
        ("https://example.org/%E2%80%AEfdp", "https://example.org/%E2%80%AEfdp"),
        ("https://example.org/%E3%85%A4", "https://example.org/%E3%85%A4"),
        ("https://example.org/a%20b%2Fc%25", "https://example.org/a%20b%2Fc%25"),
        ("https://example.org/%E9t%C3%A9", "https://example.org/%E9té"),
        ("https://example.org/e%CC%81", "https://example.org/e%CC%81"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_display(url: str, shown: str) -> None:
    assert display(url) == shown


@budget
@given(ANY)
def test_what_is_shown_leads_to_the_same_source(url: str) -> None:
    assert known(display(url)) == known(url)
