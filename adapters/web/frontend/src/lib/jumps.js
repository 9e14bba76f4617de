/** Links from words to what they caused, and back: what is folded opens, and the focus goes there. */
export function startJumps(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "center" });
    const place = target.querySelector("[data-step-open]") ?? target;
    if (!place.matches("button, a, [tabindex]")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
}
