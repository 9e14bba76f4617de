import htmx from "htmx.org/dist/htmx.esm.js";
import { csrfToken, toSignIn } from "./api.js";
import { toast } from "./toasts.js";

window.htmx = htmx;

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});

// Refusals that are no fragment of the page are told in a toast and change nothing; forms come back as HTML with 422,
// and what was changed elsewhere meanwhile as HTML with 409.
document.addEventListener("htmx:before:response", (event) => {
  const { raw, status } = event.detail.ctx.response;
  if (status < 400) return;
  if (status === 401) return toSignIn();
  const isFragment = [409, 422].includes(status) && (raw.headers.get("Content-Type") ?? "").startsWith("text/html");
  if (isFragment) return;
  event.preventDefault();
  tell(raw);
});

document.addEventListener("htmx:error", () => {
  toast({ kind: "error", title: "No connection", text: "Nothing was changed. Try again in a moment." });
});

async function tell(response) {
  const problem = await response.json().catch(() => ({}));
  toast({ kind: "error", title: problem.error ?? "That did not work", text: problem.error ? "" : "Try again in a moment." });
}

export default htmx;
