// What every tab shares: addresses, copying, asking before what cannot be undone.  All that is shown, the server renders.
document.documentElement.lang = "zh-CN";

const wenbao = {
  hasRail: () => window.matchMedia("(min-width: 75rem)").matches,
  isWide: () => window.matchMedia("(min-width: 60rem)").matches,

  // What stylesheets need to know is noted on the body: tab, pending, asked, source, drawer.
  note(name, value) {
    if (value) document.body.dataset[name] = value === true ? "true" : value;
    else delete document.body.dataset[name];
  },

  // A number that nobody else makes up.  crypto.randomUUID is missing on plain http.
  number() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },

  onButton(element, act) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || !element.contains(button)) return;
      if (button.dataset.copy) wenbao.copy(button);
      if (button.dataset.export) {
        wenbao.export(button.dataset.export, button.dataset.asked ? JSON.parse(button.dataset.asked) : wenbao.exported());
        button.closest("details").open = false;
      }
      act(button, event);
    });
  },

  // New markup stands in the document only after the microtasks that follow.
  put(props, html) {
    props.value = html;
    return new Promise((done) => { setTimeout(done); });
  },

  // Addresses ---------------------------------------------------------------------------------------------------

  shows: {},

  // What to do when a tab is shown, with the parts of the address behind its name.
  onShow(tab, show) {
    (wenbao.shows[tab] ??= []).push(show);
    if (document.body.dataset.tab === tab) show(...wenbao.address().slice(1));
  },

  library: [],

  // What to do when reports have come or gone.
  onLibrary(refresh) { wenbao.library.push(refresh); },

  address: () => location.hash.slice(1).split("/").map(decodeURIComponent),

  route() {
    const [named, ...rest] = wenbao.address();
    const tab = named in TABS ? named : "ask";
    if (document.body.dataset.tab !== tab) {
      wenbao.note("tab", tab);
      wenbao.clearPanel?.();
      window.scrollTo(0, 0);
    }
    wenbao.note("drawer", false);
    document.title = `${TABS[tab]} · ${WORDS.title}`;
    document.querySelectorAll("#masthead [data-tab]").forEach((link) => {
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    wenbao.shows[tab]?.forEach((show) => show(...rest));
  },

  masthead(element) {
    wenbao.onButton(element, (button) => {
      const isOpen = !document.body.dataset.drawer;
      wenbao.note("drawer", isOpen);
      button.setAttribute("aria-expanded", isOpen);
      if (isOpen) document.querySelector("#rail .new")?.focus();
    });
    window.addEventListener("hashchange", wenbao.route);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !document.body.dataset.drawer) return;
      wenbao.note("drawer", false);
      element.querySelector(".drawer").setAttribute("aria-expanded", false);
      element.querySelector(".drawer").focus();
    });
    wenbao.route();
  },

  // Words to the person -----------------------------------------------------------------------------------------

  confirming(element) {
    const dialog = element.querySelector("dialog");
    const said = element.querySelector(".said");
    wenbao.confirm = (text) => new Promise((answer) => {
      dialog.querySelector("p").textContent = text;
      dialog.returnValue = "";
      dialog.onclose = () => answer(dialog.returnValue === "yes");
      dialog.showModal();
    });
    let clearing;
    wenbao.say = (text) => {
      said.textContent = text;
      clearTimeout(clearing);
      clearing = setTimeout(() => { said.textContent = ""; }, 6000);
    };
  },

  // The API's own words for what went wrong.
  async problem(response) {
    try {
      return (await response.json()).detail || WORDS.notDone;
    } catch {
      return WORDS.notDone;
    }
  },

  // The same is made again and checked by the server; nothing that stands on the page goes into the file.
  async export(format, asked) {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("api/export", { method: "POST", headers, body: JSON.stringify({ format, ...asked }) }).catch(() => null);
    if (!response?.ok) return wenbao.say(response ? await wenbao.problem(response) : WORDS.notDone);
    const name = decodeURIComponent(response.headers.get("Content-Disposition").split("''")[1]);
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await response.blob()), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    wenbao.say(WORDS.exported.replace("{name}", name));
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
    const label = button.dataset.label ?? button.textContent;
    button.dataset.label = label;
    button.textContent = isCopied ? WORDS.copied : WORDS.failed;
    setTimeout(() => { button.textContent = label; }, 1600);
  },
};
