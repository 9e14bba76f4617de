const ITEM = '[role="menuitem"]:not([disabled])';

/** Menus: a button with popovertarget and a [popover] with role="menu"; arrows move, Escape and Tab close. */
export function start() {
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const item = event.target.closest('[popover][role="menu"] [role="menuitem"]');
    if (item) item.closest("[popover]").hidePopover();
  });
}

function onToggle(event) {
  const menu = event.target;
  if (!menu.matches?.('[popover][role="menu"]')) return;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  const isOpen = event.newState === "open";
  button?.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  place(menu, button);
  menu.querySelector(ITEM)?.focus();
}

/** Put the menu under its button, or above where there is no room below. */
function place(menu, button) {
  if (!button) return;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4;
  const left = menu.dataset.align === "start" ? at.left : at.right - width;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${below + height > innerHeight - 8 ? Math.max(8, at.top - height - 4) : below}px`;
}

function onKey(event) {
  const menu = event.target.closest?.('[popover][role="menu"]');
  if (!menu) return;
  const items = [...menu.querySelectorAll(ITEM)];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  }
}
