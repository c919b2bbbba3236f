"""A Hugging Face folder as a chat model: a tiny one, made here, whose words mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelMissing
from prompts.reader import Message
from rag.llms import ANSWER_TOKENS, open_model

pytest.importorskip("langchain_openai", reason="needs the extra llm")
pytest.importorskip("xllamacpp", reason="needs the extra llm")

ASKED = (Message("system", "规则"), Message("user", "新建多少"))
TEMPLATE = "{% for m in messages %}{{ m.role }}:{{ m.content }}\n{% endfor %}assistant:"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tokenizers import pre_tokenizers
    from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2Tokenizer

    pieces = {piece: number for number, piece in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    pieces["<|endoftext|>"] = len(pieces)
    tokenizer = Qwen2Tokenizer(vocab=pieces, merges=[], chat_template=TEMPLATE)
    config = Qwen2Config(
        vocab_size=len(pieces),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=512,
        eos_token_id=None,
        bos_token_id=None,
        pad_token_id=256,
    )
    place = tmp_path_factory.mktemp("tiny")
    tokenizer.save_pretrained(place)
    Qwen2ForCausalLM(config).save_pretrained(place)
    return place


def test_it_answers_and_counts_in_its_own_tokens(folder: Path) -> None:
    model = open_model(f"transformers:{folder}", folder)
    assert model.name == f"transformers:{folder.name}"
    assert model.window == 512
    assert model.count("新建") == 6  # bytes
    pieces = list(model.stream(ASKED))
    assert len(pieces) > 1
    assert len(pieces) <= ANSWER_TOKENS + 2


def test_who_stops_listening_stops_it_and_the_next_is_served(folder: Path) -> None:
    model = open_model(f"transformers:{folder}", folder)
    stream = model.stream(ASKED)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert list(model.stream(ASKED))


def test_a_folder_that_holds_no_chat_model(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="无法加载"):
        open_model(f"transformers:{tmp_path}", tmp_path)
