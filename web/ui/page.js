// What the page does in the browser: questions out, sources open, text copied.  Everything shown is rendered by the server.
document.documentElement.lang = "zh-CN";

const wenbao = {
  isWide: () => window.matchMedia("(min-width: 60rem)").matches,

  masthead(element, send) {
    element.querySelector("[data-restart]").addEventListener("click", () => {
      wenbao.note("source", false);
      send.restart();
    });
  },

  composer(element, send) {
    const form = element.querySelector("form");
    const box = element.querySelector("textarea");
    const submit = () => {
      const question = box.value.trim();
      if (!question || document.body.dataset.pending) return;
      box.value = "";
      fit();
      send.ask({ question });
    };
    const fit = () => {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
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

  onButton(element, act) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.copy) wenbao.copy(button);
      act(button);
    });
  },

  note(name, isSo) {
    if (isSo) document.body.dataset[name] = "true";
    else delete document.body.dataset[name];
  },

  welcome(element, send) {
    wenbao.onButton(element, (button) => {
      if (button.dataset.ask && !document.body.dataset.pending) send.ask({ question: button.dataset.ask });
    });
  },

  conversation(element, watch, send) {
    let shown = null;
    wenbao.onButton(element, (button) => {
      if (button.dataset.ask && !document.body.dataset.pending) send.ask({ question: button.dataset.ask });
      if (button.dataset.source) wenbao.open(button, send);
    });
    watch("value", () => {
      wenbao.note("asked", element.querySelector(".exchange"));
      wenbao.note("pending", element.querySelector("[data-pending]"));
      const latest = [...element.querySelectorAll(".exchange")].at(-1);
      if (!latest) return;
      if (latest !== wenbao.latest) latest.scrollIntoView({ block: "start" });
      wenbao.latest = latest;
      const answer = latest.querySelector("[data-answer]");
      if (!answer || answer.dataset.answer === shown) return;
      shown = answer.dataset.answer;
      const mark = answer.querySelector(".text [data-source]");
      // Beside the answer there is room: show the evidence without being asked.
      if (mark && wenbao.isWide()) wenbao.open(mark, send, { takesFocus: false });
    });
  },

  panel(element, watch) {
    wenbao.onButton(element, (button) => { if (button.dataset.close) wenbao.close(); });
    watch("value", () => {
      element.querySelector("mark, .warning")?.scrollIntoView({ block: "center" });
      if (wenbao.takesFocus) element.querySelector(".panel")?.focus({ preventScroll: true });
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") wenbao.close(); });
  },

  open(button, send, { takesFocus = true } = {}) {
    document.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    wenbao.opener = button;
    wenbao.takesFocus = takesFocus;
    wenbao.note("source", true);
    send.select(JSON.parse(button.dataset.source));
  },

  close() {
    wenbao.note("source", false);
    wenbao.opener?.focus();
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
