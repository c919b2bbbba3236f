"""What a figure in Chinese text is: its printed text, value, unit, qualifier, kind and the words it belongs to."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.figures import (
    bind_figures,
    convert,
    difference,
    direction,
    find_figures,
    indicator_of,
    render,
    same_figure,
)
from index.types import Figure

# sentence | printed  value  unit  qualifier  kind [; …]     "-" is an empty unit or qualifier, a~b a range
FOUND = """
全年地区生产总值达到1268.5亿元 | 1268.5亿元 126850000000 元 - amount
一般公共预算收入1,268.5亿元 | 1,268.5亿元 126850000000 元 - amount
货物吞吐量８８６８万吨 | ８８６８万吨 88680000 吨 - amount
比上年增长１９．６％ | １９．６％ 19.6 % - growth
钢产量１，２３４万吨 | １，２３４万吨 12340000 吨 - amount
外贸进出口总额3.65万亿元 | 3.65万亿元 3650000000000 元 - amount
经济总量跨上一万亿元台阶 | 一万亿元 1000000000000 元 - amount
培训职工三千二百人 | 三千二百人 3200 人 - amount
竣工面积三千七百多万平方米 | 三千七百多万平方米 37000000 平方米 多 amount
工业产值增长百分之二十一点七 | 百分之二十一点七 21.7 % - growth
粮食增产百分之六到七 | 百分之六到七 6~7 % - growth
占全部支出的百分之二十以上 | 百分之二十以上 20 % 以上 share
近九成企业恢复生产 | 近九成 90 % 近 share
两成以上的社区建有食堂 | 两成以上 20 % 以上 share
综合能耗5000吨及以上单位 | 5000吨及以上 5000 吨 及以上 amount
惠及1万多户家庭 | 1万多户 10000 户 多 amount
惠及14亿1178万人 | 14亿1178万人 1411780000 人 - amount
培训近9000人次 | 近9000人次 9000 人次 近 amount
减负超3000万元 | 超3000万元 30000000 元 超 amount
财政收入突破400亿元 | 突破400亿元 40000000000 元 突破 amount
优良天数比例不低于95% | 不低于95% 95 % 不低于 share
失业率不超过5.5% | 不超过5.5% 5.5 % 不超过 share
新增企业至少20家 | 至少20家 20 家 至少 amount
均龄接近45岁 | 接近45岁 45 岁 接近 amount
参会约300人 | 约300人 300 人 约 amount
参会约30人左右 | 约30人左右 30 人 约…左右 amount
新建停车位1500个以上 | 1500个以上 1500 个 以上 amount
办结时限压缩到3个工作日以内 | 3个工作日以内 3 个工作日 以内 amount
浓度控制在30微克/立方米以下 | 30微克/立方米以下 30 微克/立方米 以下 amount
全年浓度30微克每立方米 | 30微克每立方米 30 微克/立方米 - amount
地区生产总值增长5%左右 | 5%左右 5 % 左右 growth
地区生产总值增长5%—5.5% | 5%—5.5% 5~5.5 % - growth
地区生产总值增长6-7% | 6-7% 6~7 % - growth
地区生产总值增长4.5%～5%左右 | 4.5%～5%左右 4.5~5 % 左右 growth
培育2至3个产业集群 | 2至3个 2~3 个 - amount
培育三至五家龙头企业 | 三至五家 3~5 家 - amount
种植面积1.5万—2万亩 | 1.5万—2万亩 15000~20000 亩 - amount
种植面积1.5—2万亩 | 1.5—2万亩 15000~20000 亩 - amount
每户补助800—1000元 | 800—1000元 800~1000 元 - amount
建成保障性住房18.9万套（间） | 18.9万套（间） 189000 套 - amount
城镇化率提高1.2个百分点 | 1.2个百分点 1.2 个百分点 - points
贡献率上升0.5—1个百分点 | 0.5—1个百分点 0.5~1 个百分点 - points
比重下降三点一个百分点 | 三点一个百分点 3.1 个百分点 - points
产值增长1.8倍 | 1.8倍 1.8 倍 - multiple
学生人数增加两倍 | 两倍 2 倍 - multiple
产量增加一倍以上 | 一倍以上 1 倍 以上 multiple
十年翻两番 | 十年 10 年 - amount; 翻两番 2 番 - multiple
企业数量翻番 | 翻番 1 番 - multiple
城乡收入比缩小到1.84:1 | 1.84:1 1.84 :1 - multiple
供需比为1∶1.2 | 1∶1.2 1 :1.2 - multiple
增速居全市第3位 | 第3位 3 位 - rank
总量居全国第二 | 第二 2 - - rank
综合评价排名第五。 | 第五 5 - - rank
发展水平位列全省第1、全国前列 | 第1 1 - - rank
经济总量进入全国前三 | 前三 3 - 前 rank
综合实力跻身前20位 | 前20位 20 位 前 rank
第七届全运会 | 第七届 7 届 - ordinal
第14届博览会 | 第14届 14 届 - ordinal
地铁3号线开通 | 3号线 3 号线 - ordinal
机场三期工程 | 三期 3 期 - ordinal
荣获双拥模范城“八连冠” | 八连冠 8 连冠 - ordinal
粮食生产实现“二十连丰” | 二十连丰 20 连丰 - ordinal
“十四五”规划收官 | 十四五 14 五年规划 - ordinal
“十五”计划 | 十五 10 五年规划 - ordinal
市委十四届五次全会 | 十四届 14 届 - ordinal; 五次 5 次 - ordinal
出台第二批措施 | 第二批 2 批 - ordinal
第3套装置投产 | 第3套 3 套 - ordinal
建区40周年 | 40周年 40 周年 - ordinal
国办〔2022〕2号文件 | 2号 2 号 - ordinal
2024年全面完成 | 2024年 2024 年 - date
二〇二三年底 | 二〇二三年 2023 年 - date
一九七八年以来 | 一九七八年 1978 年 - date
１９９３年 | １９９３年 1993 年 - date
1 9 9 7 年 | 1 9 9 7 年 1997 年 - date
2021—2025年 | 2021—2025年 2021~2025 年 - date
2020至2024年 | 2020至2024年 2020~2024 年 - date
1月10日上午 | 1月10日 110 日 - date
2024年1月10日上午 | 2024年1月10日 20240110 日 - date
妥善应对“7·15”洪灾 | 7·15 715 日 - date
1—9月 | 1—9月 1~9 月 - date
过去五年极不平凡 | 五年 5 年 - date
三年来持续改善 | 三年 3 年 - date
连续13年增长 | 13年 13 年 - amount
近三年持续改善 | 三年 3 年 - date
新建三所学校 | 三所 3 所 - amount
出台十二条措施 | 十二条 12 条 - amount
改造两座桥梁 | 两座 2 座 - amount
发展二十三家企业 | 二十三家 23 家 - amount
举办活动超百场 | 超百场 100 场 超 amount
引进上万名人才 | 上万名 10000 名 上 amount
签下亿元以上项目20个 | 亿元以上 100000000 元 以上 amount; 20个 20 个 - amount
培育过50亿元企业3家 | 过50亿元 5000000000 元 过 amount; 3家 3 家 - amount
十多个部门 | 十多个 10 个 多 amount
三分之一的村庄 | 三分之一 0.3333333333333333333333333333 - - share
产量占全国1/4以上 | 1/4以上 0.25 - 以上 share
占地3.2平方公里 | 3.2平方公里 3.2 平方公里 - amount
占地3.2km² | 3.2km² 3.2 平方公里 - amount
造林35.5万亩 | 35.5万亩 355000 亩 - amount
建设绿地23.8公顷 | 23.8公顷 23.8 公顷 - amount
节能10万吨标准煤 | 10万吨标准煤 100000 吨标准煤 - amount
节能10万吨标煤 | 10万吨标煤 100000 吨标准煤 - amount
装机250万千瓦 | 250万千瓦 2500000 千瓦 - amount
装机三十万千瓦 | 三十万千瓦 300000 千瓦 - amount
发电2900亿千瓦时 | 2900亿千瓦时 290000000000 千瓦时 - amount
建成12GW光伏组件 | 12GW 12 吉瓦 - amount
吞吐量2400万标箱 | 2400万标箱 24000000 标准箱 - amount
吞吐量2400万TEU | 2400万TEU 24000000 标准箱 - amount
供气150亿方 | 150亿方 15000000000 立方米 - amount
日处理能力616吨/日 | 616吨/日 616 吨/日 - amount
全员劳动生产率23.5万元/人 | 23.5万元/人 235000 元/人 - amount
算力规模3300P | 3300P 3300 P - amount
出动2万余场次 | 2万余场次 20000 场次 余 amount
开行班列1332列 | 1332列 1332 列 - amount
新增大型客机5架次 | 5架次 5 架次 - amount
打造6大产业集群 | 6大 6 大 - amount
办好10方面实事 | 10方面 10 方面 - amount
打造15分钟生活圈 | 15分钟 15 分钟 - amount
打造“15分钟生活圈” | 15分钟 15 分钟 - amount
斩获8金4银 | 8金 8 金 - amount; 4银 4 银 - amount
固定资产投资增长-3.8% | -3.8% -3.8 % - growth
二氧化硫平均值23.5 | 23.5 23.5 - - amount
总人口1.2亿 | 1.2亿 120000000 - - amount
改造12万农户 | 12万 120000 - - amount
一二三产业分别增长4.1%、5%和6% | 4.1% 4.1 % - growth; 5% 5 % - growth; 6% 6 % - growth
农村和城镇分别惠及3500万、2300万人次 | 3500万 35000000 人次 - amount; 2300万人次 23000000 人次 - amount
压缩至55、50、24个工作日 | 55 55 个工作日 - amount; 50 50 个工作日 - amount; 24个工作日 24 个工作日 - amount
税收占比77.9% | 77.9% 77.9 % - share
森林覆盖率达到65.2% | 65.2% 65.2 % - share
普及率由85%提高到93% | 85% 85 % - share; 93% 93 % - share
能耗下降3.1% | 3.1% 3.1 % - growth
实现6%以上的增长 | 6%以上 6 % 以上 growth
增长占全区增量的63% | 63% 63 % - share
人口自然增长率6.45‰ | 6.45‰ 6.45 ‰ - growth
压减率达100% | 100% 100 % - share
群众满意率达百分之百 | 百分之百 100 % - share
城市低保标准每月815元 | 815元 815 元 - amount
完成棚改44个25319户 | 44个 44 个 - amount; 25319户 25319 户 - amount
钢产量1 亿吨 | 1 亿吨 100000000 吨 - amount
降低电价0.1分/千瓦时 | 0.1分/千瓦时 0.1 分/千瓦时 - amount
建城2215年 | 2215年 2215 年 - amount
一年零三个月 | 三个月 3 个月 - amount
国民收入增加一百二十多亿元 | 一百二十多亿元 12000000000 元 多 amount
增发国债１５００亿元，比上年多５００亿元 | １５００亿元 150000000000 元 - amount; ５００亿元 50000000000 元 - amount
存款余额达99.8亿元、比年初增加7.35亿元 | 99.8亿元 9980000000 元 - amount; 7.35亿元 735000000 元 - amount
全年接待游客超2300万人次、增长11.2% | 超2300万人次 23000000 人次 超 amount; 11.2% 11.2 % - growth
蔬菜种植7000余亩，苹果产量120多万吨 | 7000余亩 7000 亩 余 amount; 120多万吨 1200000 吨 多 amount
村级图书室八十余个 | 八十余个 80 个 余 amount
退休职工两万余人领取补贴 | 两万余人 20000 人 余 amount
减轻负担3万多亿元 | 3万多亿元 3000000000000 元 多 amount
发放补贴5千余万元 | 5千余万元 50000000 元 余 amount
每亩增收百元以上 | 百元以上 100 元 以上 amount
人均寿命79.5岁 | 79.5岁 79.5 岁 - amount
为65岁以上老人体检 | 65岁以上 65 岁 以上 amount
招引过亿元项目12个 | 过亿元 100000000 元 过 amount; 12个 12 个 - amount
整治面积4.5平方公里、长度12千米 | 4.5平方公里 4.5 平方公里 - amount; 12千米 12 公里 - amount
亩均税收达到25万元/亩 | 25万元/亩 250000 元/亩 - amount
5个百分点左右的降幅 | 5个百分点左右 5 个百分点 左右 points
合格率较上年提高近2个百分点 | 近2个百分点 2 个百分点 近 points
超七成财政支出用于民生 | 超七成 70 % 超 share
学校数比十年前增加百分之四十 | 十年 10 年 - date; 百分之四十 40 % - growth
占国民收入的比重由百分之三十下降到百分之二十五 | 百分之三十 30 % - share; 百分之二十五 25 % - share
国内首台（套）装备6台（套） | 6台（套） 6 台 - amount
发行债券3.9万亿元，占比不足六成 | 3.9万亿元 3900000000000 元 - amount; 不足六成 60 % 不足 share
降至5%以下 | 5%以下 5 % 以下 share
快递进村率由不足50%提升至90%以上 | 不足50% 50 % 不足 share; 90%以上 90 % 以上 share
GDP增速8.1%，高于全国3.1个百分点 | 8.1% 8.1 % - growth; 3.1个百分点 3.1 个百分点 - points
恢复至2019年的119% | 2019年 2019 年 - date; 119% 119 % - share
是上年的1.4倍 | 1.4倍 1.4 倍 - multiple
跻身全国百强县第59位 | 第59位 59 位 - rank
成为我市第3家百亿企业 | 第3家 3 家 - ordinal
第二次经济普查 | 第二次 2 次 - ordinal
今年1至5月 | 1至5月 1~5 月 - date
二〇二一至二〇二五年 | 二〇二一至二〇二五年 2021~2025 年 - date
12月29日召开 | 12月29日 1229 日 - date
一九五四年九月十四日 | 一九五四年九月十四日 19540914 日 - date
國家預算收入五十萬億元 | 五十萬億元 50000000000000 元 - amount
"""

# Text in which nothing, or nothing more than what stands after the bar, is a figure.
NOT_FIGURES = """
实施“1+2+3”工程
推进“2+X”机制
沿G60科创走廊
新建5G网络
创建4A级景区
PM2.5年均值持续下降
“12345”热线
108国道改建
220千伏变电站
7×24小时值守
世界500强
三明、万州、百色、九江、三亚、六盘水
共建“一带一路”
一体化推进
统一部署
一些部门
一批项目
服务“三农”
全国两会
四川和五家渠
两个维护
四个意识
五位一体
三次产业
中央八项规定
“三减三健”专项行动
全省“一码通”
万家灯火
千方百计
两位数增长
上世纪90年代
八十年代
安全生产三年行动
新一轮改革
新一届政府
《中国教育现代化2030》
十分重要
一是稳增长，二是促改革
（一）夯实基础
(3)提高效能
1.全面推进
（1）开展整治
见附表［12］
第一产业
第三方评估
第一时间响应
二次供水
PM10和SO2浓度
党的二十大
小巨人
"""


def _rows(table: str) -> list[tuple[str, str]]:
    return [(left.strip(), right.strip()) for left, _, right in (r.partition("|") for r in table.strip().splitlines())]


def _described(figure: Figure) -> str:
    value = f"{figure.value:f}" if figure.upper is None else f"{figure.value:f}~{figure.upper:f}"
    return f"{figure.text} {value} {figure.unit or '-'} {figure.qualifier or '-'} {figure.kind}"


@pytest.mark.parametrize(("sentence", "expected"), _rows(FOUND))
def test_finds(sentence: str, expected: str) -> None:
    assert [_described(f) for f in find_figures(sentence)] == [e.strip() for e in expected.split(";")]


@pytest.mark.parametrize("text", NOT_FIGURES.strip().splitlines())
def test_leaves_names_and_labels_alone(text: str) -> None:
    assert find_figures(text) == []


def _one(text: str) -> Figure:
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1500亿元", "0.15万亿元"),
        ("1.7万家", "17000家"),
        ("两成", "20%"),
        ("43万人", "43万名"),
        ("超100亿元", "100多亿元"),
        ("近9000人", "接近9000人"),
        ("约30人", "30人左右"),
        ("不少于20家", "20家以上"),
        ("３１．５％", "31.5%"),
        ("百分之二十一点七", "21.7%"),
        ("2400万标箱", "2400万标准箱"),
        ("5%—5.5%", "5-5.5%"),
        ("居全省第2位", "居全省第二"),
        ("增长5%", "占5%"),
    ],
)
def test_same_figures(one: str, other: str) -> None:
    assert same_figure(_one(one), _one(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("640套", "590套"),
        ("640套", "640户"),
        ("20家", "20户"),
        ("100亿元", "超100亿元"),
        ("近100亿元", "超100亿元"),
        ("100亿元以上", "超100亿元"),
        ("5%", "5%—5.5%"),
        ("5%", "5个百分点"),
        ("1公顷", "15亩"),
        ("排名第三。", "排名前三。"),
        ("1.84:1", "1.84:2"),
    ],
)
def test_different_figures(one: str, other: str) -> None:
    assert not same_figure(_one(one), _one(other))


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        ("3.8万亿元", "3.65万亿元", "0.15万亿元（1500亿元）"),
        ("43.4万人", "40.5万人", "2.9万人"),
        ("占比77.9%", "占比75.4%", "2.5个百分点"),
        ("增长5.2%", "增长6%", "-0.8个百分点"),
        ("1268.5亿元", "1200亿元", "68.5亿元"),
        ("590套", "640套", "-50套"),
        ("1.2亿元", "8000万元", "0.4亿元（4000万元）"),
        ("30亩", "1公顷", "15亩"),
        ("2.5个百分点", "1.5个百分点", "1个百分点"),
        ("居全省第3位", "居全省第5位", "-2位"),
    ],
)
def test_difference(one: str, other: str, text: str) -> None:
    assert difference(_one(one), _one(other)).text == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("640套", "640户"),
        ("5%", "5亿元"),
        ("增长5%", "占比5%"),
        ("5%—5.5%", "5%"),
        ("2024年", "2023年"),
        ("1.84:1", "1.9:1"),
        ("5亿元", "5亿美元"),
    ],
)
def test_what_cannot_be_subtracted(one: str, other: str) -> None:
    with pytest.raises(ValueError, match=r"不能相减|不是可以相减"):
        difference(_one(one), _one(other))


def test_a_difference_of_rounded_figures_is_approximate() -> None:
    assert difference(_one("近9000人"), _one("8000人")).approximate
    assert not difference(_one("9000人"), _one("8000人")).approximate


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        ("1", "公顷", "亩", "15"),
        ("2", "平方公里", "亩", "3000"),
        ("1.2", "吨", "公斤", "1200"),
        ("3", "兆瓦", "千瓦", "3000"),
    ],
)
def test_convert(value: str, unit: str, to: str, result: str) -> None:
    assert convert(Decimal(value), unit, to) == Decimal(result)


def test_convert_refuses_other_dimensions() -> None:
    with pytest.raises(ValueError, match="不能换算"):
        convert(Decimal(1), "套", "户")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("126850000000", "元", "1268.5亿元"),
        ("640", "套", "640套"),
        ("5.20", "%", "5.2%"),
        ("15000", "户", "1.5万户"),
        ("12345", "人", "1.2345万人"),
        ("123456", "人", "12.3456万人"),
        ("1.84", ":1", "1.84:1"),
    ],
)
def test_render(value: str, unit: str, text: str) -> None:
    assert render(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("sentence", "way"),
    [
        ("产值增长5%", "up"),
        ("失业率下降0.2个百分点", "down"),
        ("能耗降低3%", "down"),
        ("普及率提高到95%", "up"),
        ("增速高于全国1.2个百分点", "up"),
        ("发案数较上年减少12%", "down"),
        ("增加值占比42%", ""),
        ("总量达到300亿元", ""),
    ],
)
def test_direction(sentence: str, way: str) -> None:
    assert direction(sentence, _one(sentence)) == way


# sentence | for each figure: subject / left / tail / predicate / right, "" where there is none
BOUND = """
建成保障性租赁住房640套、新建开工590套 | /建成保障性租赁住房/// ; 保障性租赁住房/新建开工///
培训技能人才近9000人次，新增就业7500人 | /培训技能人才/// ; /新增就业///
推出12条精品旅游线路 | /推出///精品旅游线路
3个长者食堂建成投用 | ////长者食堂建成投用
5个项目入选省级名录 | ////项目入选省级名录
34件为民办实事项目全部完成 | ////为民办实事项目全部完成
一般公共预算收入2027.3亿元、增长9.8%，其中税收占比77.9% | /一般公共预算收入/// ; 一般公共预算收入/增长/// ; 一般公共预算收入/税收占比///
生产总值突破千亿元，增长6.1%，增速居全省第2位 | /生产总值/// ; 生产总值/增长/// ; 生产总值/增速居全省///
城市低保和农村低保标准每月分别提高25元、50元 | /城市低保/标准每月/分别提高/ ; /农村低保标准每月//分别提高/
一产、二产、三产增加值分别增长4.1%、5%和6% | /一产/增加值/分别增长/ ; /二产/增加值/分别增长/ ; /三产增加值//分别增长/
规上工业产值、投资分别增长8%、9% | /规上工业产值//分别增长/ ; /投资//分别增长/
城镇、农村居民人均收入分别增长5%、7% | /城镇/居民人均收入/分别增长/ ; /农村居民人均收入//分别增长/
城乡低保标准提高到815元和615元 | /城//低保标准提高到/ ; /乡//低保标准提高到/
公路、水路货物周转量分别增长22%、14%，占比分别为60%、20% | /公路/周转量/分别增长/ ; /水路货物周转量//分别增长/ ; /公路/周转量/占比分别为/ ; /水路货物周转量//占比分别为/
社区食堂、农村（牧区）幸福院覆盖率分别达90%、60% | /社区食堂/覆盖率/分别达/ ; /农村（牧区）幸福院覆盖率//分别达/
117个政务服务事项压缩承诺时限384个工作日 | ////政务服务事项压缩承诺时限 ; /117个政务服务事项压缩承诺时限///
亿元以上产业项目投资额达到357亿元 | ////产业项目投资额达到 ; /亿元以上产业项目投资额达到///
实施29处、覆盖88万人、投资34亿元的供水工程 | /实施///供水工程 ; /覆盖//实施/供水工程 ; /投资//实施/供水工程
加快东线隧道、西线隧道建设，分别完成工程量的40%和75%以上 | /加快东线隧道/建设/分别完成工程量/ ; /西线隧道建设//分别完成工程量/
认定专精特新企业21家、总数达96家 | /认定专精特新企业/// ; 专精特新企业/总数达///
4个10万吨级泊位建成投用 | ////10万吨级泊位建成投用 ; ////泊位建成投用
完成老旧小区改造44个25319户 | /完成老旧小区改造/// ; /完成老旧小区改造///
人均收入从2020年的5.2万元提高到2025年的7.4万元 | /人均收入从2020年/// ; /人均收入从2020年的5.2万元提高到2025年///
累计建成示范片8个、示范乡镇12个 | /累计建成示范片/// ; /示范乡镇//累计建成/
建成10个公园和20个驿站 | /建成///公园 ; ///建成/驿站
办理代表建议242件和政协提案429件 | /办理代表建议/// ; /政协提案//办理/
中欧班列（东线）开行603列、增长21% | /中欧班列（东线）开行/// ; 中欧班列（东线）/增长///
每个县发展2个带动能力强、就业容量大的产业 | /每个县发展///带动能力强、就业容量大的产业
新签约项目269个、总投资超2500亿元 | /新签约项目/// ; 项目/总投资//新签约/
引进人才2300人，其中领军人才41人 | /引进人才/// ; 人才/领军人才///
新增国家级平台4个，累计14个 | /新增国家级平台/// ; 国家级平台/累计///
研发费用22.5亿元，增长71.7% | /研发费用/// ; 研发费用/增长///
全市经济稳中有进，增长5.2% | 全市经济稳中有进/增长///
旅游收入增长31%，高于全区4个百分点 | /旅游收入增长/// ; 旅游收入/高于全区///
80%的审批事项当日办结 | ////审批事项当日办结
新增高新技术企业32家（其中独角兽企业1家） | /新增高新技术企业/// ; 高新技术企业/独角兽企业///
集聚企业500家，占全市的三分之一 | /集聚企业/// ; 企业/占全市///
粮食播种面积380万亩、总产量98万吨 | /粮食播种面积/// ; 粮食播种面积/总产量///
科创板上市企业55家，位居全国第三。 | /科创板上市企业/// ; 科创板上市企业/位居全国///
实施两岸提升等203个重点项目，完成投资362亿元 | /实施两岸提升等///重点项目 ; 重点项目/完成投资///
新建幼儿园、小学共40所 | /新建幼儿园、小学共///
拥有省级园区3个、市级园区8个；新增面积20亩 | /拥有省级园区/// ; /市级园区//拥有/ ; /新增面积///
改造燃气管网637公里、供热管网136公里、供水管网35公里 | /改造燃气管网/// ; /供热管网//改造/ ; /供水管网//改造/
新增绿地5公顷，其中口袋公园12个 | /新增绿地/// ; 绿地/口袋公园///
获评“四好农村路”示范镇4个 | /获评“四好农村路”示范镇///
固定资产投资（不含农户）增长6% | /固定资产投资（不含农户）增长///
服务进出口总额54.8亿元，同比增长50% | /服务进出口总额/// ; 服务进出口总额/同比增长///
生产总值增长5%，其中一产增长3%、二产增长6% | /生产总值增长/// ; 生产总值/一产增长/// ; 生产总值/二产增长///
常住人口城镇化率提高1个百分点以上 | /常住人口城镇化率提高///
每千人口拥有3岁以下婴幼儿托位4.5个 | /每千人口拥有///婴幼儿托位 ; /每千人口拥有3岁以下婴幼儿托位///
新签约亿元以上项目90个，其中十亿元以上项目18个 | /新签约///项目 ; /新签约亿元以上项目/// ; 亿元以上项目////项目 ; 亿元以上项目/十亿元以上项目///
民生支出占比达83%，较上年提高4.1个百分点 | /民生支出占比达/// ; 民生支出占比/较上年提高///
惠及企业2万家次，减征社保费3000万元 | /惠及企业/// ; /减征社保费///
带动进出口415亿元、增长11.7% | /带动进出口/// ; 进出口/增长///
45个县通高速，新增里程590公里 | ////县通高速 ; 县通高速/新增里程///
集中抓好430个重点项目建设，投资增长20%以上 | /集中抓好///重点项目建设 ; 重点项目建设/投资增长///
外贸、社会消费品零售总额分别增长5%和6%，居全市第一、第二。 | /外贸//分别增长/ ; /社会消费品零售总额//分别增长/ ; /外贸//居全市/ ; /社会消费品零售总额//居全市/
安置群众2237户，推出商品房2259套 | /安置群众/// ; /推出商品房///
发放消费券1.3亿元、拉动消费6亿元 | /发放消费券/// ; /拉动消费///
主要目标是：财政收入增长5%，粮食产量2亿斤以上 | /财政收入增长/// ; /粮食产量///
水质优良率100%，优良天数351天 | /水质优良率/// ; /优良天数///
一、二、三产分别增长5%、9%和6% | /一/产/分别增长/ ; /二/产/分别增长/ ; /三产//分别增长/
引进50亿元、100亿元以上项目各1个 | /引进///项目各 ; ///引进/项目各 ; /100亿元以上项目各//引进/
新开工项目60个，协议引资额40亿元，其中工业项目30个 | /新开工项目/// ; 项目/协议引资额/// ; 项目/工业项目///
打造“一刻钟生活圈”48个 | /打造“一刻钟生活圈”///
"""


def _bound(sentence: str) -> list[str]:
    found = []
    for b in bind_figures(sentence):
        spans = (b.subject, b.left, b.tail, b.predicate, b.right)
        found.append("/".join(sentence[slice(*span)] if span else "" for span in spans))
    return found


@pytest.mark.parametrize(("sentence", "expected"), _rows(BOUND))
def test_binds(sentence: str, expected: str) -> None:
    assert _bound(sentence) == [e.strip() for e in expected.split(" ; ")]


@pytest.mark.parametrize(
    ("sentence", "printed", "words"),
    [
        ("城市低保和农村低保标准每月分别提高25元、50元", "25元", "城市低保标准每月分别提高"),
        ("城市低保和农村低保标准每月分别提高25元、50元", "50元", "农村低保标准每月分别提高"),
        ("建成保障房640套、新建开工590套", "590套", "保障房新建开工"),
        ("财政收入200亿元、增长9.8%", "9.8%", "财政收入增长"),
        ("推出12条旅游线路", "12条", "推出旅游线路"),
        ("建成公园10个、驿站20个", "20个", "驿站建成"),
        ("2024年完成工作", "2024年", ""),
        ("城镇新增就业：目标 7000人，完成 7500人。", "7500人", "城镇新增就业完成"),
        ("就业 新增就业：2022年目标 7000人，增速 6.5%。", "6.5%", "就业 新增就业增速"),
    ],
)
def test_indicator_of(sentence: str, printed: str, words: str) -> None:
    figure = next(f for f in find_figures(sentence) if f.text == printed)
    assert indicator_of(sentence, figure) == words


# --- properties ---------------------------------------------------------------------------------------------------

_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "0123456789０１２９.．,，%％万亿千百十一二三两〇零点年月日第前近超约多余以上—至、和个套元人增长占分别之成倍番（）“”:：/ 的其中"
        ),
        st.characters(),
    ),
    max_size=60,
)


@given(_TEXT)
@example("百分之")
@example("第")
@example("1/0")
@example("零分之一")
@example("²年①个")
@example("亿" * 60)
@example("百亿万亿个")
def test_never_raises_and_spans_hold(text: str) -> None:
    figures = find_figures(text)
    assert all(0 <= f.start < f.end <= len(text) and text[f.start : f.end] == f.text for f in figures)
    assert all(a.end <= b.start for a, b in itertools.pairwise(figures))
    for binding in bind_figures(text):
        for span in (binding.left, binding.right, binding.subject, binding.tail, binding.predicate):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)


_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


@given(_TEXT)
def test_full_width_reads_as_half_width(text: str) -> None:
    narrow = text.translate({wide: narrow for narrow, wide in _WIDE.items()})
    meant = [(f.start, f.end, f.value, f.upper, f.unit, f.kind) for f in find_figures(narrow)]
    assert [(f.start, f.end, f.value, f.upper, f.unit, f.kind) for f in find_figures(narrow.translate(_WIDE))] == meant


@given(
    st.decimals(min_value=0, max_value=10**14, places=2),
    st.sampled_from(
        ["元", "套", "人", "个", "家", "亩", "吨", "公里", "%", "个百分点", "倍", "千瓦时", "标准箱", "人次"]
    ),
)
def test_rendered_figures_read_back(value: Decimal, unit: str) -> None:
    figure = _one(f"共计{render(value, unit)}。")
    assert (figure.value, figure.unit) == (value, unit)
