const ORDER = ["system", "light", "dark"];
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Light, dark, or as the system has it; the choice stays in this browser. */
export function start() {
  dark.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (button) choose(button.dataset.themeChoice);
  });
  apply();
}

export function choose(theme) {
  localStorage.setItem("theme", ORDER.includes(theme) ? theme : "system");
  apply();
}

function apply() {
  const choice = localStorage.getItem("theme") ?? "system";
  const root = document.documentElement;
  root.dataset.theme = choice;
  root.classList.toggle("dark", choice === "dark" || (choice === "system" && dark.matches));
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-checked", String(button.dataset.themeChoice === choice));
  }
  document.dispatchEvent(new CustomEvent("i2i:theme"));
}
