// 摘要 and 对比: a form asks, the result comes beside it.  What was asked stands in the address.
Object.assign(wenbao, {
  // `read` the form as an object, `fill` it from one.  Returns what asks for an object.
  task(tab, element, props, trigger, server, { read, fill, toApi }) {
    let shown = null;
    let ready = Promise.resolve();
    const run = (text) => {
      wenbao.halt(tab, server);
      if (wenbao.works[tab]) server.stop(wenbao.works[tab]);  // asked a moment ago, and not yet shown
      shown = text;
      wenbao.clearPanel();
      wenbao.works[tab] = wenbao.number();
      trigger("begin", { work: wenbao.works[tab], wanted: JSON.parse(text) });
    };
    const parsed = (text) => {
      try {
        return JSON.parse(text);
      } catch {
        return null;
      }
    };
    const ask = (wanted) => {
      const text = JSON.stringify(wanted);
      const address = `#${tab}/${encodeURIComponent(text)}`;
      if (location.hash === address) run(text);
      else location.hash = address;
    };
    const refresh = async () => {
      await wenbao.put(props, await server.form());
      if (wenbao.isWide()) element.querySelector(".more")?.setAttribute("open", "");
      const wanted = shown && parsed(shown);
      if (element.querySelector("form")) await fill(wanted ?? {});
    };
    element.addEventListener("submit", (event) => { event.preventDefault(); ask(read()); });
    wenbao.onButton(element, (button) => {
      if (button.dataset.stop) wenbao.halt(tab, server);
    });
    wenbao.onLibrary(() => { ready = refresh(); });
    ready = refresh();
    wenbao.onShow(tab, async (text) => {
      await ready;
      if (!text && shown) history.replaceState(null, "", `#${tab}/${encodeURIComponent(shown)}`);
      const wanted = text && text !== shown && parsed(text);
      if (!wanted || !element.querySelector("form")) return;
      await fill(wanted);
      run(text);
    });
    wenbao.onShow(tab, () => { wenbao.exported = () => toApi(parsed(shown)); });
    return ask;
  },

  // The number of what each tab waits for or shows.
  works: {},

  halt(tab, server) {
    if (!document.body.dataset[`${tab}Pending`]) return;
    server.stop(wenbao.works[tab]);
    wenbao.works[tab] = null;
    wenbao.showHalted[tab]();
  },

  showHalted: {},

  // The result of a tab; while it comes, its form offers to stop.
  result(tab, element, props, watch) {
    let kept = props.value;
    const settle = () => {
      const { work } = element.querySelector(".result")?.dataset ?? {};
      if (work && work !== wenbao.works[tab] && props.value !== kept) {
        // What was on its way when all was stopped comes after it.
        wenbao.put(props, kept);
        return;
      }
      kept = props.value;
      const isPending = Boolean(element.querySelector("[data-pending]"));
      const hasBegun = isPending && !document.body.dataset[`${tab}Pending`];
      wenbao.note(`${tab}Pending`, isPending);
      // Where the form stands above, what comes of it is out of sight.
      if (hasBegun && !wenbao.hasRail()) element.scrollIntoView({ block: "start" });
      const mark = element.querySelector("article button.mark");
      if (mark && !isPending && wenbao.isWide()) wenbao.open(mark, { takesFocus: false });
    };
    wenbao.showHalted[tab] = () => {
      kept = kept.replace("data-pending", "data-halted");
      return wenbao.put(props, kept).then(settle);
    };
    wenbao.onButton(element, (button) => { if (button.dataset.source) wenbao.open(button); });
    watch("value", settle);
  },

  summarizing(element, props, trigger, server) {
    const form = () => element.querySelector("form");
    const chosen = (select) => select.selectedOptions[0]?.dataset ?? {};

    // The headings of the report, and its place's other years.
    const follow = async () => {
      const { kind, report, section, other, topic } = form().elements;
      form().dataset.kind = kind.value;
      const any = report.querySelector(".any");
      any.hidden = any.disabled = kind.value !== "topic";
      if (report.selectedOptions[0]?.disabled) report.value = report.querySelector("optgroup option").value;
      topic.required = kind.value === "topic";
      const { region, year } = chosen(report);
      const others = [...report.options].filter((o) => o.dataset.region === region && o.value !== report.value && region);
      other.replaceChildren(...others.map((option) => new Option(option.textContent, option.value)));
      const before = others.find((option) => option.dataset.year < year);
      if (before) other.value = before.value;
      other.required = kind.value === "changes";
      if (kind.value === "section" && section.dataset.of !== report.value) {
        section.dataset.of = report.value;
        const headings = await server.sections(report.value);
        section.replaceChildren(...headings.map((heading) => new Option(heading)));
      }
    };
    // Of many reports only those that fit what is typed are left to choose from, and the newest of them is chosen.
    const find = (typed) => {
      const { report } = form().elements;
      const words = typed.split(/\s+/).filter(Boolean);
      const options = [...report.querySelectorAll("optgroup option")];
      for (const option of options) {
        const text = `${option.textContent}${option.dataset.region}`;
        option.hidden = option.disabled = !words.every((word) => text.includes(word));
      }
      for (const group of report.querySelectorAll("optgroup")) group.hidden = [...group.children].every((option) => option.hidden);
      const found = options.filter((option) => !option.hidden);
      if (words.length && found.length && report.selectedOptions[0]?.hidden) report.value = found[0].value;
      form().querySelector(".report-finder").setCustomValidity(found.length ? "" : WORDS.noReportFound);
      follow();
    };
    const fill = async (wanted) => {
      const finder = form().querySelector(".report-finder");
      if (finder?.value) { finder.value = ""; find(""); }
      for (const [name, value] of Object.entries(wanted)) {
        const field = form().elements[name];
        if (field && !["section", "other"].includes(name)) field.value = value;
      }
      await follow();
      for (const name of ["section", "other"]) if (wanted[name]) form().elements[name].value = wanted[name];
    };
    const read = () => {
      const { kind, report, section, other, topic, length, style } = form().elements;
      const needs = { section: { section: section.value }, topic: { topic: topic.value.trim() }, changes: { other: other.value } };
      return { kind: kind.value, report: report.value, ...needs[kind.value], length: length.value, style: style.value };
    };
    const toApi = ({ kind, report, section = "", other, topic = "", length, style }) => (kind === "changes"
      ? { changes: { reports: [other, report], length } }
      : { summarize: { reports: report ? [report] : [], section, question: topic, length, style } });
    wenbao.task("summary", element, props, trigger, server, { read, fill, toApi });
    element.addEventListener("change", (event) => {
      if (["kind", "report"].includes(event.target.name)) follow();
    });
    element.addEventListener("input", (event) => { if (event.target.matches(".report-finder")) find(event.target.value); });
    wenbao.onButton(element, (button) => {
      if (button.dataset.topic) form().elements.topic.value = button.dataset.topic;
    });
  },

  summary(element, props, watch) { wenbao.result("summary", element, props, watch); },

  comparing(element, props, trigger, server) {
    const form = () => element.querySelector("form");
    const boxes = (name) => [...form().querySelectorAll(`input[name="${name}"]`)];
    const checked = (name) => boxes(name).filter((box) => box.checked).map((box) => box.value);
    const read = () => {
      const { question, others } = form().elements;
      const indicators = [...checked("indicators"), ...others.value.split(/[、，,；;]/).map((one) => one.trim()).filter(Boolean)];
      return {
        question: question.value.trim(),
        indicators,
        regions: checked("regions"),
        years: checked("years").map(Number),
        roles: checked("roles"),
        level: checked("level")[0] ?? null,
      };
    };
    const fill = (wanted) => {
      for (const name of ["indicators", "regions", "years", "roles", "level"]) {
        const values = [wanted[name] ?? []].flat().map(String);
        boxes(name).forEach((box) => { box.checked = values.includes(box.value); });
      }
      const suggested = boxes("indicators").map((box) => box.value);
      form().elements.others.value = (wanted.indicators ?? []).filter((one) => !suggested.includes(one)).join("、");
      form().elements.question.value = wanted.question ?? "";
    };
    wenbao.compare = wenbao.task("compare", element, props, trigger, server, { read, fill, toApi: (wanted) => ({ compare: wanted }) });
    element.addEventListener("input", (event) => {
      if (event.target.type !== "search") return;
      event.target.closest("fieldset").querySelectorAll("label").forEach((label) => {
        label.hidden = !label.textContent.includes(event.target.value.trim()) && !label.querySelector("input").checked;
      });
    });
    wenbao.onButton(element, (button) => { if (button.dataset.clear) fill({}); });
  },

  comparison(element, props, watch, server) {
    wenbao.result("compare", element, props, watch);
    const start = async () => {
      const html = await server.start();
      if (!element.querySelector("[data-pending], .answer")) await wenbao.put(props, html);
    };
    wenbao.onButton(element, (button) => { if (button.dataset.question) wenbao.compare({ question: button.dataset.question }); });
    wenbao.onLibrary(start);
    start();
  },
});
