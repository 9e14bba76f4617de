/** Links from words to what they caused, and back: what is folded opens, and the focus goes there. */
export function startJumps(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const place = target.querySelector("[data-step-open]") ?? target;
    if (!place.matches("button, a, [tabindex]")) place.tabIndex = -1;
    land(target, place);
  });
}

/** What was folded can take the focus once it is drawn, which takes some frames. */
function land(target, place, frames = 60) {
  place.focus({ preventScroll: true });
  if (document.activeElement !== place && frames > 0) return requestAnimationFrame(() => land(target, place, frames - 1));
  return target.scrollIntoView({ block: "center" });
}
