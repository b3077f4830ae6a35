"""How far chance alone moves a figure: the bootstrap over posts (Efron and Tibshirani, 1993)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.metrics import Floats, Ints

Weights = NDArray[np.float64]
Figure = Callable[[Weights], NDArray[np.float64]]
"""Takes how often each post was drawn, shape (draws, posts); gives a value for each draw."""

_DRAWS = 2_000
_AT_ONCE = 500
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and the interval that holds 95 % of what redrawn posts give."""

    value: float
    low: float
    high: float


def interval(figure: Figure, posts: int, *, draws: int = _DRAWS, seed: int = 1) -> Interval:
    """The figure on the posts as they are, and its percentile interval over `draws` samples of as many posts."""
    generator = np.random.default_rng(seed)
    values = [figure(_resample(generator, posts, min(_AT_ONCE, draws - start))) for start in range(0, draws, _AT_ONCE)]
    low, high = np.quantile(np.concatenate(values), _TAILS)
    return Interval(float(figure(np.ones((1, posts)))[0]), float(low), float(high))


def _resample(generator: np.random.Generator, posts: int, draws: int) -> Weights:
    """How often each post is among as many drawn with replacement; shape (draws, posts)."""
    drawn = generator.integers(posts, size=(draws, posts)) + posts * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * posts).reshape(draws, posts).astype(np.float64)


def recall_figure(probabilities: Floats, actual: Ints, labels: int = 3) -> Figure:
    """Macro recall over the labels that were drawn."""
    hits = probabilities.argmax(axis=1) == actual
    is_label = np.stack([actual == label for label in range(labels)], axis=1)

    def figure(weights: Weights) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore"):
            recalls = (weights @ (is_label & hits[:, None])) / (weights @ is_label)
        means: NDArray[np.float64] = np.nanmean(recalls, axis=1)
        return means

    return figure


def log_loss_figure(probabilities: Floats, actual: Ints) -> Figure:
    """The mean of -log of the probability given to the actual label."""
    losses = -np.log(np.maximum(probabilities[np.arange(len(actual)), actual], 1e-12))
    return lambda weights: weights @ losses / weights.sum(axis=1)


def difference(ours: Figure, theirs: Figure) -> Figure:
    """By how much one figure is above another on the same posts: a paired comparison."""
    return lambda weights: ours(weights) - theirs(weights)
