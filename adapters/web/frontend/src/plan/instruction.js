/** The instruction opens for changing; planning again takes a moment, during which the form waits. */
export function startInstruction(page) {
  page.addEventListener("click", (event) => {
    if (event.target.closest("#plan-instruction-edit")) show(true);
    if (event.target.closest("[data-instruction-cancel]")) show(false);
  });
  // Each change of the plan swaps what stands here; the document stays as open as it was.
  let isOpen = null;
  page.addEventListener("toggle", ({ target }) => { if (target.matches("[data-brief]")) isOpen = target.open; }, true);
  document.addEventListener("htmx:after:swap", () => {
    const brief = page.querySelector("[data-brief]");
    if (brief && isOpen !== null) brief.open = isOpen;
  });
  document.addEventListener("htmx:before:request", (event) => wait(event, true));
  document.addEventListener("htmx:finally:request", (event) => wait(event, false));
}

function show(isOpen) {
  const form = document.getElementById("plan-instruction-form");
  const button = document.getElementById("plan-instruction-edit");
  form.hidden = !isOpen;
  document.getElementById("plan-instruction-text").hidden = isOpen;
  button.hidden = isOpen;
  button.setAttribute("aria-expanded", String(isOpen));
  (isOpen ? document.getElementById("plan-words") : button).focus();
}

function wait(event, isWaiting) {
  const form = event.detail.ctx.sourceElement;
  if (form.id === "plan-instruction-form") form.querySelector("[data-waiting]").hidden = !isWaiting;
}
