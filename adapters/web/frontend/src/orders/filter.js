/** Filters and sorting: htmx fetches the list, this keeps the form, the address and the screen reader in step. */
export function start(root) {
  const form = root.querySelector("#order-filter");
  // Days are meant in the zone of the reader.
  form.elements.tz.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  root.addEventListener("click", (event) => sort(event, form));
  document.addEventListener("htmx:before:history:update", (event) => {
    const action = event.detail.history;
    if (action?.path) action.path = tidy(action.path);
  });
  document.addEventListener("htmx:after:swap", () => {
    say(root);
    for (const chip of form.querySelectorAll(".order-chip")) chip.hidden = isIdle(chip);
  });
}

/** A state that no order is in is not offered, unless it is the chosen one. */
function isIdle(chip) {
  const { value, checked } = chip.querySelector("input");
  const count = chip.querySelector(".order-count").textContent;
  return count === "0" && !checked && !["", "deleted"].includes(value);
}

/** The heads of the columns are links; here they turn the same wheel as the choice of the sort on phones. */
function sort(event, form) {
  const head = event.target.closest("[data-sort]");
  if (!head || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const wheel = form.elements.sort;
  wheel.value = head.dataset.sort;
  wheel.dispatchEvent(new Event("change", { bubbles: true }));
  refocus(wheel.value.replace("-", ""));
}

/** The head that was clicked is replaced with the list; its successor takes the focus. */
function refocus(key) {
  document.addEventListener("htmx:after:swap", () => {
    document.querySelector(`[data-sort="${key}"], [data-sort="-${key}"]`)?.focus();
  }, { once: true });
}

/** Leave what says nothing out of the address. */
function tidy(path) {
  const url = new URL(path, location.origin);
  const values = url.searchParams;
  if (!values.get("since") && !values.get("until")) values.delete("tz");
  if (values.get("sort") === "-created") values.delete("sort");
  for (const [name, value] of [...values]) if (!value) values.delete(name);
  return url.pathname + url.search;
}

function say(root) {
  const count = root.querySelectorAll(".order-row").length;
  const more = root.querySelector("#order-more") ? ", and more" : "";
  const words = count === 1 ? "1 order shown" : `${count} orders shown`;
  const place = root.querySelector("#orders-said");
  if (place) place.textContent = count ? words + more : "No order found";
}
