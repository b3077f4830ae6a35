"""Does the model say today what it said yesterday? A shift of the posts, of the model, or of who writes."""

from observability.board import Board
from observability.panels import above, graph, number
from observability.queries import WORKER, mean, total_rate

_POSTS = "sentistream_posts_processed_total"
_SCORE = "sentistream_sentiment_score"


def _share(label: str, window: str) -> str:
    labelled = f'label="{label}",{WORKER}'
    return f"{total_rate(_POSTS, labelled, window=window)} / {total_rate(_POSTS, WORKER, window=window)}"


def _shares(window: str) -> str:
    by_label = total_rate(_POSTS, WORKER, by="label", window=window)
    return f"({by_label} / on() group_left() {total_rate(_POSTS, WORKER, window=window)})"


def _unsure(window: str) -> str:
    unsure = total_rate(f"{_SCORE}_bucket", f'le="0.6",{WORKER}', window=window)
    return f"{unsure} / {total_rate(f'{_SCORE}_count', WORKER, window=window)}"


def _distribution(window: str) -> str:
    """The scores' cumulative distribution, by `le`."""
    by_bound = total_rate(f"{_SCORE}_bucket", WORKER, by="le", window=window)
    return f"{by_bound} / on() group_left() {total_rate(f'{_SCORE}_count', WORKER, window=window)}"


_NOW, _DAY = (f"clamp_min({_shares(window)}, 0.0001)" for window in ("1h", "1d"))
STABILITY = f"sum(({_NOW} - {_DAY}) * ln({_NOW} / {_DAY}))"
"""Population stability index of the labels: the last hour against the last day."""
DISTANCE = f"max(abs({_distribution('1h')} - {_distribution('1d')}))"
"""Kolmogorov-Smirnov statistic of the scores: the last hour against the last day."""

MODEL = Board(
    uid="sentistream-model",
    title="Model",
    description="What the model says, how sure it is, and how both moved against the last day.",
    numbers=[
        *(
            number(
                label.capitalize(),
                _share(label, "5m"),
                description=f"Share of {label} posts in the last five minutes.",
                unit="percentunit",
                decimals=1,
                width=3,
            )
            for label in ("positive", "neutral", "negative")
        ),
        number(
            "Mean score",
            mean(_SCORE, WORKER, window="5m"),
            description="Mean probability of the label that posts are given, over five minutes: how sure the model is.",
            unit="percentunit",
            decimals=1,
            width=3,
        ),
        number(
            "Unsure",
            _unsure("5m"),
            description="Share of posts whose label is less than 60 % probable, in the last five minutes.",
            unit="percentunit",
            decimals=1,
            width=3,
        ),
        number(
            "Drift of labels",
            STABILITY,
            description="Population stability index of the labels' shares, the last hour against the last day. By the "
            "usual reading below 0.1 is stable, above 0.25 is a shift. A shift is news until the posts "
            "prove it wrong: look at them first.",
            decimals=3,
            steps=above(0.1, 0.25),
            width=3,
        ),
        number(
            "Drift of scores",
            DISTANCE,
            description="Kolmogorov-Smirnov statistic of the scores, the last hour against the last day: the largest "
            "distance between the two distributions. A rise without a shift of labels means that the "
            "texts changed: another language, another topic, spam.",
            decimals=3,
            steps=above(0.1, 0.2),
            width=3,
        ),
        number(
            "In use",
            f"count by (model) (sentistream_model_info{{{WORKER}}})",
            description="The model that workers run. Two at a time are normal only while an upgrade rolls out.",
            legend="{{model}}",
            width=3,
        ),
    ],
    causes={
        "Labels": [
            graph(
                "Shares by label",
                {"{{label}}": _shares("5m")},
                description="Over five minutes.",
                unit="percentunit",
                stacked=True,
                most=1,
            ),
            graph(
                "Shares against the last day",
                {"{{label}}": f"{_shares('1h')} - {_shares('1d')}"},
                description="The last hour's share less the last day's: 0 is no change, 0.1 is ten points more. Days "
                "have a rhythm; compare with the same hour of other days before you act.",
                unit="percentunit",
                least=None,
            ),
            graph(
                "Drift of labels",
                {"stability index": STABILITY},
                description="Population stability index, the last hour against the last day.",
                steps=above(0.1, 0.25),
            ),
            graph(
                "Posts by label",
                {"{{label}}": total_rate(_POSTS, WORKER, by="label")},
                description="Shares say nothing of how many: few posts make jumpy shares.",
                unit="cps",
                stacked=True,
            ),
        ],
        "Scores": [
            graph(
                "Mean score by label",
                {"{{label}}": mean(_SCORE, WORKER, by="label", window="5m")},
                description="Over five minutes. A sudden step for all labels at once: another model or broken texts.",
                unit="percentunit",
                most=1,
            ),
            graph(
                "Mean score against the last day",
                {
                    "{{label}}": f"({mean(_SCORE, WORKER, by='label', window='1h')}) - "
                    f"({mean(_SCORE, WORKER, by='label', window='1d')})"
                },
                description="The last hour's mean less the last day's.",
                unit="percentunit",
                least=None,
            ),
            graph(
                "Drift of scores",
                {"largest distance": DISTANCE},
                description="Kolmogorov-Smirnov statistic, the last hour against the last day.",
                steps=above(0.1, 0.2),
            ),
            graph(
                "Unsure posts",
                {"last five minutes": _unsure("5m"), "last day": _unsure("1d")},
                description="Share of posts whose label is less than 60 % probable.",
                unit="percentunit",
            ),
        ],
    },
)
