"""The rewriting of a float ONNX graph into one that multiplies integers."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper

_CONTRIB = "com.microsoft"
_LARGE_TABLE = 1_000_000
_MATRIX = 2  # dimensions
_WEIGHT_LIMIT = 63

Floats = NDArray[np.float32]


def fold_constants(path: Path) -> onnx.ModelProto:
    """Load a model with constants folded, so that the weights are the products' own inputs."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(folded)
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return onnx.load(folded)


def constant_products(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """The matrix products of an activation with a weight matrix."""
    matrices = {tensor.name for tensor in graph.initializer if len(tensor.dims) == _MATRIX}
    for node in graph.node:
        if node.op_type in ("MatMul", "Gemm") and node.input[1] in matrices:
            yield node


def quantise_weights(weights: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Symmetric int8 values in [-63, 63] and the scales along `axis` (kept as a dimension).

    The last bit is left unused: AVX2's VPMADDUBSW adds two products of an activation and a weight
    in 16 bits with saturation, and 2 x 255 x 63 fits. So every processor computes the same; the
    bit's worth was not measurable.
    """
    scales = np.abs(weights).max(axis=1 - axis, keepdims=True) / _WEIGHT_LIMIT
    scales = np.maximum(scales, np.finfo(np.float32).tiny).astype(np.float32)
    return np.rint(weights / scales).astype(np.int8), scales


def activation_scale(low: float, high: float) -> tuple[np.float32, np.uint8]:
    """Scale and zero point of the uint8 quantisation of [low, high], which is made to hold 0."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float32(max(high - low, 1e-8) / 255)
    return scale, np.uint8(np.clip(np.rint(-low / scale), 0, 255))


def quantise_graph(model: onnx.ModelProto, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Rewrite `model` in place.

    Each product of an activation with a weight matrix becomes QuantizeLinear and onnxruntime's
    MatMulIntegerToFloat, its bias included; weights get one scale a column, activations the scale
    of their entry in `ranges`. Each large embedding table gets int8 rows with one scale a row.
    """
    editor = _Editor(model.graph)
    for product in list(constant_products(model.graph)):
        editor.quantise_product(product, ranges[product.input[0]])
    for gather in [node for node in model.graph.node if node.op_type == "Gather"]:
        editor.quantise_table(gather)
    editor.finish()
    if not any(opset.domain == _CONTRIB for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_CONTRIB, 1))


class _Editor:
    """Collects what replaces what, then rebuilds the lists of nodes and weights once."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._weights = {tensor.name: tensor for tensor in graph.initializer}
        self._new: dict[str, list[onnx.NodeProto]] = {}
        self._quantised: set[str] = set()

    def quantise_product(self, product: onnx.NodeProto, bounds: tuple[float, float]) -> None:
        activation, weight = product.input[0], product.input[1]
        bias, last = next(iter(product.input[2:]), ""), product
        matrix = self._array(weight)
        if product.op_type == "Gemm" and self._attribute(product, "transB"):
            matrix = matrix.T
        if product.op_type == "MatMul" and (added := self._bias_after(product)):
            last, bias = added
        values, scales = quantise_weights(matrix, axis=1)
        scale, zero = activation_scale(*bounds)
        quantised = f"{activation}_quantised"
        nodes = []
        if quantised not in self._quantised:
            self._quantised.add(quantised)
            scale_zero = [
                self._add(f"{activation}_scale", np.array(scale)),
                self._add(f"{activation}_zero_point", np.array(zero)),
            ]
            nodes.append(helper.make_node("QuantizeLinear", [activation, *scale_zero], [quantised]))
        nodes.append(
            helper.make_node(
                "MatMulIntegerToFloat",
                [
                    quantised,
                    self._add(f"{weight}_int8", values),
                    f"{activation}_scale",
                    self._add(f"{weight}_scale", scales.ravel()),
                    f"{activation}_zero_point",
                    "",
                    bias,
                ],
                [last.output[0]],
                name=product.name,
                domain=_CONTRIB,
            )
        )
        self._new[product.output[0]] = nodes
        if last is not product:
            self._new[last.output[0]] = []

    def quantise_table(self, gather: onnx.NodeProto) -> None:
        table = self._weights.get(gather.input[0])
        if table is None or np.prod(table.dims) < _LARGE_TABLE:
            return
        values, scales = quantise_weights(self._array(table.name), axis=0)
        output = gather.output[0]
        rows, integers, factors = f"{output}_rows", f"{output}_floats", f"{output}_factors"
        self._new[output] = [
            helper.make_node("Gather", [self._add(f"{table.name}_int8", values), gather.input[1]], [rows]),
            helper.make_node("Cast", [rows], [integers], to=onnx.TensorProto.FLOAT),
            helper.make_node("Gather", [self._add(f"{table.name}_scale", scales), gather.input[1]], [factors]),
            helper.make_node("Mul", [integers, factors], [output]),
        ]

    def finish(self) -> None:
        nodes = [new for old in self._graph.node for new in self._new.get(old.output[0], [old])]
        del self._graph.node[:]
        self._graph.node.extend(nodes)
        used = {name for node in nodes for name in node.input}
        weights = [tensor for name, tensor in self._weights.items() if name in used]
        del self._graph.initializer[:]
        self._graph.initializer.extend(weights)

    def _bias_after(self, product: onnx.NodeProto) -> tuple[onnx.NodeProto, str] | None:
        """The addition of a vector that is the product's only use, and that vector."""
        uses = [node for node in self._graph.node if product.output[0] in node.input]
        if len(uses) != 1 or uses[0].op_type != "Add":
            return None
        other = next(name for name in uses[0].input if name != product.output[0])
        vector = self._weights.get(other)
        return (uses[0], other) if vector is not None and len(vector.dims) == 1 else None

    def _add(self, name: str, values: NDArray[np.generic]) -> str:
        self._weights[name] = numpy_helper.from_array(values, name)
        return name

    def _array(self, name: str) -> Floats:
        return np.asarray(numpy_helper.to_array(self._weights[name]), dtype=np.float32)

    @staticmethod
    def _attribute(node: onnx.NodeProto, name: str) -> int:
        return next((each.i for each in node.attribute if each.name == name), 0)
