import re
from collections import Counter
from uuid import UUID

import pytest

from sentistream_core.post import decode_post, encode_post
from sentistream_ingester.sources.simulate.kind import Kind
from sentistream_ingester.sources.simulate.mood import kind_weights
from sentistream_ingester.sources.simulate.simulator import Draft, Simulator
from sentistream_ingester.sources.simulate.topics import Topic, topics


def drafts(seed: int, count: int) -> list[Draft]:
    simulator = Simulator(seed)
    return [simulator.draft() for _ in range(count)]


@pytest.fixture(scope="module")
def many() -> list[Draft]:
    return drafts(seed=7, count=20_000)


def test_the_same_seed_writes_the_same_in_the_same_order() -> None:
    assert drafts(3, 500) == drafts(3, 500)
    assert drafts(3, 500) != drafts(4, 500)


def test_simulators_of_one_seed_do_not_clash() -> None:
    first, second = Simulator(1).posts(200), Simulator(1).posts(200)
    assert [post.content for post in first] == [post.content for post in second]
    ids: list[UUID] = [post.id for post in first + second]
    assert len(set(ids)) == len(ids)
    assert {each.version for each in ids} == {7}


def test_posts_go_on_where_the_last_ones_ended() -> None:
    simulator = Simulator(5)
    in_two = [post.content for post in simulator.posts(30) + simulator.posts(70)]
    assert in_two == [draft.content for draft in drafts(5, 100)]


def test_every_post_can_be_read_by_a_worker() -> None:
    for post in Simulator(2).posts(2_000):
        fields = {name.encode(): value.encode() for name, value in encode_post(post).items()}
        assert decode_post("1-0", fields) == post


def test_hardly_a_post_is_said_twice(many: list[Draft]) -> None:
    assert len({draft.content for draft in many}) > 0.998 * len(many)


def test_all_kinds_of_all_topics_occur(many: list[Draft]) -> None:
    assert {(draft.topic, draft.kind) for draft in many} == {(topic.name, kind) for topic in topics() for kind in Kind}


def test_posts_have_the_marks_of_real_ones(many: list[Draft]) -> None:
    shares = {
        mark: sum(bool(re.search(pattern, draft.content)) for draft in many) / len(many)
        for mark, pattern in {
            "hashtag": r"#\w",
            "mention": r"@\w",
            "link": r"https://",
            "emoji": r"[\U0001f300-\U0001faff]",
            "repost": r"^RT @",
            "elongated": r"([a-zA-Z])\1\1",
            "lower case": r"^[^A-Z]*$",
            "two lines": r"\n",
        }.items()
    }
    assert all(0.01 < share < 0.6 for share in shares.values()), shares


def test_links_lead_nowhere(many: list[Draft]) -> None:
    addresses = [match for draft in many for match in re.findall(r"https?://([^/\s]+)", f"{draft.content} {draft.url}")]
    assert addresses
    assert all(address.endswith(".example") for address in addresses)


def test_posts_are_short_and_without_traces_of_the_grammar(many: list[Draft]) -> None:
    for draft in many:
        assert 3 < len(draft.content) < 500
        assert not re.search(r"[{}|]|\(\)|  ", draft.content), draft.content


def test_the_mood_of_a_topic_changes_over_time() -> None:
    simulator = Simulator(11)
    shares = []
    for _ in range(12):
        kinds = Counter(draft.kind for draft in (simulator.draft() for _ in range(5_000)) if draft.topic == "airlines")
        shares.append(kinds[Kind.POSITIVE] / kinds.total())
    assert max(shares) - min(shares) > 0.1


def test_a_better_mood_means_more_praise_and_less_anger() -> None:
    angry, happy = (dict(zip(Kind, kind_weights(mood), strict=True)) for mood in (-1.0, 1.0))
    assert happy[Kind.POSITIVE] > angry[Kind.POSITIVE]
    assert happy[Kind.NEGATIVE] < angry[Kind.NEGATIVE]


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_each_topic_has_all_it_takes(topic: Topic) -> None:
    assert topic.weight > 0
    assert len(set(topic.hashtags)) >= 5
    assert all(re.fullmatch(r"\w+", name) for name in [*topic.hashtags, *topic.mentions])
    assert topic.mentions
    assert topic.emoji
