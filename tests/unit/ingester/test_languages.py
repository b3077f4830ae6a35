from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.change import Deletion
from sentistream_core.post import Post
from sentistream_ingester.languages import Languages, LanguageSettings, chosen_languages, primary
from sentistream_ingester.source import Skipped

ID = UUID("0190b5a2-0000-7000-8000-000000000001")
SAMPLES = [line.split("\t") for line in (Path(__file__).parents[2] / "languages/posts.tsv").read_text().splitlines()]
WRITTEN_ALIKE = {"da": "sv", "ms": "id", "sr": "ru"}
"""Of a short post even a reader may not tell which of the two it is."""


def post(content: str, lang: str | None = None, revision: str | None = None) -> Post:
    return Post(ID, content, "test", datetime(2026, 5, 4, tzinfo=UTC), lang=lang, revision=revision)


@pytest.fixture(scope="module")
def languages() -> Languages:
    return chosen_languages(LanguageSettings())


@pytest.fixture(scope="module")
def every() -> Languages:
    return chosen_languages(LanguageSettings(ingester_languages="all"))


def test_english_passes_and_nothing_else_does(languages: Languages) -> None:
    for lang, text in SAMPLES:
        (said,) = languages.sorted_out(post(text))
        assert isinstance(said, Post if lang == "en" else Skipped), text


def test_each_language_is_identified(every: Languages) -> None:
    found = []
    for _, text in SAMPLES:
        (said,) = every.sorted_out(post(text))
        assert isinstance(said, Post)
        found.append(WRITTEN_ALIKE.get(said.lang or "", said.lang))
    assert found == [lang for lang, _ in SAMPLES]


def test_the_text_counts_and_not_what_the_platform_says(languages: Languages) -> None:
    (german,) = languages.sorted_out(post("Endlich Wochenende und die Sonne scheint", lang="en"))
    (english,) = languages.sorted_out(post("finally the weekend and the sun is out", lang="de-AT"))
    assert german == Skipped("language", "de")
    assert isinstance(english, Post)
    assert english.lang == "en"


@pytest.mark.parametrize("text", ["🎉🎉", "😭", "100", "https://example.com @ann #wow"])
@pytest.mark.parametrize(("claimed", "passes"), [("en-GB", True), (None, True), ("ja", False)])
def test_where_the_text_does_not_tell_the_platform_does(
    languages: Languages, text: str, claimed: str | None, *, passes: bool
) -> None:
    (said,) = languages.sorted_out(post(text, lang=claimed))
    assert isinstance(said, Post) == passes


def test_an_edit_into_another_language_takes_the_post_away(languages: Languages) -> None:
    said = list(languages.sorted_out(post("Endlich Wochenende und die Sonne scheint", revision="2")))
    assert said == [Skipped("language", "de"), Deletion(ID)]


def test_several_languages() -> None:
    languages = chosen_languages(LanguageSettings(ingester_languages="en,de"))
    (german,) = languages.sorted_out(post("Endlich Wochenende und die Sonne scheint"))
    assert isinstance(german, Post)
    assert german.lang == "de"


@given(st.text(st.characters(), max_size=80))
def test_any_text_has_a_language_or_none(every: Languages, text: str) -> None:
    (said,) = every.sorted_out(post(text))
    assert isinstance(said, Post)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("pt-BR", "pt"), ("EN", "en"), ("zh_Hans", "zh"), ("", "und"), ("klingonese!", "und"), ("ü", "und")],
)
def test_the_language_of_a_tag(tag: str, language: str) -> None:
    assert primary(tag) == language
