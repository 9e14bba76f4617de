/** Tabs after the ARIA pattern: arrows move between tabs, and the chosen panel is shown. Works for swapped-in content. */
export function start() {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"][aria-controls]');
    if (tab) choose(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.('[role="tab"][aria-controls]');
    if (!tab) return;
    const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const other = tabs[(next + tabs.length) % tabs.length];
    choose(other);
    other.focus();
  });
}

/** Show the panel of a tab. */
export function choose(tab) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !isChosen;
  }
  tab.dispatchEvent(new CustomEvent("i2i:tab", { bubbles: true }));
}
