import { toast } from "./toasts.js";

let offline = null;

/** The frame around each page: the menu on phones, and the notice when the connection is gone. */
export function start() {
  addEventListener("offline", () => {
    offline ??= toast({ kind: "loading", title: "You are offline", text: "What runs on the server goes on without you." });
  });
  addEventListener("online", () => {
    offline?.close();
    offline = null;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-copy]")) copy(event.target.closest("[data-copy]"));
  });
  refreshCredits();
}

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  toast({ kind: "success", title: "Copied" });
}

/** Pages that spend or free credits send this event, and the meter follows. */
function refreshCredits() {
  document.addEventListener("i2i:credits", async () => {
    const meter = document.getElementById("credit-meter");
    if (!meter) return;
    const answer = await fetch("/shell/credits", { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (answer.ok) meter.outerHTML = await answer.text();
  });
}
