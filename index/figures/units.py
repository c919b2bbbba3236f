"""Measure words and units: how they are spelt, which are one and the same, which convert into which."""

from __future__ import annotations

import re
from decimal import Decimal

PERCENT = "%"
POINTS = "个百分点"

# Words that end a figure.  Longest match wins, so 平方公里 is never read as 平方.
_MEASURES = """
个百分点 百分点 个工作日 工作日 个小时 小时 分钟 秒钟 个月 个季度 季度 周年 周岁 元人民币 人民币 美元 欧元 港元
日元 英镑 卢布 新台币 元 角 块钱 毛钱 分钱 平方公里 平方千米 平方米 平方公尺 平方英尺 平方 立方米 立方公尺 立方
公里 千米 公尺 公分 厘米 毫米 微米 纳米 海里 华里 里 米 亩次 亩 公顷 吨标准煤 吨标煤 吨二氧化碳 吨公里 吨 公斤 千克
市斤 斤 克 毫克 微克 市担 担 千瓦时 兆瓦时 吉瓦时 瓦时 千瓦 兆瓦 吉瓦 瓦 千伏安 度电 度 马力 蒸吨 标准箱 标箱 升
毫升 摄氏度 分贝 兆 人次 人天 人份 人公里 人 家次 家 户次 户 件次 件套 件 项次 项 场次 场 架次 架 台套 台次 台 辆次
辆 艘次 艘 列次 列 趟次 趟 班次 班 车次 批次 批 名 位 员 个 套次 套 所 座 处 条 对 岁 年 天 日 周 张 份 册 卷 篇 首
幅 枚 颗 粒 块 片 支 枝 根 口 眼 孔 道 匹 款 门类 门 科 大类 类 种 期 届 轮次 轮 次 起 宗 例 间 栋 幢 层 节 部 头
只 羽 株 棵 尾 箱 桶 包 袋 瓶 盏 组 群 窝 床 具 顶 封 句 字 步 环 圈 段 级 课时 学时 学分 标准机架 机架 机柜 链 单
票 笔 店次 工日 劳动日 点 分 秒 刻钟 车道 英寸 方面 成 倍 番 大 餐 把 集 出 金牌 金 银 铜 号线 号 连冠
"""

# What is counted with a Chinese numeral in running text (三所学校, 十二条); 二 and lone 一 are never counts.
_COUNTED_IN_HAN = """
个百分点 个工作日 个小时 小时 分钟 个月 人民币 美元 元 平方公里 平方米 立方米 公里 千米 米 亩 公顷 吨 公斤 斤 市斤
担 千瓦时 千瓦 瓦 人次 人 家 户 件 项 场次 场 架次 架 台 辆 艘 列 班 批次 批 名 位 个 套 所 座 处 条 对 岁 周岁 年
天 周年 张 份 册 篇 首 枚 颗 块 片 支 款 种 类 轮 次 起 宗 例 间 栋 幢 头 只 株 标准箱 标箱 平方公尺 公尺
立方公尺 吨公里 马力 届 期 号线 大类 门类
"""

_LATIN = {
    "km²": "平方公里", "km2": "平方公里", "㎢": "平方公里", "m²": "平方米", "㎡": "平方米", "m2": "平方米",
    "m³": "立方米", "m3": "立方米", "km": "公里", "㎞": "公里", "cm": "厘米", "mm": "毫米", "kWh": "千瓦时",
    "kwh": "千瓦时", "MWh": "兆瓦时", "GWh": "吉瓦时", "GWH": "吉瓦时", "Gwh": "吉瓦时", "TWh": "太瓦时",
    "kW": "千瓦", "KW": "千瓦", "kw": "千瓦", "MW": "兆瓦", "GW": "吉瓦", "TEU": "标准箱", "μg": "微克",
    "ug": "微克", "mg": "毫克", "kg": "公斤", "Mbps": "兆比特/秒", "Gbps": "吉比特/秒", "Tbps": "太比特/秒",
    "EFLOPS": "EFLOPS", "EFlops": "EFLOPS", "Eflops": "EFLOPS", "PFLOPS": "PFLOPS", "PFlops": "PFLOPS", "PB": "PB",
    "TB": "TB", "GB": "GB", "EB": "EB", "MB": "MB", "Mb": "兆比特", "P": "P", "m": "米", "t": "吨", "L": "升",
    "℃": "摄氏度", "°C": "摄氏度",
}  # fmt: skip

_SYNONYMS = {
    "百分点": POINTS, "工作日": "个工作日", "个小时": "小时", "秒钟": "秒", "季度": "个季度", "周岁": "岁",
    "人民币": "元", "元人民币": "元", "块钱": "元", "毛钱": "角", "分钱": "分钱", "千米": "公里",
    "平方千米": "平方公里", "平方": "平方米", "平方公尺": "平方米", "公尺": "米", "公分": "厘米", "立方": "立方米",
    "方": "立方米", "立方公尺": "立方米", "市斤": "斤", "千克": "公斤", "市担": "担", "吨标煤": "吨标准煤",
    "标箱": "标准箱", "度电": "千瓦时", "棵": "株",
}  # fmt: skip

# Different words for counting the same thing: 43万人 and 43万名 say the same.
_SAME_COUNT = ({"人", "名", "位"},)

# unit → (dimension, how many of the dimension's base unit it is).  15亩 are 1公顷, so area counts thirds of a 平方米.
_DIMENSIONS: dict[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(size))
    for dimension, sizes in {
        "money": {"元": "1", "角": "0.1", "分钱": "0.01"},
        "length": {"米": "1", "公里": "1000", "厘米": "0.01", "毫米": "0.001", "里": "500", "华里": "500"},
        "area": {"平方米": "3", "亩": "2000", "公顷": "30000", "平方公里": "3000000"},
        "mass": {"公斤": "1", "吨": "1000", "斤": "0.5", "担": "50", "克": "0.001", "毫克": "1e-6", "微克": "1e-9"},
        "volume": {"立方米": "1", "升": "0.001", "毫升": "0.000001"},
        "power": {"千瓦": "1", "瓦": "0.001", "兆瓦": "1000", "吉瓦": "1000000"},
        "energy": {"千瓦时": "1", "兆瓦时": "1000", "吉瓦时": "1000000", "太瓦时": "1000000000"},
        "ratio": {"%": "1", "‰": "0.1"},
    }.items()
    for unit, size in sizes.items()
}


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=len, reverse=True))


_WORD = _alternatives(_MEASURES.split())
_ABBREVIATION = rf"(?:{_alternatives(list(_LATIN))})(?![A-Za-z0-9])"
_PER = rf"(?:/(?:{_WORD}|{_ABBREVIATION})|每(?:立方米|平方公里|平方米|千瓦时|公斤|[升人亩吨户]))"
# Words that only look like a measure word: 分别, 人均, 家庭, 位居 …
_NOT_A_UNIT = (
    r"(?!"
    r"分[别之类布级局行担会享散队]|人[均工口力才们民大]|位[于列次]|位居(?!民)|家[庭园长政电具居]"
    r"|年[均轻货画龄代]|日[均前益起至]|大[于力幅概约多学型部规气]|点[多前左]|部[门分委署队]|方[法式案向便针可]"
    r"|级[以及]|里[程面的]|期[间末货限望]|次[于日年]|科[技学研创]|首[届次个家批发台创]|升[级]|项目"
    r"|节[能约水日点]|出[台口资现]|把[手握关]|链[条主长]|单[位个项体产]|具[有备体]|组[织建合成]|群[众体]"
    r"|包[括含装]|周[边期]|环[境保比节]|成[立为果效功长本员品都就熟型片交套渝]|对[接口外应]|起[步来]"
    r"|[金银铜](?![，、。；0-9牌]|$)|条件|度[假过]|票[价据]|笔[试]|字[号]|集[聚中团]|步[入伐]|层[面次]"
    r"|段[落时]|圈[层]|床[位]|克[服难]|角[度色]|号[召]|兆[瓦]"
    r")"
)
UNIT = re.compile(
    rf" ?{_NOT_A_UNIT}(?P<unit>(?:[%‰]|(?<=[万亿])方(?!阵|案|面|式|位)|{_WORD}|{_ABBREVIATION})"
    rf"(?:(?<=[吨元瓦亩人])级(?!别))?(?:{_PER}(?:·(?:{_WORD}))?)?)"
    rf"(?P<twin>\((?:{_WORD})(?:、(?:{_WORD}))*\))?"
)
_HAN_UNIT_WORDS = frozenset(_COUNTED_IN_HAN.split())


def canonical(printed: str) -> str:
    """The one spelling under which a unit as printed in folded text is known."""
    unit = printed.strip()
    numerator, mark, denominator = unit.partition("/") if "/" in unit else unit.partition("每")
    if mark:
        return f"{canonical(numerator)}/{canonical(denominator)}"
    if unit in _LATIN:
        return _LATIN[unit]
    return _SYNONYMS.get(unit, unit)


def counted_in_han(printed: str) -> bool:
    """Whether a Chinese numeral before this unit is a count, as in 三所 and not in 三农."""
    return printed.strip().partition("/")[0] in _HAN_UNIT_WORDS


def alike(one: str, other: str) -> bool:
    """Whether the two canonical units count the same thing in the same size."""
    return one == other or any({one, other} <= group for group in _SAME_COUNT)


def conversion(one: str, other: str) -> Decimal | None:
    """How many `other` make one `one`; None if the two measure different things."""
    if alike(one, other):
        return Decimal(1)
    numerator, slash, per = one.partition("/")
    other_numerator, other_slash, other_per = other.partition("/")
    if slash and other_slash and per == other_per:
        return conversion(numerator, other_numerator)
    if slash or other_slash:
        return None
    if one not in _DIMENSIONS or other not in _DIMENSIONS:
        return None
    (dimension, size), (other_dimension, other_size) = _DIMENSIONS[one], _DIMENSIONS[other]
    return size / other_size if dimension == other_dimension else None
