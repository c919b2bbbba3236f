// What the page does in the browser: questions out, sources open, text copied.  All that is shown, the server renders.
document.documentElement.lang = "zh-CN";

const wenbao = {
  isWide: () => window.matchMedia("(min-width: 60rem)").matches,

  // What stylesheets need to know is noted on the body: pending, asked, source.
  note(name, isSo) {
    if (isSo) document.body.dataset[name] = "true";
    else delete document.body.dataset[name];
  },

  onButton(element, act) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.copy) wenbao.copy(button);
      act(button);
    });
  },

  masthead(element, restart) {
    wenbao.onButton(element, () => {
      wenbao.clearPanel();
      restart();
    });
  },

  welcome(element, ask) {
    wenbao.onButton(element, (button) => {
      if (button.dataset.ask && !document.body.dataset.pending) ask(button.dataset.ask);
    });
  },

  composer(element, ask) {
    const form = element.querySelector("form");
    const box = element.querySelector("textarea");
    const fit = () => {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    };
    const submit = () => {
      const question = box.value.trim();
      if (question && !document.body.dataset.pending) ask(question);
    };
    // Only once the page shows the question: where the server is gone, nothing that was typed is lost.
    wenbao.received = (question) => {
      if (box.value.trim() !== question) return;
      box.value = "";
      fit();
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
    box.addEventListener("input", fit);
    box.addEventListener("keydown", (event) => {
      // isComposing: the Enter that picks a word in a Chinese input method must not send the question.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        submit();
      }
    });
    if (wenbao.isWide()) box.focus();
  },

  conversation(element, watch, ask) {
    let newest = null;
    let answered = null;
    wenbao.onButton(element, (button) => {
      if (button.dataset.ask && !document.body.dataset.pending) ask(button.dataset.ask);
      if (button.dataset.source) wenbao.open(button);
    });
    watch("value", () => {
      const exchanges = element.querySelectorAll(".exchange");
      wenbao.note("asked", exchanges.length);
      wenbao.note("pending", element.querySelector("[data-pending]"));
      const latest = exchanges[exchanges.length - 1];
      if (!latest) return;
      if (latest !== newest) {
        newest = latest;
        latest.scrollIntoView({ block: "start" });
        wenbao.received(latest.dataset.question);
        // An earlier question's source must not stand beside a refusal.
        wenbao.clearPanel();
      }
      const answer = latest.querySelector("[data-answer]");
      if (!answer || answer.dataset.answer === answered) return;
      answered = answer.dataset.answer;
      const mark = answer.querySelector(".text [data-source]");
      // Beside the answer there is room: show the evidence without being asked.
      if (mark && wenbao.isWide()) wenbao.open(mark, { takesFocus: false });
    });
  },

  panel(element, props, fetchSource) {
    const empty = props.value;
    let opener = null;
    let wanted = 0;

    wenbao.open = async (button, { takesFocus = true } = {}) => {
      const ticket = ++wanted;
      document.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
      button.setAttribute("aria-current", "true");
      opener = button;
      const html = await fetchSource(JSON.parse(button.dataset.source));
      if (ticket !== wanted) return;
      props.value = html;
      wenbao.note("source", true);
      // The new markup stands in the document only after the microtasks that follow.
      setTimeout(() => {
        element.querySelector("mark, .warning")?.scrollIntoView({ block: "center" });
        if (takesFocus) element.querySelector(".panel").focus({ preventScroll: true });
      });
    };

    wenbao.clearPanel = () => {
      wanted += 1;
      props.value = empty;
      wenbao.note("source", false);
    };

    const close = () => {
      wenbao.note("source", false);
      opener?.focus();
    };
    wenbao.onButton(element, (button) => { if (button.dataset.close) close(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  },

  async copy(button) {
    const text = button.dataset.copy;
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Plain http on an intranet has no clipboard API.
      const box = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(box);
      box.select();
      isCopied = document.execCommand("copy");
      box.remove();
      button.focus();
    }
    const label = button.textContent;
    button.textContent = isCopied ? WORDS.copied : WORDS.failed;
    setTimeout(() => { button.textContent = label; }, 1600);
  },
};
