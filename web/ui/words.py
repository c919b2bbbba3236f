"""Every word that the page says; templates see this module as `words`."""

from __future__ import annotations

TITLE = "问报"
TAGLINE = "向政府工作报告提问，答案附原文出处"
TABS_LABEL = "功能"
TABS = {"ask": "问答", "summary": "摘要", "compare": "对比", "reports": "报告", "about": "关于"}

NEW_CHAT = "新对话"
CONVERSATIONS = "对话记录"
NO_CONVERSATIONS = "问过的会记在这里"
RENAME = "改名"
DELETE = "删除"
CANCEL = "取消"
DONE = "完成"
CONFIRM_CONVERSATION = "删除这个对话？删除后找不回来。"

QUESTION = "问题"
PLACEHOLDER = "问一个数字或一件事"
ASK = "提问"
STOP = "停止"
ASK_AGAIN = "再问一次"
ASK_EVERYWHERE = "在全部报告里再问"
STOPPED = "已停止，上面是停止前核对过的内容。"
STOPPED_EMPTY = "已停止，还没有答出来。"
YOU = "您问："
SEARCHING = "正在查找并核对原文…"

WELCOME = "想查哪个数？"
WELCOME_NOTE = "每个数字都能点开看原文那一段；原文里没有的，不会编。"
EXAMPLES = "试试这些问题"
LOADED = "已载入 {count} 份报告，{places} 个地区，{years}"
LOADED_LIST = "查看报告"
YEARS = "{first}—{last} 年"
YEAR = "{first} 年"

EMPTY = "还没有报告"
EMPTY_UPLOAD = "先把政府工作报告加进来（docx、pdf、ofd、txt 等都行），就能提问。"
ADD_REPORTS = "添加报告"
EMPTY_NOTE = "报告很多时，也可以放进一个文件夹，在终端里执行："
EMPTY_COMMAND = "wenbao index 报告文件夹"
EMPTY_READER = "还没有您能看的报告，请联系管理员。"

UNDERSTOOD = "按此理解"
SCOPE = "查找范围"
REGION = "地区"
ASKED_YEAR = "年份"
REPORT = "报告"
MORE_REPORTS = "《{title}》等 {count} 份"
ALL_REPORTS = "全部报告"
DELIVERY_YEAR = "作报告的年份"
DELIVERED = "{year}年报告"
LIMITED = "限于 {limits}"
SCOPE_FILTER = "输入地名或年份查找"
SCOPE_HINT = "2024 年的报告讲 2023 年的完成情况和 2024 年的目标。"
SCOPE_CLEAR = "不限"
SCOPE_COUNT = "{count} 份报告"
SCOPE_NONE = "没有这样的报告"
REMOVE_LIMIT = "去掉"
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
GOOD = "答得对"
BAD = "答得不对"
WHAT_IS_WRONG = "哪里不对？"
REASONS = {
    "wrong_figure": "数字不对",
    "wrong_place": "答非所问",
    "incomplete": "不全",
    "should_answer": "该答没答",
    "should_refuse": "不该答却答了",
    "other": "其他",
}
COMMENT = "应该是什么（可不填）"
SEND = "提交"
THANKS = "已记下，谢谢"
NOT_SENT = "没能提交，请稍后再试"
LOST_SOURCE = "所引的报告已移除，或您已不能查看。请重新提问。"
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

# What the script says by itself.
NOT_DONE = "没有做成，请稍后再试。"
SPOKEN = {
    "title": TITLE,
    "copied": COPIED,
    "failed": COPY_FAILED,
    "notDone": NOT_DONE,
    "notSent": NOT_SENT,
    "thanks": THANKS,
    "rename": RENAME,
    "confirmConversation": CONFIRM_CONVERSATION,
    "allReports": ALL_REPORTS,
    "scopeCount": SCOPE_COUNT,
    "scopeNone": SCOPE_NONE,
    "removeLimit": REMOVE_LIMIT,
}
