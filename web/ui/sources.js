// The panel beside an answer: the paragraph that a mark stands for.
Object.assign(wenbao, {
  panel(element, props, server) {
    const empty = props.value;
    let opener = null;
    let wanted = 0;

    wenbao.open = async (button, { takesFocus = true } = {}) => {
      const ticket = ++wanted;
      document.querySelectorAll("[data-source][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
      button.setAttribute("aria-current", "true");
      opener = button;
      const html = await server.source(JSON.parse(button.dataset.source));
      if (ticket !== wanted) return;
      wenbao.note("source", true);
      await wenbao.put(props, html);
      element.querySelector("mark, .warning")?.scrollIntoView({ block: "center" });
      if (takesFocus) element.querySelector(".panel").focus({ preventScroll: true });
    };

    wenbao.clearPanel = () => {
      wanted += 1;
      props.value = empty;
      wenbao.note("source", false);
    };

    const close = () => {
      if (!document.body.dataset.source) return;
      wenbao.note("source", false);
      opener?.focus();
    };
    wenbao.onButton(element, (button) => { if (button.dataset.close) close(); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
    });
  },
});
