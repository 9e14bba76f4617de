const SWIPE = 60;
const TAP = 8;

/**
 * Wheel, drag, pinch, swipe and double click on a stage.
 * @param {import("./stage.js").Stage} stage
 * @param {(step: 1 | -1) => void} onTurn a swipe to the next or the previous picture
 */
export function listen(stage, onTurn) {
  const { root } = stage;
  const fingers = new Map();
  let pinch = null;
  let start = null;

  root.addEventListener("wheel", (event) => {
    if (event.target.closest("input, button")) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    stage.zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), within(event));
  }, { passive: false });

  root.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("input, button, label")) return;
    root.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    start = fingers.size === 1 ? event : null;
    pinch = fingers.size === 2 ? spread() : null;
    root.toggleAttribute("data-is-held", true);
  });

  root.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2 && pinch) {
      const now = spread();
      stage.zoomBy(now.length / pinch.length, now.middle);
      pinch = now;
    } else if (fingers.size === 1 && stage.isLarger) {
      stage.panBy(event.clientX - before.clientX, event.clientY - before.clientY);
    }
  });

  for (const name of ["pointerup", "pointercancel"]) {
    root.addEventListener(name, (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (!fingers.size) root.removeAttribute("data-is-held");
      if (start && name === "pointerup" && !stage.isLarger) swiped(event);
      start = null;
      pinch = null;
    });
  }

  root.addEventListener("dblclick", (event) => {
    if (event.target.closest("input, button, label")) return;
    stage.zoomTo(stage.level === "fit" ? 1 : "fit", within(event));
  });

  function swiped(event) {
    const x = event.clientX - start.clientX;
    const y = event.clientY - start.clientY;
    // A mouse that slips while it clicks is no swipe.
    const needed = event.pointerType === "mouse" ? Infinity : SWIPE;
    if (Math.abs(x) > Math.max(needed, TAP) && Math.abs(x) > 2 * Math.abs(y)) onTurn(x < 0 ? 1 : -1);
  }

  function within(event) {
    const pane = (event.target.closest?.(".viewer-pane") ?? root.querySelector(".viewer-pane")).getBoundingClientRect();
    return { x: event.clientX - pane.left, y: event.clientY - pane.top };
  }

  function spread() {
    const [one, two] = [...fingers.values()];
    const length = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) || 1;
    const box = root.getBoundingClientRect();
    return { length, middle: { x: (one.clientX + two.clientX) / 2 - box.left, y: (one.clientY + two.clientY) / 2 - box.top } };
  }
}
