// 问答: questions out, answers in, conversations kept, the scope chosen before asking.
Object.assign(wenbao, {
  limits: { regions: [], years: [], reports: [] },

  welcome(element, props, server) {
    wenbao.refreshWelcome = async () => { await wenbao.put(props, await server.welcome()); };
    wenbao.onButton(element, (button) => { if (button.dataset.ask) wenbao.ask(button.dataset.ask); });
    wenbao.onLibrary(wenbao.refreshWelcome);
    wenbao.refreshWelcome();
  },

  composer(element, trigger, server) {
    const form = element.querySelector("form");
    const box = element.querySelector("textarea");
    const fit = () => {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    };
    wenbao.ask = (question, limits = wenbao.limits) => {
      // One question at a time, from the first of two clicks on; where the server is gone it can soon be sent again.
      if (!question || wenbao.isAsking()) return;
      wenbao.note("sending", true);
      clearTimeout(wenbao.giveUp);
      wenbao.giveUp = setTimeout(wenbao.note, 5000, "sending", false);
      wenbao.current ??= wenbao.number();
      wenbao.asking = { work: wenbao.number(), conversation: wenbao.current };
      trigger("ask", { ...wenbao.asking, question, limits });
    };
    wenbao.isAsking = () => document.body.dataset.sending || document.body.dataset.pending;
    // One answer is on its way at a time: whoever turns to another conversation ends it.
    wenbao.abandon = () => {
      const stopped = wenbao.asking;
      const isAsking = wenbao.isAsking();
      wenbao.asking = null;
      wenbao.note("sending", false);
      return stopped && isAsking ? server.stop(stopped) : null;
    };
    // Only once the page shows the question: where the server is gone, nothing that was typed is lost.
    wenbao.received = (question) => {
      if (box.value.trim() !== question) return;
      box.value = "";
      fit();
    };
    wenbao.toComposer = () => { if (wenbao.isWide()) box.focus(); };
    form.addEventListener("submit", (event) => { event.preventDefault(); wenbao.ask(box.value.trim()); });
    wenbao.onButton(element, (button) => {
      if (!button.dataset.stop) return;
      wenbao.showStopped(wenbao.abandon());
      box.focus();
    });
    box.addEventListener("input", fit);
    box.addEventListener("keydown", (event) => {
      // isComposing: the Enter that picks a word in a Chinese input method must not send the question.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        wenbao.ask(box.value.trim());
      }
    });
    wenbao.toComposer();
  },

  conversation(element, props, watch, server) {
    const empty = props.value;
    let newest = null;
    let answered = null;
    let kept = empty;

    const settle = ({ isOpened = false } = {}) => {
      const { work } = element.querySelector(".exchanges")?.dataset ?? {};
      if (work && work !== wenbao.asking?.work && props.value !== kept) {
        // A claim that was on its way comes after the word that all is stopped.
        wenbao.put(props, kept);
        return;
      }
      kept = props.value;
      if (work) wenbao.note("sending", false);
      const exchanges = element.querySelectorAll(".exchange");
      wenbao.note("asked", exchanges.length > 0);
      const wasPending = document.body.dataset.pending;
      wenbao.note("pending", Boolean(element.querySelector("[data-pending]")));
      if (wasPending !== document.body.dataset.pending) wenbao.refreshRail();
      const latest = exchanges[exchanges.length - 1];
      if (!latest) return;
      if (latest !== newest) {
        newest = latest;
        latest.scrollIntoView({ block: "start" });
        if (!isOpened) wenbao.received(latest.dataset.question);
        // An earlier question's source must not stand beside a refusal.
        wenbao.clearPanel();
        if (location.hash !== `#ask/${wenbao.current}`) history.replaceState(null, "", `#ask/${wenbao.current}`);
      }
      const answer = latest.querySelector("[data-answer]");
      if (!answer || answer.dataset.answer === answered) return;
      answered = answer.dataset.answer;
      const mark = answer.querySelector(".text [data-source]");
      // Beside the answer there is room: show the evidence without being asked.
      if (mark && wenbao.isWide()) wenbao.open(mark, { takesFocus: false });
    };

    wenbao.showStopped = async (html) => {
      const shown = await html;
      if (!shown || wenbao.asking) return;
      kept = shown;
      await wenbao.put(props, shown);
      settle();
    };
    const turnTo = async (number, html) => {
      wenbao.abandon();
      wenbao.current = number;
      newest = answered = null;
      kept = html;
      await wenbao.put(props, html);
      wenbao.clearPanel();
      settle({ isOpened: true });
      const limits = element.querySelector("[data-limits]")?.dataset.limits;
      wenbao.chooseLimits(limits ? JSON.parse(limits) : {});
      wenbao.refreshRail();
    };
    wenbao.startAfresh = async () => {
      history.replaceState(null, "", "#ask");
      wenbao.note("drawer", false);
      wenbao.refreshWelcome();
      await turnTo(null, empty);
      wenbao.toComposer();
    };

    wenbao.onShow("ask", async (number) => {
      if (!number && wenbao.current) history.replaceState(null, "", `#ask/${wenbao.current}`);
      if (!number || number === wenbao.current) return;
      const html = await server.open(number);
      await turnTo(number, html);
      if (!document.body.dataset.asked) wenbao.startAfresh();
    });
    wenbao.onButton(element, (button) => {
      if (button.dataset.ask) wenbao.ask(button.dataset.ask, button.dataset.everywhere ? {} : undefined);
      if (button.dataset.source) wenbao.open(button);
      if (button.dataset.verdict) wenbao.judge(button);
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const { reason, comment } = event.target.elements;
      wenbao.send(event.target.closest(".judging"), "down", reason.value, comment.value);
    });
    watch("value", settle);
  },

  // What the person thinks of an answer --------------------------------------------------------------------------

  judge(button) {
    const judging = button.closest(".judging");
    const reasons = judging.querySelector(".reasons");
    if (button.dataset.verdict === "up") {
      reasons.hidden = true;
      wenbao.send(judging, "up", "", "");
    } else {
      reasons.hidden = !reasons.hidden;
      button.setAttribute("aria-expanded", !reasons.hidden);
      if (!reasons.hidden) reasons.querySelector("input").focus();
    }
  },

  async send(judging, verdict, reason, comment) {
    const body = JSON.stringify({ answer: judging.dataset.answerId, verdict, reason, comment });
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("api/feedback", { method: "POST", headers, body }).catch(() => null);
    if (!response?.ok) return wenbao.say(response ? await wenbao.problem(response) : WORDS.notSent);
    judging.querySelector(".reasons").hidden = true;
    judging.querySelectorAll("[data-verdict]").forEach((other) => {
      other.setAttribute("aria-pressed", other.dataset.verdict === verdict);
    });
    wenbao.say(WORDS.thanks);
  },

  // Conversations ------------------------------------------------------------------------------------------------

  rail(element, props, server) {
    const show = async (html) => {
      await wenbao.put(props, html);
      const current = element.querySelector(`[data-conversation="${wenbao.current}"] a`);
      current?.setAttribute("aria-current", "page");
    };
    const change = async (work) => {
      try {
        await show(await work);
      } catch {
        wenbao.say(WORDS.notDone);
      }
    };
    wenbao.refreshRail = () => change(server.conversations());

    const rename = (conversation) => {
      const link = element.querySelector(`[data-conversation="${conversation}"] a`);
      const box = Object.assign(document.createElement("input"), { value: link.textContent, maxLength: 60 });
      box.setAttribute("aria-label", WORDS.rename);
      link.replaceWith(box);
      box.select();
      let isDone = false;
      const finish = (title) => {
        if (isDone) return;
        isDone = true;
        change(title === null ? server.conversations() : server.rename({ conversation, title }));
      };
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.isComposing) finish(box.value);
        if (event.key === "Escape") { event.stopPropagation(); finish(null); }
      });
      box.addEventListener("blur", () => finish(box.value));
    };
    wenbao.onButton(element, async (button) => {
      if (button.dataset.new) wenbao.startAfresh();
      if (button.dataset.rename) rename(button.dataset.rename);
      if (button.dataset.remove && await wenbao.confirm(WORDS.confirmConversation)) {
        await change(server.remove(button.dataset.remove));
        if (button.dataset.remove === wenbao.current) wenbao.startAfresh();
      }
    });
    wenbao.refreshRail();
  },

  // Where to look --------------------------------------------------------------------------------------------------

  scope(element, props, server) {
    const names = ["regions", "years", "reports"];
    const boxes = (name) => [...element.querySelectorAll(`input[name="${name}"]`)];
    const chooser = () => element.querySelector("details");

    const fits = (label, { regions, years }) =>
      (!regions.length || regions.includes(label.dataset.region)) &&
      (!years.length || years.includes(Number(label.dataset.year)));

    const show = () => {
      const chosen = (name) => boxes(name).filter((box) => box.checked).map((box) => box.value);
      const regions = chosen("regions");
      const years = chosen("years").map(Number);
      const wanted = (element.querySelector("input[type=search]")?.value ?? "").split(/\s+/).filter(Boolean);
      let fitting = 0;
      boxes("reports").forEach((box) => {
        const label = box.closest("label");
        const isFit = fits(label, { regions, years });
        if (!isFit) box.checked = false;
        label.dataset.fits = isFit;
        fitting += isFit;
      });
      element.querySelectorAll(".lists label").forEach((label) => {
        const isFound = wanted.every((word) => label.textContent.includes(word));
        label.hidden = !label.querySelector("input").checked && (label.dataset.fits === "false" || !isFound);
      });
      const reports = chosen("reports");
      wenbao.limits = { regions, years, reports };
      const isLimited = regions.length + years.length + reports.length > 0;
      const count = reports.length || fitting;
      element.querySelector(".which").textContent = !isLimited
        ? WORDS.allReports
        : count ? WORDS.scopeCount.replace("{count}", count) : WORDS.scopeNone;
      element.querySelector(".chips").replaceChildren(...names.flatMap((name) => boxes(name).filter((box) => box.checked).map((box) => {
        const chip = document.createElement("button");
        const label = box.closest("label").textContent;
        Object.assign(chip, { type: "button", className: "chip", textContent: `${label} ×` });
        chip.setAttribute("aria-label", `${WORDS.removeLimit} ${label}`);
        chip.addEventListener("click", () => { box.checked = false; show(); });
        return chip;
      })));
    };
    wenbao.chooseLimits = (limits) => {
      names.forEach((name) => boxes(name).forEach((box) => {
        box.checked = (limits[name] ?? []).map(String).includes(box.value);
      }));
      if (element.querySelector(".which")) show();
    };
    wenbao.refreshScope = async () => {
      const { limits } = wenbao;
      await wenbao.put(props, await server.scope());
      wenbao.chooseLimits(limits);
    };

    const close = () => {
      if (!chooser()?.open) return;
      chooser().open = false;
      chooser().querySelector("summary").focus();
    };
    element.addEventListener("input", show);
    wenbao.onButton(element, (button) => {
      if (button.dataset.clear) wenbao.chooseLimits({});
      if (button.dataset.done) close();
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && chooser()?.open) { event.stopPropagation(); close(); }
    });
    document.addEventListener("click", (event) => {
      if (chooser()?.open && event.isTrusted && !event.composedPath().includes(chooser())) chooser().open = false;
    });
    wenbao.onLibrary(wenbao.refreshScope);
    wenbao.refreshScope();
  },
});
