"""Account names."""

# ruff: noqa: PLR2004 (likelihoods: each has its meaning from the line it stands in)

from random import Random

_NAMES = (
    "ada", "alex", "amir", "anna", "ben", "bea", "carlos", "chidi", "clara", "dani", "dev", "elif", "emma", "eva",
    "farah", "finn", "gus", "hana", "ines", "ivo", "jade", "jo", "kai", "kira", "lars", "lea", "leo", "lily",
    "luca", "maya", "mei", "milo", "nadia", "nils", "noor", "olga", "omar", "otto", "pia", "priya", "quinn",
    "rosa", "ruth", "sam", "sara", "sven", "tara", "theo", "tom", "uma", "vera", "wes", "yara", "yuki", "zoe",
    "zuri",
)  # fmt: skip
_THINGS = (
    "apple", "badger", "bakes", "biker", "birch", "books", "brews", "cat", "cloud", "comet", "cooks", "draws",
    "echo", "fern", "fox", "games", "harbor", "hikes", "ink", "jazz", "kite", "lane", "lemon", "loves", "maps",
    "mint", "moon", "moss", "notes", "oak", "otter", "paints", "pixel", "plays", "pond", "reads", "river", "runs",
    "salt", "sings", "sky", "snow", "spark", "stone", "sunday", "talks", "tea", "tiger", "travels", "vinyl",
    "wave", "west", "wood", "writes", "yarn",
)  # fmt: skip


def handle(random: Random) -> str:
    """An account name without the @: letters, digits and underscores."""
    pick = random.random
    name = _NAMES[int(pick() * len(_NAMES))]
    thing = _THINGS[int(pick() * len(_THINGS))]
    form = pick()
    if form < 0.25:
        return f"{name}_{thing}"
    if form < 0.5:
        return f"{name}{thing}{int(pick() * 100)}"
    if form < 0.65:
        return f"the{thing}{name}"
    if form < 0.8:
        return f"{thing.title()}{name.title()}"
    if form < 0.9:
        return f"{name}{1960 + int(pick() * 50)}"
    return f"{name}_{thing}_{int(pick() * 1000)}"
