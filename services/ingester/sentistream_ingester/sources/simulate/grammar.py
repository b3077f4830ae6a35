"""Random sentences from a context-free grammar.

A rule is a list of alternatives. In an alternative `{name}` stands for a rule and `(a|b|)` for one of a few words or
none; both nest. There is no recursion: every derivation ends. A rule that is expanded `once` says the same thing
wherever a derivation refers to it: a post that begins with one city does not end with another.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from random import Random
from typing import TypeAlias

Node: TypeAlias = "str | Sentence | Choice | Once"
Sentence: TypeAlias = list[Node]
Choice: TypeAlias = tuple[Node, ...]

_TOKEN = re.compile(r"\{(\w+)\}|([(|)])|([^{}()|]+)")


@dataclass(frozen=True, slots=True)
class Once:
    rule: str
    node: Node


class GrammarError(ValueError):
    """A rule that cannot be read, refers to a rule that is not there, or leads back to itself."""


class Grammar:
    def __init__(self, rules: Mapping[str, Sequence[str]], *, once: Collection[str] = ()) -> None:
        """Compile the rules, of which those of `once` are expanded once in a derivation.

        Raises:
            GrammarError: the rules do not make a grammar, with the name of the rule at fault.
        """
        self._nodes: dict[str, Node] = {}
        for name in _dependencies_first(rules):
            if not rules[name]:
                raise GrammarError(f"rule {name} has no alternative")
            choice = tuple(_parse(name, alternative, self._nodes) for alternative in rules[name])
            self._nodes[name] = Once(name, choice) if name in once else choice

    def expand(self, rule: str, random: Random) -> str:
        """One derivation, each alternative as likely as its neighbours; runs of blanks are one blank.

        Raises:
            KeyError: there is no such rule.
        """
        return " ".join(_expand(self._nodes[rule], random.random, {}).split())


def _dependencies_first(rules: Mapping[str, Sequence[str]]) -> list[str]:
    uses = {
        name: {match[1] for alternative in alternatives for match in _TOKEN.finditer(alternative) if match[1]}
        for name, alternatives in rules.items()
    }
    missing = {(name, used) for name, all_used in uses.items() for used in all_used if used not in rules}
    if missing:
        name, used = min(missing)
        raise GrammarError(f"rule {name} refers to {{{used}}}, which is not there")
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        raise GrammarError(f"rules lead back to themselves: {' -> '.join(error.args[1])}") from error


def _parse(name: str, alternative: str, nodes: Mapping[str, Node]) -> Node:
    # The stack holds, for every open parenthesis, the alternatives read so far; the last one is being read.
    stack: list[list[Sentence]] = [[[]]]
    end = 0
    for match in _TOKEN.finditer(alternative):
        if match.start() != end:
            break
        end = match.end()
        reference, mark, literal = match.groups()
        if reference:
            stack[-1][-1].append(nodes[reference])
        elif literal:
            stack[-1][-1].append(literal)
        elif mark == "(":
            stack.append([[]])
        elif len(stack) == 1:
            raise GrammarError(f"rule {name}: {mark!r} outside of parentheses in {alternative!r}")
        elif mark == "|":
            stack[-1].append([])
        else:
            choice = tuple(_simplify(each) for each in stack.pop())
            stack[-1][-1].append(choice)
    if end != len(alternative) or len(stack) > 1:
        raise GrammarError(f"rule {name}: unbalanced {alternative!r}")
    return _simplify(stack[0][0])


def _simplify(sentence: Sentence) -> Node:
    if not sentence:
        return ""
    return sentence[0] if len(sentence) == 1 else sentence


def _expand(node: Node, random: Callable[[], float], said: dict[str, str]) -> str:
    while type(node) is tuple:
        node = node[int(random() * len(node))]
    if isinstance(node, str):
        return node
    if isinstance(node, Once):
        if node.rule not in said:
            said[node.rule] = _expand(node.node, random, said)
        return said[node.rule]
    return "".join([part if type(part) is str else _expand(part, random, said) for part in node])
