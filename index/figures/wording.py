"""Which words of a clause are verbs, which say nothing by themselves and which name an indicator.

Word lists instead of a tagger: reports use a small set of verbs, and a tagger would cost more than all the rest.
"""

from __future__ import annotations

import re

_VERBS = """
增长 增加 提高 提升 上升 上涨 下降 减少 降低 回落 下调 压减 压缩 缩短 收窄 扩大 实现 完成 达到 达 突破 超过 新增
新建 新开工 开工 建成 实施 推进 推动 培育 引进 引育 招引 打造 创建 获评 获批 入选 新认定 认定 发放 投放 惠及 带动
拉动 吸引 接待 处置 化解 整治 整改 修复 办结 办理 解决 帮助 筹集 筹建 落实 落地 签约 开展 举办 承办 推出 出台 制定
开通 开行 投入 投用 投产 投运 竣工 完工 复工 交付 减免 减征 兑现 拨付 争取 到位 占 居(?!民|住) 位居 位列 排名 排
(?<![班系行专])列(?!车) 跃居 升至 降至 增至
增加到 提高到 提升到 扩大到 稳定在 保持在 控制在 由 从 到 为 比 较 高于 低于 快于 达产 新改扩建 改扩建 改建 续建
新改建 基本建成 启动 布局 组建 设立 成立 发布 评选 选派 选聘 招聘 录用 安置 搬迁 关停 淘汰 清理 查处 破获 侦破 抓获
打掉 挽回 节约 节省 释放 盘活 出让 收储 消化 去化 播种 收获 出栏 铺设 敷设 架设 安装 加装 更新 升级 修缮 力争 确保
计划 预计 新引进 累计 新签约 新落地 孵化 转化 拥有 集聚 汇聚 聚集 共有 形成 推广 理赔 资助 受益 支持 支付 下达 优化
改善 整合 建立 构建 建强 做强 做大 促进 再创建 创成 荣获 获得 夺得 攻克 攻关 制修订 修订 审议 提请 通报 复核 新培育
新创 新获 净增 压降 调整 下放 取消 精简 清退 追回 收缴 破解 保持 稳定 提速 翻番 满足 导入 承接 谋划 落户 入驻 入库
新入库 纳统 新纳统
"""
# Verbs that as often begin or end a noun: 保障房, 研发费用, 老旧小区改造.
_ALSO_NOUN = r"研发|应用|建设|治理|报告|转移|储备|种植|养殖|保障|供应|组织|授权|申请|改造|帮扶|救助|服务|维修"
_VERB_WORDS = "|".join(sorted(_VERBS.split(), key=len, reverse=True))
_VERB = re.compile(_VERB_WORDS)

_EMPTY = (
    r"一定|进一步|大幅|明显|基本|均|都|也|已|将|了|的|约|近|超|逾|再次|再|又|首次|分别|各|共|总|年均|平均|每年"
    r"|每月|每|累计|同比|环比|可比价|不变价|实际|名义|同口径|增速|增幅|降幅|涨幅|增量|总量|总产量|产量|产值"
    r"|占比|比重|比例|其中|其|以上|左右|全国|全省|全市|全区|全州|全县|全盟|全球|世界|国内|国家|省|市|中西部"
    r"|东部|西部|中部|地区|平均水平|水平|上年|去年|上年同期|今年|前年|年初|年底|年末|同期|全年|一季度|上半年"
    r"|目标|预期|任务|第|前列|首位|历史|新高|连续|幅度|规模|总数|总额|数量|人数|新|净|个百分点|百分点|和|及|与"
    r"|大关|关口|台阶"
    r"|、|是|有|在|以|至|等|个|位次|名次|时间|目前|现有|现|增|降|升|减|涨|年|月|日|这|我们|我|更|还|同|届|\x00"
    r"|—|-|“|”|[0-9.%]| "
)
_SAYS_NOTHING = re.compile(_EMPTY)
_ADVERB = (
    r"全年|全市|全省|全区|力争|确保|预计|计划|累计|成功|持续|顺利|率先|已|新|再|共|又|将|年内|继续|加快|今年"
    r"|去年|基本|完成|实现|推动|支持|促进"
)
LEADING_VERB = re.compile(rf"(?:{_ADVERB})*(?:{_VERB_WORDS}|{_ALSO_NOUN})")
_SHORT_NOUNS = frozenset("钢铁煤油气电粮棉茶糖肉蛋奶鱼水路桥房车船纱布猪牛羊果药")
_FROM_A_FIGURE = re.compile(r"[由从][0-9一二三四五六七八九十百千万两]")
_ENDS_AS_NOUN = re.compile(rf"(?:{_ALSO_NOUN})$")
_TRAILING = re.compile(
    rf"(?:{_VERB_WORDS}|(?:由|从|到|至|较|比)[^，]{{0,12}}年的?"
    r"|约|近|超|逾|分别|均|已|将|了|的|同比|环比|年均|累计|再次|首次|共|也|都|是|在|至)+$"
)
# 总投资, 完成投资, 产值 say little without the project or place they are of.
_DEPENDENT = re.compile(
    r"(?:"
    r"总投资|投资额|投资|营业收入|营收|销售收入|销售额|交易额|成交额|收入|金额|资金|总金额|面积|总面积|里程"
    r"|长度|建筑面积|利润|税收|净利润|增加值|贡献率|覆盖率|满意度|完成率|开工率|合格率|总资产|余额|标准|价格"
    r"|人次|床位|容量|装机|质量|税额|协议|额|合同|引资"
    r")+"
)
# Heads of indicators that a list may leave to its last item: 城镇、农村居民人均可支配收入.
INDICATOR_HEAD = re.compile(
    r"(?:(?:居民|常住居民)?人均(?:可支配|纯)?收入|"
    r"收入|(?:运输)?周转量|吞吐量|增加值|总产值|产值|覆盖率|普及率|入学率|毛入学率|完成率|合格率|优良率|达标率"
    r"|利用率|处理率|参保率|签约率|比重|占比|比例|产量|面积|总额|收入|投资|余额|标准|增速|人数|数量|规模|价格"
    r"|支出|销售额|零售额|交易额|用电量|发电量|浓度|里程|床位数?|参保人数|满意度|贡献率|水平|储量|排名"
    r")(?:每人?每?月|每年)?$"
)
COMPLETE_INDICATOR = re.compile(r"外贸|进出口|进口|出口|GDP|生产总值|消费|外资|就业|财政|率$")


def has_noun(words: str) -> bool:
    """Whether anything remains of a clause without its verbs and the words that say nothing by themselves."""
    rest = _SAYS_NOTHING.sub("", _VERB.sub("\x00", words))
    return len(rest) > 1 or rest in _SHORT_NOUNS


def carries_subject(words: str) -> bool:
    """Whether a clause has no noun but such as 总投资, which leave it to an earlier clause what they are of."""
    rest, dependent = _DEPENDENT.subn("\x00", _VERB.sub("\x00", words))
    return dependent > 0 and not _SAYS_NOTHING.sub("", rest)


def noun_of(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span without verbs and adverbs at its ends: 税收收入 of 税收收入同比增长, 租赁住房 of 建成租赁住房."""
    start, end = span
    if (change := _FROM_A_FIGURE.search(text, start, end)) and change.start() > start:
        end = change.start()
    trailing = _TRAILING.search(text[start:end])
    if trailing and trailing.start() > 0:
        end = start + trailing.start()
        end += 2 if text.startswith("占比", end) else 0  # 占 and 比 are verbs, 占比 is a noun
    leading = LEADING_VERB.match(text[start:end])
    if leading and not _ENDS_AS_NOUN.search(leading.group()) and has_noun(text[start + leading.end() : end]):
        start += leading.end()
    return (start, end)
