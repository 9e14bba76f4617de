import { board } from "./board.js";

const WIDE = matchMedia("(width >= 80rem)");
const YEAR = 31_536_000;

/** The assistant opens beside the plan on wide screens and as a sheet elsewhere; it is loaded when it is first opened. */
export function startAssistant() {
  const panel = document.getElementById("assistant");
  const opener = document.getElementById("assistant-open");
  const words = panel.querySelector("textarea");
  let talk = null;
  let isSent = false;
  let revision = board()?.dataset.revision;

  async function load() {
    if (talk) return talk.load();
    const { Talk } = await import("../assistant/talk.js");
    talk ??= new Talk(panel);
    if (isSent) talk.composer.submit();
    isSent = false;
    return talk.load();
  }

  // Whoever is faster than the module is loaded sends as soon as it is there.
  words.addEventListener("keydown", (event) => {
    if (talk || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    isSent = true;
  });

  function open({ hasFocus }) {
    if (WIDE.matches) panel.show();
    else panel.showModal();
    paint(true);
    if (hasFocus) (WIDE.matches ? words : panel.querySelector("#assistant-title")).focus();
    load();
  }

  function paint(isOpen) {
    opener.setAttribute("aria-expanded", String(isOpen));
    if (WIDE.matches) document.cookie = `assistant=${isOpen ? "open" : "closed"}; path=/; max-age=${YEAR}; samesite=lax`;
  }

  opener.addEventListener("click", () => (panel.open ? panel.close() : open({ hasFocus: true })));
  panel.addEventListener("click", (event) => event.target.closest("[data-assistant-close]") && panel.close());
  panel.addEventListener("close", () => {
    if (panel.open) return; // it was opened in another way at once
    paint(false);
    if (panel.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.matches(":modal")) return;
    event.stopPropagation();
    panel.close();
  });
  // What stood beside the plan would cover it on a narrow screen, and the other way round.
  WIDE.addEventListener("change", () => {
    if (!panel.open) return;
    panel.close();
    if (WIDE.matches) open({ hasFocus: false });
  });
  // Whoever changed the plan: what was proposed before may be outdated, or applied.
  document.addEventListener("htmx:after:swap", () => {
    if (!talk || board()?.dataset.revision === revision) return;
    revision = board()?.dataset.revision;
    talk.load();
  });
  if (panel.open && !WIDE.matches) panel.close();
  else if (panel.open) load();
}
