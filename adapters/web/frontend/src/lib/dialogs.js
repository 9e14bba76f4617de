/**
 * Dialogs open with data-dialog-open="id" and close with data-dialog-close, Escape, or a click beside them.
 * What opened a dialog gets the focus back.
 */
export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) return openDialog(opener.dataset.dialogOpen);
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) return closer.closest("dialog").close();
    if (event.target.matches("dialog[open]")) event.target.close();
  });
}

/** Open a dialog by id and return it. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return dialog;
}

/**
 * Ask before something that cannot be undone.
 * @returns {Promise<boolean>} whether the person agreed
 */
export function confirmed({ title, text, action }) {
  const dialog = document.getElementById("confirm-dialog");
  dialog.querySelector("[data-slot=title]").textContent = title;
  dialog.querySelector("[data-slot=text]").textContent = text;
  dialog.querySelector("[data-slot=action]").textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
