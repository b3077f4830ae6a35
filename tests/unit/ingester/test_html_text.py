import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.html_text import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One<br>two<br />three</p><p>four</p>", "One\ntwo\nthree\nfour"),
        ("fish &amp; chips &lt;3 &amp;lt; &eacute;", "fish & chips <3 &lt; é"),
        ('<p><a href="https://a.example/@ada" class="u-url mention">@<span>ada</span></a> hi</p>', "@ada hi"),
        ('<a href="x"><span class="invisible">https://</span><span>a.exa</span></a>', "https://a.exa"),
        ('<p class="quote-inline">RE: <a href="x">x</a></p><p>so true</p>', "so true"),
        ('<p><span class="a quote-inline b">RE: x<br></span>so true</p>', "so true"),
        ("<script>alert(1)</script><style>p{}</style><!-- no -->yes", "yes"),
        ("<ul><li>a<li>b</ul><blockquote>c</blockquote>d", "a\nb\nc\nd"),
        ("  many \n\n spaces\t&nbsp; here ", "many spaces here"),
        ("<b>un<i>closed", "unclosed"),
        ("1 < 2 <![foo[x]> and <?php x ?> then", "1 < 2 and then"),
        (":blobcat: 🙂 <custom-element>kept</custom-element>", ":blobcat: 🙂 kept"),
        ("", ""),
    ],
)
def test_the_text_is_what_a_reader_sees(markup: str, text: str) -> None:
    assert text_of(markup) == text


@given(st.text())
def test_escaped_text_stays_what_it_is(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert text_of(escaped).split() == text.replace("\0", "\ufffd").split() or "\0" in text


@pytest.mark.parametrize(
    "markup", ["<div>" * 100_000, "<" * 1_000_000, "<a " * 100_000, "&amp;" * 200_000, "x" * 10**6]
)
def test_whatever_it_is_it_is_cut_to_a_bounded_length(markup: str) -> None:
    assert len(text_of(markup)) <= 40_000
