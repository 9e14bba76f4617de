import { confirmed, openDialog } from "../lib/dialogs.js";
import { toast } from "../lib/toasts.js";

export default function start(root) {
  root.querySelector("[data-copy]")?.addEventListener("click", copy);
  for (const form of root.querySelectorAll("form[data-confirm]")) form.addEventListener("submit", ask);
  if (root.querySelector("form[data-open]")) openDialog("new-key");
}

async function copy(event) {
  const field = document.getElementById(event.currentTarget.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    toast({ kind: "success", title: "The key was copied." });
  } catch {
    // why: without https there is no clipboard for scripts; the text is marked instead
    field.select();
    toast({ kind: "info", title: "The key is marked. Copy it with the keyboard." });
  }
}

async function ask(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const { confirm, confirmText, confirmAction } = form.dataset;
  if (await confirmed({ title: confirm, text: confirmText, action: confirmAction })) form.submit();
}
