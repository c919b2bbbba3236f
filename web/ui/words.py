"""Every word that the page says; templates see this module as `words`."""

from __future__ import annotations

TITLE = "问报"
TAGLINE = "向政府工作报告提问，答案附原文出处"
NEW_CHAT = "新对话"

QUESTION = "问题"
PLACEHOLDER = "问一个数字或一件事"
ASK = "提问"
YOU = "您问："
SEARCHING = "正在查找并核对原文…"

WELCOME = "想查哪个数？"
WELCOME_NOTE = "每个数字都能点开看原文那一段；原文里没有的，不会编。"
EXAMPLES = "试试这些问题"
LOADED = "已载入 {count} 份报告，{places} 个地区，{years}"
LOADED_LIST = "看看有哪些报告"
YEARS = "{first}—{last} 年"
YEAR = "{first} 年"

EMPTY = "还没有报告"
EMPTY_NOTE = "把政府工作报告（docx、pdf、ofd、txt 等）放进一个文件夹，在终端里执行下面这行，再刷新本页。"
EMPTY_COMMAND = "wenbao index 报告文件夹"
EMPTY_NAMES = "文件名写成“地区_年份”，例如 鲤城区_2023.txt，地区和年份就不用另外填。"

UNDERSTOOD = "按此理解"
SCOPE = "查找范围"
REGION = "地区"
ASKED_YEAR = "年份"
REPORT = "报告"
MORE_REPORTS = "《{title}》等 {count} 份"
ALL_REPORTS = "全部报告"
SOURCES = "出处"
OPEN_SOURCE = "看出处 {mark} 的原文"
CHECKED = "已核对：答案里的数字都在所引段落中"
DOUBTFUL = "未能核对：原件有辨认不清之处，请核对原件"
COMPUTED = "含计算值：由所引数字算出，不是原文"
SECONDS = "用时 {seconds:.1f} 秒"
INSTANT = "用时不到 0.1 秒"
COPY_ANSWER = "复制答案"
COPY_QUOTES = "复制引文"
COPY = "复制"
COPIED = "已复制"
COPY_FAILED = "没能复制，请手动选取"
QUOTE_LINE = "“{quote}”——{place}"

REFUSED = {
    "not_found": "报告里没有提到",
    "other_period": "报告里只有别的年份",
    "target_only": "只有目标，没有完成数",
    "result_only": "只有完成数，没有目标",
    "other_scope": "只有别的地区或层级",
    "other_unit": "只有别的口径或单位",
    "out_of_corpus": "没有载入这份报告",
    "ambiguous": "请先说清一点",
    "false_premise": "问题里的说法与报告不符",
}
NEAREST = "相近内容（不是这个问题的答案）"
OPTIONS = "您想问的是"

PANEL = "原文"
PANEL_HINT = "答案里的编号是出处。点它，原文显示在这里。"
PLACE = "{title}，{section}第 {paragraph} 段"
PARAGRAPH = "第 {number} 段"
PAGE = "第 {page} 页"
NEAREST_BADGE = "相近内容"
CLOSE = "关闭"
EARLIER = "上文"
LATER = "下文"
VERBATIM = "引文与原文逐字一致"
CHANGED = "这份报告在回答之后改过，下面是现在的原文，请重新提问。"
GONE = "找不到这一段：报告已被移除，或段落已变。请重新提问。"
QUOTED_THEN = "回答时所引的原文："

PROBLEM = "现在还不能提问"
LOST = "连不上问报了。请看看它还开着没有，问题还留在输入框里。"
ERROR = "没能回答"
ERROR_UNEXPECTED = "程序出错了，问题没有得到回答。请把编号 {number} 和时间告诉管理员，日志里有详细记录。"
TOO_LONG = "问题有 {count} 个字，最多 {limit} 个字。请只问一件事。"
