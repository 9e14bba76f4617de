/** Open a modal dialog; notices and announcements move into it, because everything beside it is out of reach. */
export function openModal(dialog) {
  if (!dialog.open) dialog.showModal();
  const notices = document.getElementById("notices");
  dialog.append(notices);
  dialog.addEventListener("close", () => topModal().append(notices), { once: true });
}

function topModal() {
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
}

/** The dialog that has the keyboard, or null. */
export function modal() {
  const open = [...document.querySelectorAll("dialog:modal")];
  return open.find((one) => one.contains(document.activeElement)) ?? open.at(-1) ?? null;
}
