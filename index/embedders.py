"""Texts to vectors: a local sentence-transformers model, an OpenAI-compatible endpoint, or a double for tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from threading import Barrier, Lock
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

import httpx
import numpy as np
from numpy.typing import NDArray

from index.bert import Bert
from index.errors import ModelMissing, SettingsError
from index.weights import MAX_TOKENS, PROMPTS, unpack_e5

if TYPE_CHECKING:
    from index.bulk import BulkBert

__all__ = [
    "API_KEY",
    "E5Embedder",
    "Embedder",
    "HashEmbedder",
    "OpenAIEmbedder",
    "SentenceTransformerEmbedder",
    "build_embedder",
]

Vectors = NDArray[np.float32]
Progress = Callable[[int], object]

# The environment variable that holds the key of an embedding endpoint.
API_KEY = "WENBAO_EMBEDDER_API_KEY"


class Embedder(Protocol):
    """Turns texts into vectors; the dot product of two says how near their texts are.

    Vectors of the same `fingerprint` can be compared.  Both verbs return `(n, dim)` float32,
    L2-normalised, `(0, dim)` for no text; what exceeds the model's maximum length does not count.
    `progress` is called with the number of texts embedded since the last call.  Raises ModelMissing.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def encode_query(self, texts: Sequence[str]) -> Vectors: ...

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors: ...


def build_embedder(spec: str, models_dir: Path) -> Embedder:
    """The embedder that a setting names.

    `spec` is `default`, `hash`, `openai:<base_url>#<model>`, a sentence-transformers folder, or the
    name of a model in the local Hugging Face cache.  The default model is unpacked under
    `models_dir`.  Raises ModelMissing, SettingsError.
    """
    if spec == "default":
        return E5Embedder(unpack_e5(models_dir))
    if spec == "hash":
        return HashEmbedder()
    if spec.startswith("openai:"):
        base_url, _, model = spec.removeprefix("openai:").partition("#")
        return OpenAIEmbedder(base_url, model)
    return SentenceTransformerEmbedder(spec)


class SentenceTransformerEmbedder:
    """A sentence-transformers model from a folder or the local Hugging Face cache, on the CPU; nothing is fetched.

    The model is loaded when first needed, which takes seconds.  Several threads may embed at once.
    For its speed hand over many texts in one call: those of equal length are put together.
    """

    def __init__(self, model: str | Path) -> None:
        folder = Path(model).expanduser()
        if folder.is_dir():
            self.name, self._folder = folder.resolve().name, folder
        else:
            self.name, self._folder = str(model), _cached_folder(str(model))
        self._loading = Lock()
        self._loaded: _Model | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Name and hash of all files that shape a vector: weights, tokenizer, dimension, maximum length, prompts.

        The number type is not in it: a text's vectors in bfloat16 and in float32 have a cosine above
        .999, in 8 bits and in float32 one around .999, so one machine may search what another has built.
        """
        digest = sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.suffix in {".json", ".txt", ".model", ".safetensors", ".bin"}:
                with path.open("rb") as file:
                    digest.update(path.relative_to(self._folder).as_posix().encode())
                    digest.update(file_digest(file, "sha256").digest())
        return f"{self.name}:l2:{digest.hexdigest()[:32]}"

    @property
    def dim(self) -> int:
        return self._model.dim

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode("query", texts, None)

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        return self._model.encode("document", texts, progress)

    @property
    def _model(self) -> _Model:
        with self._loading:
            if self._loaded is None:
                self._loaded = _Model(self._folder)
            return self._loaded


class E5Embedder(SentenceTransformerEmbedder):
    """The default model: questions go past torch, in a tenth of the time that it takes to import.

    Their vectors are those of sentence-transformers but for the last digits.  Documents are embedded in 8 bits where
    the processor is made for it.
    """

    @property
    def dim(self) -> int:
        return self._questions.dim

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return _normalised(self._questions.encode([PROMPTS["query"] + text for text in texts]))

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        if self._documents is None:
            return super().encode_document(texts, progress=progress)
        model, workers = self._documents
        return _normalised(model.encode([PROMPTS["document"] + text for text in texts], workers, progress))

    @cached_property
    def _documents(self) -> tuple[BulkBert, ThreadPoolExecutor] | None:
        """None where 8 bits would overflow, or where bfloat16 is as fast: AMX multiplies it in tiles."""
        capabilities = _capabilities()
        if "avx512_vnni" not in capabilities or "amx_bf16" in capabilities:
            return None
        import torch

        from index.bulk import BulkBert

        try:
            return BulkBert(self._folder, MAX_TOKENS), _workers(torch.get_num_threads())
        except (OSError, ValueError, KeyError) as exc:
            raise ModelMissing(f"向量模型 {self._folder} 无法加载：{exc}") from exc

    @cached_property
    def _questions(self) -> Bert:
        try:
            return Bert(self._folder, MAX_TOKENS)
        except (OSError, ValueError, KeyError) as exc:
            raise ModelMissing(f"向量模型 {self._folder} 无法加载：{exc}") from exc


class _Model:
    """A loaded model and the threads that run it.

    Each core takes whole batches by itself.  With every operation split over all cores, as torch
    does by default, they wait for each other some hundred times a text: one busy neighbour, or a
    second question at the same moment, then makes a query ten times slower.
    """

    # Characters in a batch: more is not faster and takes memory.
    _BATCH = 2048
    # Lengths are rounded up, here in characters and there in tokens: oneDNN keeps a kernel for every shape it has met.
    _STEP = 16
    _PADDING: ClassVar[Any] = {"text": {"pad_to_multiple_of": 8}}

    def __init__(self, folder: Path) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # Two to four times as fast where the processor has instructions for it; elsewhere it is emulated.
        has_bfloat16 = not {"amx_bf16", "avx512_bf16"}.isdisjoint(_capabilities())
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._transformer = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": torch.bfloat16 if has_bfloat16 else torch.float32},
            )
        except (OSError, ValueError, KeyError, RuntimeError) as exc:
            raise ModelMissing(f"向量模型 {folder} 无法加载：{exc}") from exc
        cores = torch.get_num_threads()
        # Two sets of threads, so that no question queues behind an import.
        self._workers = {"query": _workers(cores), "document": _workers(cores)}
        # The first call also settles the tokenizer's padding, which later ones, in any thread, leave as it is.
        self.dim = len(self._embed("query", [""])[0])

    def encode(self, kind: Literal["query", "document"], texts: Sequence[str], progress: Progress | None) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        batches = list(self._batches(texts))
        parts = self._workers[kind].map(lambda rows: self._embed(kind, [texts[row] for row in rows]), batches)
        for rows, part in zip(batches, parts, strict=True):
            vectors[rows] = part
            if progress is not None:
                progress(len(rows))
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of similar length, the longest first."""
        rows = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        start = 0
        while start < len(rows):
            longest = (len(texts[rows[start]]) // self._STEP + 1) * self._STEP
            end = start + max(1, self._BATCH // longest)
            yield rows[start:end]
            start = end

    def _embed(self, kind: Literal["query", "document"], texts: list[str]) -> Vectors:
        encode = self._transformer.encode_query if kind == "query" else self._transformer.encode_document
        return _normalised(
            encode(texts, batch_size=len(texts), show_progress_bar=False, processing_kwargs=self._PADDING)
        )


def _capabilities() -> set[str]:
    """What this processor has instructions for, in torch's words."""
    import torch

    return {name for name, present in torch.cpu.get_capabilities().items() if present}


def _workers(count: int) -> ThreadPoolExecutor:
    """Threads in which torch's operations use one core each."""
    import torch

    def alone() -> None:
        torch.set_num_threads(1)
        torch.get_num_threads()  # settles it: a thread's first operation would set what holds for all by then

    workers = ThreadPoolExecutor(count, initializer=alone)
    started = Barrier(count)
    list(workers.map(lambda _: started.wait(), range(count)))
    torch.set_num_threads(count)  # what a thread sets for itself is also taken for threads to come
    return workers


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as exc:
        raise ModelMissing(f"找不到向量模型 {name!r}：既不是文件夹，也不在本机的 Hugging Face 缓存里") from exc


def _normalised(vectors: Any) -> Vectors:
    """L2-normalised float32; a model that computes in 16 bits is off by some thousandths."""
    exact = np.asarray(vectors, np.float32)
    norms = np.linalg.norm(exact, axis=1, keepdims=True)
    return np.asarray(exact / np.maximum(norms, 1e-12), np.float32)


class OpenAIEmbedder:
    """`POST <base_url>/embeddings` of any server that speaks OpenAI's format.

    The key, if one is needed, comes from the environment variable API_KEY.  The server's address
    stands in the fingerprint, for nobody can hash the weights behind it.
    """

    _BATCH = 64
    _PAUSES = (1, 2, 4)
    _TIMEOUT = httpx.Timeout(60, connect=10)

    def __init__(self, base_url: str, model: str) -> None:
        try:
            url = httpx.URL(base_url)
        except httpx.InvalidURL:
            url = httpx.URL()
        if url.userinfo:
            raise SettingsError(f"向量服务的地址里不能写密钥，请把它放进环境变量 {API_KEY}")
        if url.scheme not in {"http", "https"} or not url.host or not model:
            raise SettingsError(f"向量服务应写成 openai:<地址>#<模型名>，不能是 {f'openai:{base_url}#{model}'!r}")
        self.name = model
        self.fingerprint = f"openai:{base_url}#{model}:l2"
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._client = httpx.Client(timeout=self._TIMEOUT)

    @cached_property
    def dim(self) -> int:
        return len(self._request(["问"])[0])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), self._BATCH):
            batch = list(texts[start : start + self._BATCH])
            rows = self._request(batch)
            if any(len(row) != self.dim for row in rows):
                raise ModelMissing(f"向量服务 {self._url} 返回的向量不是 {self.dim} 维")
            vectors[start : start + len(batch)] = _normalised(rows)
            if progress is not None:
                progress(len(batch))
        return vectors

    def _request(self, texts: list[str]) -> list[list[float]]:
        response = self._post({"model": self.name, "input": texts, "encoding_format": "float"})
        try:
            rows = sorted(response.json()["data"], key=lambda item: int(item["index"]))
            vectors = [list(map(float, row["embedding"])) for row in rows]
        except (ValueError, KeyError, TypeError) as exc:
            raise ModelMissing(f"向量服务 {self._url} 的回答不是 OpenAI 格式") from exc
        if len(vectors) != len(texts):
            raise ModelMissing(f"向量服务 {self._url} 对 {len(texts)} 段文字返回了 {len(vectors)} 个向量")
        return vectors

    def _post(self, body: dict[str, object]) -> httpx.Response:
        """Send; if the server is busy or out of reach, send again after each of the pauses."""
        pauses = iter(self._PAUSES)
        while True:
            try:
                return self._client.post(self._url, json=body, headers=_authorization()).raise_for_status()
            except httpx.HTTPError as exc:
                status = exc.response.status_code if isinstance(exc, httpx.HTTPStatusError) else None
                pause = next(pauses, None) if status is None or status == 429 or status >= 500 else None
                if pause is None:
                    fault = "连不上" if status is None else f"返回 HTTP {status}"
                    hint = f"，请检查环境变量 {API_KEY}" if status in {401, 403} else ""
                    raise ModelMissing(f"向量服务 {self._url} {fault}{hint}") from exc
            time.sleep(pause)


def _authorization() -> dict[str, str]:
    key = os.environ.get(API_KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        # httpx would refuse it too, with the key in the message.
        raise SettingsError(f"环境变量 {API_KEY} 里不是有效的密钥")
    return {"Authorization": f"Bearer {key}"} if key else {}


class HashEmbedder:
    """Counts of pairs of neighbouring characters, hashed into `dim` places: what tests use for a model.

    Deterministic and fast; texts that share words are near each other, and that is all it knows.
    """

    name = "hash"

    def __init__(self, dim: int = 256) -> None:
        self.dim = dim
        self.fingerprint = f"hash:{dim}:l2"

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        counts = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            # The spaces give even an empty text a pair.
            codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
            pairs = codes[:-1] * np.uint64(2654435761) + codes[1:]
            counts[row] = np.bincount((pairs * np.uint64(2246822519) >> np.uint64(16)) % self.dim, minlength=self.dim)
        if progress is not None:
            progress(len(texts))
        return _normalised(counts)
