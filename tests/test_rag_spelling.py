"""One spelling for what people type: short years, courtesy, purpose, characters."""

from __future__ import annotations

import pytest

from rag.spelling import plain_question


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("云岭23年新增就业多少人", "云岭2023年新增就业多少人"),
        ("81年全国有多少所技工学校", "1981年全国有多少所技工学校"),
        ("23、24、25年各多少", "2023、2024、2025年各多少"),
        ("22-24年走势", "2022-2024年走势"),
        ("23年到25年新增学位", "2023年到2025年新增学位"),
        # Spans of time and counts are no years.
        ("近20年来共建了多少座桥", "近20年来共建了多少座桥"),
        ("10年前有多少", "10年前有多少"),
        ("用15年时间建成", "用15年时间建成"),
        ("实行12年免费教育的有几个县", "实行12年免费教育的有几个县"),
        ("投资35亿元的项目", "投资35亿元的项目"),
        # A year that neither century can mean stays as it is.
        ("到45年建成", "到45年建成"),
        ("雲嶺區２０２３年城鎮新增就業", "云岭区2023年城镇新增就业"),
        ("八五期间修了几座水库", "“八五”期间修了几座水库"),
        ("您好，麻烦帮我查一下云岭区2023年的GDP增速，写材料用", "云岭区2023年的GDP增速"),
        ("想了解一下青禾县的学位情况，谢谢！", "青禾县的学位情况"),
        ("请问云岭区2023年财政收入多少？请注明出处", "云岭区2023年财政收入多少"),
        # Words of courtesy inside a question belong to it.
        ("云岭区查处了多少起案件", "云岭区查处了多少起案件"),
        ("帮扶资金多少", "帮扶资金多少"),
        ("你好", "你好"),
        ("", ""),
    ],
)
def test_a_question_is_brought_to_one_spelling(typed: str, plain: str) -> None:
    assert plain_question(typed, now=2026) == plain
