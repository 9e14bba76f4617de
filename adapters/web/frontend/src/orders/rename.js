import { api, ApiError } from "../lib/api.js";
import { openDialog } from "../lib/dialogs.js";
import { toast } from "../lib/toasts.js";

/** The dialog that renames one order; returns what opens it for a row. */
export function start(root) {
  const form = root.querySelector("#rename-form");
  const error = form.querySelector("[data-slot=error]");
  let row = null;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.hidden = true;
    try {
      const { data } = await api("PATCH", `/api/orders/${row.dataset.order}`, { name: form.elements.name.value });
      show(row, data.order.name);
      form.closest("dialog").close();
      toast({ kind: "success", title: "Order renamed" });
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal;
      error.textContent = refusal.message;
      error.hidden = false;
      form.elements.name.focus();
    }
  });

  return (chosen) => {
    row = chosen;
    error.hidden = true;
    form.elements.name.value = row.dataset.name;
    openDialog("order-rename");
    form.elements.name.select();
  };
}

function show(row, name) {
  row.dataset.name = name;
  row.querySelector(".order-title a").textContent = name;
  for (const word of ["View", "Download", "More about"]) {
    row.querySelector(`[aria-label^="${word} "]`)?.setAttribute("aria-label", `${word} ${name}`);
  }
}
