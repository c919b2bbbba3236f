"""A BERT model for documents by the thousand: what `bert.py` computes, by torch and in products of 8-bit numbers.

Linear layers are nearly all of the work, and a processor with VNNI multiplies 8-bit numbers twice as fast as
bfloat16.  Weights have a scale a row; what they are multiplied with is rounded, batch by batch, as it comes.
Texts of as many tokens make a batch, so that nothing is padded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import groupby
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import gelu, layer_norm

__all__ = ["BulkBert"]

# Tokens in a batch: what a layer makes of them should stay in a core's cache.
_BATCH = 512

# How far below 0 GELU goes.
_GELU_DEPTH = 0.17


class BulkBert:
    """A BertModel of a sentence-transformers folder, with mean pooling; safe to share between threads.

    `tokens` are counted with the special ones; what goes beyond them is cut off.
    Raises OSError, KeyError and ValueError for a folder that holds something else.
    """

    def __init__(self, folder: Path, tokens: int) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        heads, epsilon = int(config["num_attention_heads"]), float(config["layer_norm_eps"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(tokens)
        weights = load_file(folder / "model.safetensors")
        self._words = weights.pop("embeddings.word_embeddings.weight")
        weights = {name: values.float() for name, values in weights.items()}
        self._positions = weights["embeddings.position_embeddings.weight"]
        self._positions += weights["embeddings.token_type_embeddings.weight"][0]
        self._norm = _Norm(weights, "embeddings.LayerNorm", epsilon)
        self._layers = [
            _Layer(weights, f"encoder.layer.{number}.", heads, epsilon) for number in range(config["num_hidden_layers"])
        ]

    def encode(
        self, texts: Sequence[str], workers: Executor, progress: Callable[[int], object] | None
    ) -> NDArray[np.float32]:
        """The mean of each text's token vectors, `(n, dim)`, not normalised; `progress` as in `Embedder`."""
        vectors = np.empty((len(texts), self._positions.shape[1]), np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        batches = list(_batches(ids))
        means = workers.map(lambda rows: self._means([ids[row] for row in rows]), batches)
        for rows, part in zip(batches, means, strict=True):
            vectors[rows] = part
            if progress is not None:
                progress(len(rows))
        return vectors

    @torch.inference_mode()
    def _means(self, ids: list[list[int]]) -> NDArray[np.float32]:
        states = self._norm(self._words[torch.tensor(ids)].float() + self._positions[: len(ids[0])])
        for layer in self._layers:
            states = layer(states)
        means: NDArray[np.float32] = states.mean(dim=1).numpy()
        return means


def _batches(ids: Sequence[list[int]]) -> Iterator[list[int]]:
    """Rows of equal length, the longest first."""
    ordered = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    for length, group in groupby(ordered, key=lambda row: len(ids[row])):
        rows = list(group)
        step = max(1, _BATCH // length)
        yield from (rows[start : start + step] for start in range(0, len(rows), step))


class _Layer:
    """Self-attention and the two dense layers after it, each with its residual and normalisation."""

    def __init__(self, weights: dict[str, Tensor], prefix: str, heads: int, epsilon: float) -> None:
        self._attention = _Dense(weights, *(f"{prefix}attention.self.{name}" for name in ("query", "key", "value")))
        self._attended = _Dense(weights, f"{prefix}attention.output.dense")
        self._attended_norm = _Norm(weights, f"{prefix}attention.output.LayerNorm", epsilon)
        self._inner = _Dense(weights, f"{prefix}intermediate.dense")
        self._outer = _DenseOfGelu(weights, f"{prefix}output.dense")
        self._norm = _Norm(weights, f"{prefix}output.LayerNorm", epsilon)
        self._heads = heads

    def __call__(self, states: Tensor) -> Tensor:
        texts, length, dim = states.shape
        split = self._attention(states).view(texts, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = split.reshape(3, texts * self._heads, length, -1)
        # For texts this short the plain products are faster than torch's fused attention.
        weights = torch.bmm(query, key.transpose(1, 2)).mul_(query.shape[-1] ** -0.5).softmax(dim=-1)
        attended = torch.bmm(weights, value).view(texts, self._heads, length, -1).transpose(1, 2)
        states = self._attended_norm(states + self._attended(attended.reshape(texts, length, dim)))
        return self._norm(states + self._outer(gelu(self._inner(states))))


class _Dense:
    """Linear layers of one input, as one."""

    def __init__(self, weights: dict[str, Tensor], *names: str) -> None:
        self._product = _packed(
            torch.cat([weights[f"{name}.weight"] for name in names]),
            torch.cat([weights[f"{name}.bias"] for name in names]),
        )

    def __call__(self, states: Tensor) -> Tensor:
        return _product(states, self._product)


class _DenseOfGelu:
    """A linear layer of what GELU gives, which a few tokens have a hundred times larger than the others.

    So each token is brought to one size before it is rounded: without that vectors have a cosine of .997 to the exact
    ones, with it .999.
    """

    def __init__(self, weights: dict[str, Tensor], name: str) -> None:
        self._bias = weights[f"{name}.bias"]
        self._product = _packed(weights[f"{name}.weight"], torch.zeros_like(self._bias))

    def __call__(self, states: Tensor) -> Tensor:
        """Changes `states`."""
        sizes = states.amax(dim=-1, keepdim=True).clamp_(min=_GELU_DEPTH)
        return torch.addcmul(self._bias, _product(states.div_(sizes), self._product), sizes)


def _packed(weight: Tensor, bias: Tensor) -> Any:
    """A linear layer in 8 bits, as torch keeps it."""
    scales = (weight.abs().amax(dim=1) / 127).double().clamp(min=1e-12)
    zeros = torch.zeros(len(scales), dtype=torch.long)
    with catch_warnings():
        simplefilter("ignore")  # a later torch will leave this out; ours is pinned to one version
        in_8_bits = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
    return torch.ops.quantized.linear_prepack(in_8_bits, bias)


def _product(states: Tensor, packed: Any) -> Tensor:
    """Not by torch.ao's module, which keeps 7 bits of the states, for processors that overflow at 8."""
    product: Tensor = torch.ops.quantized.linear_dynamic(states, packed, reduce_range=False)
    return product


class _Norm:
    """Layer normalisation."""

    def __init__(self, weights: dict[str, Tensor], name: str, epsilon: float) -> None:
        self._weight, self._bias, self._epsilon = weights[f"{name}.weight"], weights[f"{name}.bias"], epsilon

    def __call__(self, states: Tensor) -> Tensor:
        return layer_norm(states, self._weight.shape, self._weight, self._bias, self._epsilon)
