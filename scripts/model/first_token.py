"""Leave out of a classifier's graph what only the tokens after the first would need.

A BERT-like classifier reads its last layer at the first token alone, while an export computes that
layer for all tokens. What follows the layer's attention works token by token, so that doing it for
the first one gives the same result: an eighth fewer products in a network of six layers.
"""

from collections import defaultdict

import numpy as np
import onnx
from onnx import helper, numpy_helper

_TOKEN_BY_TOKEN = {"Add", "Sub", "Mul", "Div", "Erf", "Gelu", "Relu", "Tanh", "LayerNormalization"}
_TOKENS = 1  # axis of (posts, tokens, width)
_MATRIX = 2  # dimensions


def keep_first_token(graph: onnx.GraphProto) -> None:
    """Rewrite `graph`, whose constants are folded, in place; a graph of another kind stays as it is."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    producers = {name: node for node in graph.node for name in node.output}
    consumers = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            consumers[name].append(node.output[0])
    for result in graph.output:
        consumers[result.name].append("whoever runs the graph")

    # Each node by its first output; from the last one to the first, since its users decide.
    narrow = {node.output[0] for node in graph.node if _takes_first_token(node, constants)}
    for node in reversed(graph.node):
        users = [user for name in node.output for user in consumers[name]]
        if users and narrow.issuperset(users) and _is_token_by_token(node, constants, producers):
            narrow.add(node.output[0])

    cuts: dict[str, onnx.NodeProto] = {}
    for node in graph.node:
        for at, name in enumerate(node.input) if node.output[0] in narrow else ():
            if name in producers and producers[name].output[0] not in narrow:
                cuts.setdefault(name, _cut(name))
                node.input[at] = cuts[name].output[0]
    if cuts:
        graph.initializer.extend(_BOUNDS)
    nodes = [each for node in graph.node for each in (node, *(cuts[name] for name in node.output if name in cuts))]
    del graph.node[:]
    graph.node.extend(nodes)


_BOUNDS = [
    numpy_helper.from_array(np.array([value]), f"first_token_{name}")
    for name, value in (("begin", 0), ("end", 1), ("axis", _TOKENS))
]


def _cut(name: str) -> onnx.NodeProto:
    return helper.make_node("Slice", [name, *(each.name for each in _BOUNDS)], [f"{name}_first_token"])


def _takes_first_token(node: onnx.NodeProto, constants: dict[str, onnx.TensorProto]) -> bool:
    axis = next((each.i for each in node.attribute if each.name == "axis"), 0)
    if node.op_type != "Gather" or axis != _TOKENS or node.input[1] not in constants:
        return False
    index = numpy_helper.to_array(constants[node.input[1]])
    return bool(index.size == 1 and index.item() == 0)


def _is_token_by_token(
    node: onnx.NodeProto, constants: dict[str, onnx.TensorProto], producers: dict[str, onnx.NodeProto]
) -> bool:
    def is_vector(name: str) -> bool:
        return name in constants and len(constants[name].dims) < _MATRIX

    if node.op_type == "MatMul":
        return node.input[1] in constants and len(constants[node.input[1]].dims) == _MATRIX
    return node.op_type in _TOKEN_BY_TOKEN and all(name in producers or is_vector(name) for name in node.input)
