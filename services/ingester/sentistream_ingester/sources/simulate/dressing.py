"""What goes around the words of a post: emoji, hashtags, mentions, links, and the mark of a repost."""

# ruff: noqa: PLR2004 (likelihoods: each has its meaning from the line it stands in)

from collections.abc import Sequence
from random import Random

from sentistream_ingester.sources.simulate.authors import handle
from sentistream_ingester.sources.simulate.kind import Kind
from sentistream_ingester.sources.simulate.topics import Topic

_EMOJI = {
    Kind.POSITIVE: (
        "😍",
        "🥰",
        "😊",
        "😁",
        "🎉",
        "🙌",
        "❤️",
        "💙",
        "🔥",
        "👏",
        "✨",
        "😂",
        "🤩",
        "💪",
        "🙏",
        "😭❤️",
        "💯",
        "🥳",
    ),
    Kind.NEGATIVE: ("😡", "🤬", "😤", "😭", "💔", "🙄", "😒", "👎", "😩", "😞", "🤦", "😫", "🤮", "😠", "💀", "😢"),
    Kind.NEUTRAL: ("🤔", "👀", "📌", "👇", "🕐", "ℹ️", "🗓️", "🤷"),  # noqa: RUF001 (it is the emoji)
    Kind.IRONIC: ("🙃", "👏", "🙄", "😂", "👍", "🤡", "😌"),
    Kind.MIXED: ("😅", "🤷", "😬", "🙃", "😐", "🤔"),
}
_EMOJI_CHANCE = {Kind.POSITIVE: 0.4, Kind.NEGATIVE: 0.3, Kind.NEUTRAL: 0.12, Kind.IRONIC: 0.35, Kind.MIXED: 0.25}
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def dress(text: str, topic: Topic, kind: Kind, random: Random) -> str:
    """The text of a whole post."""
    chance = random.random
    form = chance()
    if form < 0.12:
        text = f"@{_one_of(topic.mentions, random)} {text}"
    elif form < 0.18:
        text = f"@{handle(random)} {text}"
    elif form < 0.22:
        text = f"{text} @{_one_of(topic.mentions, random)}"
    if chance() < _EMOJI_CHANCE[kind]:
        text = f"{text} {_emoji(topic, kind, random)}"
    if chance() < 0.34:
        text = f"{text} {_hashtags(topic, random)}"
    if chance() < (0.2 if kind is Kind.NEUTRAL else 0.07):
        text = f"{text} {link(random)}"
    if form > 0.95:
        text = f"RT @{handle(random)}: {text}"
    return text


def link(random: Random) -> str:
    """A shortened link; the domain is reserved and leads nowhere (RFC 2606)."""
    return "https://lnk.example/" + "".join(random.choices(_ALPHABET, k=7))


def _emoji(topic: Topic, kind: Kind, random: Random) -> str:
    feelings = _EMOJI[kind]
    pick = random.random()
    if pick < 0.2:
        return _one_of(topic.emoji, random)
    if pick < 0.4:
        return _one_of(feelings, random) + _one_of(topic.emoji, random)
    return _one_of(feelings, random) * (1 if pick < 0.8 else 2 if pick < 0.9 else 3)


def _hashtags(topic: Topic, random: Random) -> str:
    count = 1 + int(random.random() ** 2 * 3)
    return " ".join("#" + tag for tag in random.sample(topic.hashtags, count))


def _one_of(values: Sequence[str], random: Random) -> str:
    return values[int(random.random() * len(values))]
