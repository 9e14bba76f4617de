import { csrfToken } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { startCompare } from "./compare.js";

const FEW = 20;
const SLOW_MS = 150;

/** The free preview: one picture, before and after, that follows every change of the plan and of an open form. */
export function startPreview(page) {
  const panel = page.querySelector("#plan-preview");
  const slot = (name) => panel.querySelector(`[data-slot=${name}]`);
  const compare = startCompare(slot("compare"));
  const order = page.dataset.order;
  const state = { image: panel.querySelector("[data-image][aria-pressed=true]")?.dataset.image, output: "", form: null };
  let timer = 0;
  let running = null;

  function refresh({ form = null, delay = 0 } = {}) {
    state.form = form;
    if (!state.image) return;
    clearTimeout(timer);
    timer = setTimeout(render, delay);
  }

  async function render() {
    running?.abort();
    const mine = (running = new AbortController());
    const slow = setTimeout(() => say("busy"), SLOW_MS);
    const body = state.form?.isConnected ? new FormData(state.form) : new FormData();
    body.set("image", state.image);
    try {
      const answer = await fetch(`/orders/${order}/plan/preview`, {
        method: "POST", body, signal: mine.signal,
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok && told.data) await show(told.data);
      else hint(told.problem || told.error || "The preview could not be made.");
    } catch (error) {
      if (error.name === "AbortError") return;
      hint("The preview could not be loaded.");
    } finally {
      clearTimeout(slow);
      if (running === mine) say("");
    }
  }

  async function show(data) {
    const names = data.files.map((file) => file.output);
    if (!names.includes(state.output)) state.output = names[0];
    listOutputs(names);
    await compare.after(data.files.find((file) => file.output === state.output).url);
    const notes = data.flags.map((flag) => flag.message ?? flag.reason ?? "").filter(Boolean);
    if (data.left <= FEW) notes.push(`${data.left} free previews are left for this order.`);
    hint(notes.join(" "));
  }

  function listOutputs(names) {
    const bar = slot("outputs");
    bar.hidden = names.length < 2;
    bar.replaceChildren(...names.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-pressed", String(name === state.output));
      button.addEventListener("click", () => { state.output = name; refresh({ form: state.form }); });
      return button;
    }));
  }

  function say(what) {
    slot("state").replaceChildren(...(what ? [icon("loader-circle", "icon animate-spin"), "Rendering"] : []));
    panel.dataset.isBusy = what ? "yes" : "";
  }

  function hint(text) {
    slot("hint").textContent = text;
  }

  panel.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-image]");
    if (!chosen) return;
    for (const other of panel.querySelectorAll("[data-image]")) other.setAttribute("aria-pressed", String(other === chosen));
    state.image = chosen.dataset.image;
    compare.before(`/api/orders/${order}/images/${state.image}/thumbnail?size=1024&version=0`);
    refresh({ form: state.form });
  });
  document.addEventListener("plan:form-closed", () => refresh());
  refresh();
  return { refresh };
}
