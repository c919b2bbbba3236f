"""A BERT model as numpy computes it, for single questions.

A question is some twenty tokens: the arithmetic takes hundredths of a second, importing torch and
sentence-transformers for it takes seconds and some hundred megabytes.  Documents, by the thousand, are worth those.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf  # type: ignore[import-untyped]
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from tokenizers import Tokenizer

__all__ = ["Bert"]

Array = NDArray[np.float32]

_LAYER = "encoder.layer.{}."


class Bert:
    """A BertModel of a sentence-transformers folder, with mean pooling; safe to share between threads.

    `tokens` are counted with the special ones; what goes beyond them is cut off.
    Raises OSError, KeyError and ValueError for a folder that holds something else.
    """

    def __init__(self, folder: Path, tokens: int) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.dim = int(config["hidden_size"])
        self._heads, self._epsilon = int(config["num_attention_heads"]), float(config["layer_norm_eps"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(tokens)
        stored = load_file(folder / "model.safetensors")
        self._words = stored.pop("embeddings.word_embeddings.weight")  # of 107,000 rows a question takes twenty
        weights = {name: values.astype(np.float32) for name, values in stored.items()}
        self._positions = weights["embeddings.position_embeddings.weight"]
        self._positions += weights["embeddings.token_type_embeddings.weight"][0]
        self._first_norm = _pair(weights, "embeddings.LayerNorm")
        self._layers = [
            _Layer(weights, _LAYER.format(number), self._heads, self._epsilon)
            for number in range(config["num_hidden_layers"])
        ]
        # Operations this small gain nothing from a second core, and lose much where that one is busy.
        ThreadpoolController().limit(limits=1, user_api="blas")

    def encode(self, texts: Sequence[str]) -> Array:
        """The mean of each text's token vectors, `(n, dim)`, not normalised."""
        vectors = np.empty((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(text).ids
            states = self._words[ids].astype(np.float32) + self._positions[: len(ids)]
            states = _normed(states, self._first_norm, self._epsilon)
            for layer in self._layers:
                states = layer(states)
            vectors[row] = states.mean(axis=0)
        return vectors


class _Layer:
    """Self-attention and the two dense layers after it, each with its residual and normalisation."""

    def __init__(self, weights: dict[str, Array], prefix: str, heads: int, epsilon: float) -> None:
        attention = [_pair(weights, f"{prefix}attention.self.{name}") for name in ("query", "key", "value")]
        self._attention = tuple(np.concatenate(parts) for parts in zip(*attention, strict=True))
        self._attended = _pair(weights, f"{prefix}attention.output.dense")
        self._attended_norm = _pair(weights, f"{prefix}attention.output.LayerNorm")
        self._inner = _pair(weights, f"{prefix}intermediate.dense")
        self._outer = _pair(weights, f"{prefix}output.dense")
        self._norm = _pair(weights, f"{prefix}output.LayerNorm")
        self._heads, self._epsilon = heads, epsilon

    def __call__(self, states: Array) -> Array:
        split = _dense(states, self._attention).reshape(len(states), 3, self._heads, -1)
        query, key, value = split.transpose(1, 2, 0, 3)
        weights = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended = (weights @ value).transpose(1, 0, 2).reshape(states.shape)
        states = _normed(states + _dense(attended, self._attended), self._attended_norm, self._epsilon)
        inner = _dense(states, self._inner)
        inner *= 0.5 * (1 + erf(inner * np.float32(np.sqrt(0.5))))  # GELU
        return _normed(states + _dense(inner, self._outer), self._norm, self._epsilon)


def _pair(weights: dict[str, Array], name: str) -> tuple[Array, Array]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _dense(states: Array, layer: tuple[Array, ...]) -> Array:
    weight, bias = layer
    return states @ weight.T + bias


def _normed(states: Array, norm: tuple[Array, Array], epsilon: float) -> Array:
    """Layer normalisation."""
    weight, bias = norm
    centred = states - states.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(epsilon))
    return np.asarray(centred / scale * weight + bias, np.float32)
