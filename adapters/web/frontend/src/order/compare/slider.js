/** Before and after on one picture, parted by a line that is dragged or moved with the arrows. */
export function enter(dialog, stage) {
  const input = dialog.querySelector("[data-slot=split]");
  const draw = () => {
    const { width } = stage.pane;
    const at = (Number(input.value) / 100) * width;
    dialog.querySelector("[data-slot=divider]").style.setProperty("--at", `${at}px`);
    const shown = at - stage.view.x;
    for (const layer of stage.layers("before")) {
      layer.style.clipPath = `inset(0 ${Math.max(0, stage.frame.width * stage.view.scale - shown)}px 0 0)`;
    }
  };
  const drag = (event) => {
    if (event.type === "pointermove" && !event.target.hasPointerCapture(event.pointerId)) return;
    if (event.type === "pointerdown") input.setPointerCapture(event.pointerId);
    const box = stage.root.getBoundingClientRect();
    input.value = (100 * (event.clientX - box.left)) / box.width;
    draw();
  };
  input.addEventListener("input", draw);
  input.addEventListener("pointerdown", drag);
  input.addEventListener("pointermove", drag);
  return {
    draw,
    leave() {
      input.removeEventListener("input", draw);
      input.removeEventListener("pointerdown", drag);
      input.removeEventListener("pointermove", drag);
      for (const layer of stage.layers("before")) layer.style.clipPath = "";
    },
  };
}
