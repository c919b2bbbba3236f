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
ERROR_UNEXPECTED = "程序出错了，没有做成。请把编号 {number} 和时间告诉管理员，日志里有详细记录。"
TOO_LONG = "问题有 {count} 个字，最多 {limit} 个字。请只问一件事。"

SUMMARY_OF = "概括什么"
SUMMARY_KINDS = {"report": "整份报告", "section": "其中一节", "topic": "一个主题", "changes": "与另一年比"}
SECTION = "哪一节"
TOPIC = "什么主题"
TOPIC_HINT = "如：就业和住房"
ANY_REPORT = "全部报告（主题里写明地区和年份）"
OTHER_REPORT = "比哪一年新"
LENGTH = "长短"
LENGTHS = {"brief": "三句话", "page": "一页", "full": "详版"}
STYLE = "样式"
STYLES = {"points": "要点", "document": "公文段落"}
SUMMARIZE = "写摘要"
SUMMARY_EMPTY = "选一份报告，写成摘要"
SUMMARY_NOTE = "每一句都有出处；没写进去的数字列在最后，点一下就能看到。"
READING = "正在读第 {done} 节，共 {total} 节：{section}"
BEGINNING = "正在读报告…"
NO_SUMMARY = "没有写出摘要"
SUMMARY_STOPPED = "已停止，上面是停止前核对过的内容。"
LEFT_OUT = "没写进去的 {count} 处"
ALL_SOURCES = "出处 {count} 处"
NO_REPORTS = "还没有可用的报告。"
NOT_SUMMARIZED = "没能概括：{section}（{reason}）"

COMPARE_QUESTION = "一句话说要比什么"
COMPARE_HINT = "如：{region}历年{indicator}"
COMPARE_HINT_LINE = "{region}历年{indicator}"
COMPARE = "对比"
CHOOSE_YOURSELF = "或者自己选"
INDICATOR = "指标"
OTHER_INDICATORS = "其他指标，用顿号隔开"
FIGURE_YEAR = "哪一年的数"
REGION_LEVEL = "级别"
LEVELS = {"province": "省级", "city": "市级", "county": "县级"}
ROLE = "完成还是目标"
ROLES = {"done": "完成数", "target": "目标"}
ROLES_HINT = "两样都选就对照着看；都不选由程序判断。"
COMPARE_EMPTY = "把几个地区、几年的数排在一起"
COMPARE_NOTE = "每个数照原文写，点开看出处；差额由程序算出，单位或口径不同的不比。"
COMPARING = "正在逐份查数、核对…"
COMPARED = "正在逐份查数、核对：已查 {done} 格，共 {total} 格"
NO_COMPARISON = "没有比成"
EXPORT = "导出"
EXPORTS = {"docx": "Word", "markdown": "Markdown", "xlsx": "Excel"}
EXPORTED = "已导出 {name}"
IN_TABLE = "排成表"
COMPUTED_BADGE = "计算值"

DROP = "把文件拖到这里，或"
PICK = "选择文件"
DROP_NOTE = (
    "docx、pdf、ofd、txt、html、xlsx 和压缩包都可以，一次可选多份。文件名写成“地区_年份”最好，如 云岭区_2024.docx。"
)
UPLOAD_OPTIONS = "文件名里没有地区、年份，或只给部分人看"
ONE_FILE_ONLY = "地区、年份、标题只能配一份文件"
REPORT_TITLE = "标题"
VISIBLE_TO = "谁可以看"
EVERYBODY = "人人可看"
ADMINS_ONLY = "只有管理员"
SOME_GROUPS = "只给这些组"
GROUPS_HINT = "组名，用顿号隔开"
UPLOADING = "正在上传 {percent}%"
LOADING = "正在读文件 {done}/{total}：{name}"
EMBEDDING = "正在建索引 {done}/{total}"
UPLOAD_STOPPED = "已停止，原有的报告没有改动。"
ADDED = "新加入：{names}"
UPDATED = "已更新：{names}"
UNCHANGED = "没有变化：{names}"
REMOVED = "已删除：{names}"
AND_MORE = "等 {count} 份"
NOT_ADDED = "没有加入"
TWINS = "已有同一份"
REPLACE_TWINS = "换成新的"
KEEP_TWINS = "都留下"
NO_REPORT_FOUND = "没有符合的报告，请换个地名或年份"
REPORT_FILTER = "输入地名、年份或标题查找"
REPORT_COUNT = "{count} 份报告"
PARAGRAPHS = "段落"
QUALITY = "解析"
QUALITY_GOOD = "{figures} 个数字"
QUALITY_LOOK = "{count} 处请看"
QUALITY_UNKNOWN = "未记录"
QUALITY_ITEMS = {
    "pages": "页",
    "paragraphs": "段",
    "headings": "个标题",
    "tables": "张表",
    "figures": "个数字",
    "doubtful": "处数字不清",
}
DELIVERED_ON = "{day} 作报告"
CORRECT = "更正"
SAVE = "保存"
CONFIRM_REPORT = "删除《{title}》？删除后再也查不到，问答里也不会再引用。"
NO_MATCH = "没有这样的报告"
BACK = "全部报告"
HEADINGS = "目录"
SEARCH_IN = "在这份报告里找"
FOUND = "第 {at} 处，共 {count} 处"
FOUND_NONE = "没有找到"
NEXT = "下一处"
PREVIOUS = "上一处"
ASK_THIS = "只问这份报告"
SUMMARIZE_THIS = "写摘要"
READ_ON = "在报告里看"
UNKNOWN_REPORT = "没有这份报告，可能已被删除。"

ABOUT_LEAD = "问报从已载入的政府工作报告里查数，答案里的每个数字都标着原文出处。"
HOW_TO_READ = "怎么看出处"
SAMPLE_BEFORE = "云岭区2023年：新建改建农村公路"
SAMPLE_FIGURE = "46公里"
LEGEND = (
    ("答案里的编号", "点它，旁边就是原文那一段：引文标黄，答案用到的数字加粗标红。"),
    ("已核对", "程序逐个核对过：答案里的数字都在所引段落里，写法、单位、年份一致。核对不过的句子不会显示。"),
    ("（ ）", "数字前面括号里的，是同一句话前面写到的名称，为了读得明白补在这里。"),
    ("计算值", "由所引的数字算出来的，原文里没有这个数；算式写在旁边。"),
    ("相近内容", "没有答案时给出的线索，不是答案。"),
    ("未能核对", "扫描件里看不清的地方，请核对原件。"),
    ("段号", "从 1 数起，同一份报告里不变；报告改过之后，旧出处会提示“改过”。"),
)
MADE_OF = "现在用的是"
ENGINE = "作答"
EXTRACTIVE = "摘取原文（不用大模型）"
EMBEDDER = "向量模型"
GENERATION = "索引"
GENERATION_TEXT = "{name}，{created} 建成"
LIBRARY = "报告"
PRIVACY = "网络"
PRIVACY_TEXT = "页面只和这台服务器通信，字体、脚本都在本机，没有统计代码。"
YOU_ARE = "您"
YOU_TEXT = "{name}（{role}）"
USER_ROLES = {"reader": "查询", "editor": "编辑", "admin": "管理员"}
SIGN_OUT = "退出登录"

# What the script says by itself.
NOT_DONE = "没有做成，请稍后再试。"
SPOKEN = {
    "title": TITLE,
    "copied": COPIED,
    "failed": COPY_FAILED,
    "notDone": NOT_DONE,
    "notSent": NOT_SENT,
    "thanks": THANKS,
    "exported": EXPORTED,
    "rename": RENAME,
    "confirmConversation": CONFIRM_CONVERSATION,
    "allReports": ALL_REPORTS,
    "scopeCount": SCOPE_COUNT,
    "scopeNone": SCOPE_NONE,
    "removeLimit": REMOVE_LIMIT,
    "confirmReport": CONFIRM_REPORT,
    "uploading": UPLOADING,
    "loading": LOADING,
    "embedding": EMBEDDING,
    "noReportFound": NO_REPORT_FOUND,
    "uploadStopped": UPLOAD_STOPPED,
    "found": FOUND,
    "foundNone": FOUND_NONE,
    "reportCount": REPORT_COUNT,
}
