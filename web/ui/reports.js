// 报告: files in, one by one or many; corrected, hidden, removed; read and searched.
Object.assign(wenbao, {
  reports(element, props, server) {
    let sent = null;  // the files of the last upload, to be sent again
    let request = null;
    const show = async (outcome = null) => {
      await wenbao.put(props, await server.listed(outcome));
      filter();
    };
    // What is loaded has changed: every tab shows choices of it.
    const changed = async (outcome) => {
      await show(outcome);
      wenbao.library.forEach((refresh) => refresh());
    };

    const filter = () => {
      const box = element.querySelector(".finder input");
      if (!box) return;
      const wanted = box.value.split(/\s+/).filter(Boolean);
      let count = 0;
      element.querySelectorAll("[data-report]").forEach((row) => {
        const { title, region, year } = row.dataset;
        row.hidden = !wanted.every((word) => `${title} ${region} ${year}`.includes(word));
        count += !row.hidden;
      });
      element.querySelector(".count").textContent = WORDS.reportCount.replace("{count}", count);
      element.querySelector(".none").hidden = count > 0;
    };

    const seen = (form) => {
      const { seen, groups } = form.elements;
      if (seen.value === "all") return null;
      return seen.value === "admins" ? [] : groups.value.split(/[、，,\s]+/).filter(Boolean);
    };

    // Upload --------------------------------------------------------------------------------------------------

    const upload = (files, twins = "ask") => {
      const form = element.querySelector(".upload");
      if (!form || request || !files.length) return;
      sent = files;
      const data = new FormData();
      [...files].forEach((file) => data.append("files", file, file.name));
      for (const name of ["region", "year", "title"]) {
        const value = form.elements[name].value.trim();
        if (value) data.append(name, value);
      }
      const groups = seen(form);
      groups?.forEach((group) => data.append("groups", group));
      // Groups that are meant but not named are no reason to show it to all.
      if (groups?.length === 0) data.append("admins_only", "true");
      data.append("twins", twins);
      const work = form.querySelector(".work");
      const say = (text, share) => {
        work.hidden = false;
        work.querySelector("span").textContent = text;
        if (share === undefined) work.querySelector("progress").removeAttribute("value");
        else work.querySelector("progress").value = share;
      };
      // Not fetch, which does not tell how much of the files has been sent.
      request = new XMLHttpRequest();
      let read = 0;
      let outcome = null;
      let problem = null;
      const events = () => {
        const text = request.responseText;
        for (let end = text.indexOf("\n\n", read); end >= 0; end = text.indexOf("\n\n", read)) {
          const [name, content] = text.slice(read, end).split("\ndata: ");
          read = end + 2;
          const told = JSON.parse(content);
          if (name === "event: outcome") outcome = told;
          else if (name === "event: error") problem = told.detail;
          else say(WORDS[told.stage === "load" ? "loading" : "embedding"].replace("{done}", told.done).replace("{total}", told.total).replace("{name}", told.name), told.total ? told.done / told.total : undefined);
        }
      };
      const ended = (text) => {
        request = null;
        work.hidden = true;
        if (text) wenbao.say(text);
        if (outcome) changed(outcome);
      };
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) say(WORDS.uploading.replace("{percent}", Math.floor(100 * event.loaded / event.total)), event.loaded / event.total);
      });
      request.addEventListener("progress", () => { if (request.status === 200) events(); });
      request.addEventListener("load", () => {
        if (request.status === 200) {
          events();
          return ended(problem);
        }
        try {
          problem = JSON.parse(request.responseText).detail;
        } catch {
          problem = WORDS.notDone;
        }
        ended(problem);
      });
      request.addEventListener("error", () => ended(WORDS.notDone));
      request.addEventListener("abort", () => ended(WORDS.uploadStopped));
      say(WORDS.uploading.replace("{percent}", 0));
      request.open("POST", "api/reports");
      request.setRequestHeader("Accept", "text/event-stream");
      request.send(data);
    };
    element.addEventListener("change", (event) => {
      if (event.target.name !== "files") return;
      upload([...event.target.files]);
      event.target.value = "";
    });
    const drag = (event) => {
      const area = event.target.closest?.(".upload");
      element.querySelector(".upload")?.classList.toggle("over", Boolean(area) && event.type !== "drop" && event.type !== "dragleave");
      if (!event.dataTransfer?.types.includes("Files")) return;
      // A file that misses the area must not replace the page.
      event.preventDefault();
      if (event.type === "drop" && area) upload([...event.dataTransfer.files]);
    };
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) document.addEventListener(kind, drag);

    // Changes ---------------------------------------------------------------------------------------------------

    const send = async (method, path, body) => {
      const headers = body ? { "Content-Type": "application/json" } : {};
      const response = await fetch(`api/reports/${path.split("/").map(encodeURIComponent).join("/")}`, { method, headers, body: body && JSON.stringify(body) }).catch(() => null);
      if (!response) throw new Error(WORDS.notDone);
      if (!response.ok) throw new Error(await wenbao.problem(response));
      return response.status === 204 ? null : response.json();
    };

    const correct = (row) => {
      const dialog = element.querySelector(".correcting");
      const form = dialog.querySelector("form");
      const { id, title, region, year, groups } = { id: row.dataset.report, ...row.dataset };
      const before = { title, region, year };
      dialog.querySelector("h2").textContent = title;
      for (const name of ["title", "region", "year"]) form.elements[name].value = before[name];
      form.elements.seen.value = groups === undefined ? "all" : groups ? "groups" : "admins";
      form.elements.groups.value = groups ?? "";
      const warning = form.querySelector(".warning");
      warning.hidden = true;
      form.onsubmit = async (event) => {
        event.preventDefault();
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        try {
          let outcome = null;
          const told = seen(form);
          if (JSON.stringify(told) !== JSON.stringify(groups === undefined ? null : groups.split("、").filter(Boolean))) await send("PUT", `${id}/groups`, { groups: told });
          const changes = Object.fromEntries(["title", "region", "year"].filter((name) => form.elements[name].value.trim() !== before[name]).map((name) => [name, name === "year" ? Number(form.elements[name].value) : form.elements[name].value.trim()]));
          if (Object.keys(changes).length) outcome = await send("PATCH", id, changes);
          dialog.close();
          await changed(outcome);
        } catch (error) {
          warning.textContent = error.message;
          warning.hidden = false;
        } finally {
          button.disabled = false;
        }
      };
      dialog.showModal();
    };
    const remove = async (row) => {
      if (!await wenbao.confirm(WORDS.confirmReport.replace("{title}", row.dataset.title))) return;
      try {
        await changed(await send("DELETE", row.dataset.report));
      } catch (error) {
        wenbao.say(error.message);
      }
    };
    wenbao.onButton(element, (button) => {
      const row = button.closest("[data-report]");
      if (button.dataset.correct) correct(row);
      if (button.dataset.remove) remove(row);
      if (button.dataset.cancel) button.closest("dialog").close();
      if (button.dataset.halt) request?.abort();
      if (button.dataset.twins) upload(sent, button.dataset.twins);
    });
    element.addEventListener("input", (event) => { if (event.target.closest(".finder")) filter(); });
    element.addEventListener("submit", (event) => { if (event.target.matches(".upload")) event.preventDefault(); });
    wenbao.onShow("reports", (report) => { if (!report && !element.querySelector(".library")) show(); });
  },

  reader(element, props, server) {
    let shown = null;
    let found = [];
    let at = -1;

    const clear = () => {
      element.querySelectorAll(".body mark").forEach((mark) => mark.replaceWith(mark.textContent));
      element.querySelectorAll(".body [data-number]").forEach((paragraph) => paragraph.normalize());
      found = [];
      at = -1;
    };
    const seek = (words) => {
      clear();
      if (words) {
        element.querySelectorAll(".body [data-number]").forEach((paragraph) => {
          const pieces = paragraph.textContent.split(words);
          if (pieces.length < 2) return;
          paragraph.replaceChildren(...pieces.flatMap((piece, i) => {
            if (!i) return [piece];
            const mark = Object.assign(document.createElement("mark"), { textContent: words });
            found.push(mark);
            return [mark, piece];
          }));
        });
      }
      step(1);
    };
    const step = (by) => {
      const count = element.querySelector(".seek .count");
      const words = element.querySelector(".seek input").value.trim();
      count.textContent = words && !found.length ? WORDS.foundNone : "";
      if (!found.length) return;
      found[at]?.classList.remove("current");
      at = (at + by + found.length) % found.length;
      found[at].classList.add("current");
      found[at].scrollIntoView({ block: "center" });
      count.textContent = WORDS.found.replace("{at}", at + 1).replace("{count}", found.length);
    };
    element.addEventListener("input", (event) => { if (event.target.closest(".seek")) seek(event.target.value.trim()); });
    element.addEventListener("submit", (event) => { event.preventDefault(); step(1); });
    wenbao.onButton(element, async (button) => {
      if (button.dataset.step) step(Number(button.dataset.step));
      if (!button.dataset.only) return;
      location.hash = "#ask";
      await wenbao.startAfresh();
      wenbao.chooseLimits({ reports: [button.dataset.only] });
    });
    wenbao.onShow("reports", async (report, number) => {
      wenbao.note("reading", report);
      if (!report) return;
      if (report !== shown) {
        shown = report;
        found = [];
        await wenbao.put(props, await server.read(report));
        if (!wenbao.isWide()) element.querySelector(".contents")?.removeAttribute("open");
        window.scrollTo(0, 0);
      }
      element.querySelector(".body .there")?.classList.remove("there");
      const there = number && element.querySelector(`.body [data-number="${CSS.escape(number)}"]`);
      there?.classList.add("there");
      there?.scrollIntoView({ block: "start" });
    });
    wenbao.onLibrary(() => { shown = null; });
  },

  about(element, props, server) {
    const show = async () => { await wenbao.put(props, await server.about()); };
    wenbao.onShow("about", show);
  },
});
