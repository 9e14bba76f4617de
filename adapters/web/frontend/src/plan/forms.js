import { csrfToken } from "../lib/api.js";
import { toast } from "../lib/toasts.js";

/** Forms of steps: sliders and pickers follow their fields, the pictures of a step are chosen, logos are uploaded. */
export function startForms(page, { onInput }) {
  page.addEventListener("input", (event) => {
    const form = event.target.closest("[data-step-form]");
    if (event.target.matches("[data-operation-search]")) return search(event.target);
    if (!form || event.target.type === "file") return;
    mirror(event.target, form);
    onInput(form);
  });
  page.addEventListener("change", (event) => {
    if (event.target.matches("[data-scope-kind]")) showScope(event.target);
    if (event.target.matches("[data-logo-for]")) upload(event.target, onInput);
  });
  page.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-step-cancel]");
    if (cancel && !cancel.closest(".plan-card")) cancel.closest("dialog")?.close();
  });
}

function mirror(input, form) {
  const field = input.dataset.mirrors && form.querySelector(`#${CSS.escape(input.dataset.mirrors)}`);
  if (field) field.value = input.type === "color" ? input.value.toUpperCase() : input.value;
  const follower = input.id && form.querySelector(`[data-mirrors="${CSS.escape(input.id)}"]`);
  if (!follower) return;
  if (follower.type === "range" && input.value !== "") follower.value = input.value;
  if (follower.type === "color" && /^#[0-9a-f]{6}$/i.test(input.value)) follower.value = input.value;
}

function showScope(radio) {
  for (const part of radio.closest("fieldset").querySelectorAll("[data-scope]")) part.hidden = part.dataset.scope !== radio.value;
}

function search(input) {
  const words = input.value.trim().toLowerCase().split(/\s+/);
  const list = input.closest("dialog").querySelector(".plan-operations");
  for (const section of list.querySelectorAll("section")) {
    const items = [...section.querySelectorAll("[data-operation]")];
    for (const item of items) item.hidden = !words.every((word) => item.dataset.operation.includes(word));
    section.hidden = items.every((item) => item.hidden);
  }
  list.querySelector("[data-none]").hidden = [...list.querySelectorAll("section")].some((section) => !section.hidden);
}

async function upload(input, onInput) {
  const body = new FormData();
  body.append("file", input.files[0]);
  const answer = await fetch("/api/assets", { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!answer?.ok) return toast({ kind: "error", title: told?.error ?? "The logo could not be uploaded" });
  const form = input.closest("form");
  form.querySelector(`#${CSS.escape(input.dataset.logoFor)}`).value = told.assetId;
  toast({ kind: "success", title: `${told.data.originalName} is ready` });
  return onInput(form);
}
