import { openDialog } from "../lib/dialogs.js";

/** The link to the page for a forgotten password opens a dialog; without scripts it stays a link. */
export default function start(root) {
  root.querySelector("[data-forgot]").addEventListener("click", (event) => {
    event.preventDefault();
    const dialog = openDialog("forgot-password");
    const email = dialog.querySelector("input[type=email]");
    email.value ||= root.querySelector("#field-email").value;
    email.focus();
  });
}
