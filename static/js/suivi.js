// What htmx does not do: say when a request failed, set the focus, keep a draft. All works without it.
(() => {
  "use strict";
  const problem = () => document.getElementById("problem"); // a new one after going back
  const store = (() => {
    try { localStorage.setItem("suivi", "1"); return localStorage; } catch { return null; }
  })();

  let sent = null; // the draft of the form that is on its way
  const forget = (name) => store?.removeItem(name);

  // --- What went wrong
  // An answer that is not ours (a proxy's error page) must not take the place of what was typed.
  let failed = null; // whose request failed: an answer to somebody else's does not mend it
  const tell = (said, detail) => {
    problem().textContent = problem().dataset[said];
    failed = detail.requestConfig.elt;
  };
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { xhr } = detail;
    if (!failed?.isConnected || failed === detail.requestConfig.elt) problem().textContent = "";
    if (sent && (xhr.getResponseHeader("HX-Trigger-After-Settle") || "").includes("recorded")) forget(sent);
    const foreign = /^\s*<(!doctype|html)/i.test(xhr.responseText);
    if (foreign || (xhr.status >= 500 && !xhr.getResponseHeader("HX-Retarget"))) {
      detail.shouldSwap = false;
      tell("broken", detail);
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, ({ detail }) => tell("lost", detail));
  }

  // --- Focus
  const focus = (element) => {
    if (!element) return;
    element.focus({ preventScroll: false });
  };
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const root = detail.elt;
    if (!root || !root.isConnected) return;
    wire(root);
    const form = root.matches("form.record") ? root : root.querySelector(":scope > form.record");
    focus(root.querySelector("[data-focus]") || form?.querySelector("textarea"));
  });
  document.addEventListener("recorded", ({ detail }) => {
    const entry = document.getElementById(detail.entry);
    sent = null;
    problem().textContent = "";
    if (!entry) return focus(document.querySelector("#overview h1, #recommendation h1"));
    entry.classList.add("is-new");
    setTimeout(() => entry.classList.remove("is-new"), 4000);
    focus(entry.querySelector("h3"));
  });
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    const holder = close?.closest("article div[id^=correct-], .open");
    if (!holder) return;
    event.preventDefault();
    const opener = holder.closest("article, .row").querySelector(".by a[hx-get], .act");
    holder.replaceChildren();
    focus(opener);
  });

  // --- Drafts
  // Kept until the server has said "recorded". An internal note is kept only if asked.
  const skip = new Set(["csrfmiddlewaretoken", "author", "seen", "place"]);
  const key = (form) => "suivi:" + form.dataset.draft;
  const fields = (form) => [...form.elements].filter((e) => e.name && !skip.has(e.name) && e.type !== "submit");
  const typed = (form) => fields(form).some((e) =>
    e.type === "radio" ? e.checked !== e.defaultChecked : e.type !== "hidden" && e.value !== e.defaultValue && e.tagName !== "SELECT");
  const save = (form) => {
    const internal = form.querySelector("[name=visibility][value=internal]:checked");
    const asked = form.querySelector("[data-keep]")?.checked;
    if (!store || (internal && !asked) || !typed(form)) return forget(key(form));
    const kept = fields(form).filter((e) => e.type !== "radio" || e.checked).map((e) => [e.name, e.value]);
    store.setItem(key(form), JSON.stringify(kept));
  };
  const restore = (form) => {
    const kept = store?.getItem(key(form));
    if (!kept || form.querySelector("[data-focus]")) return;
    const turn = {};
    for (const [name, value] of JSON.parse(kept)) {
      const all = fields(form).filter((e) => e.name === name);
      const radio = all.find((e) => e.type === "radio" && e.value === value);
      if (radio) { radio.checked = true; continue; }
      const at = (turn[name] = (turn[name] ?? -1) + 1);
      if (all[at] && all[at].type !== "radio") all[at].value = value;
    }
    const keep = form.querySelector("[data-keep]");
    if (keep) keep.checked = Boolean(form.querySelector("[name=visibility][value=internal]:checked"));
    form.querySelector("[data-restored]")?.removeAttribute("hidden");
  };

  // --- Forms
  const label = (form) => {
    const button = form.querySelector("button.main[data-set]");
    const chosen = form.querySelector("[name=status]:checked");
    if (!button || form.querySelector("[data-meanwhile]")) return;
    const word = chosen?.value && chosen.closest("label").querySelector("b").textContent;
    button.textContent = word ? `${button.dataset.set} “${word}”` : button.dataset.plain;
  };
  const wire = (root) => {
    for (const form of root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]")) {
      if (form.dataset.wired) continue;
      form.dataset.wired = "1";
      restore(form);
      label(form);
      form.addEventListener("input", () => { save(form); label(form); });
      form.addEventListener("submit", () => { sent = key(form); });
      form.querySelector("[data-discard]")?.addEventListener("click", () => {
        forget(key(form));
        form.reset();
        label(form);
        form.querySelector("[data-restored]").hidden = true;
      });
    }
  };
  // --- Print
  for (const link of document.querySelectorAll("[data-print]")) {
    link.hidden = false;
    link.addEventListener("click", (event) => { event.preventDefault(); window.print(); });
  }
  wire(document);
  focus(document.querySelector("main [data-focus]"));
})();
