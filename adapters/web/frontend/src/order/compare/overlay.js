/** The picture before laid over the result, as strong as wanted. */
export function enter(dialog, stage) {
  const input = dialog.querySelector("[data-slot=blend] input");
  const draw = () => {
    for (const layer of stage.layers("before")) layer.style.opacity = String(Number(input.value) / 100);
  };
  input.addEventListener("input", draw);
  return {
    draw,
    leave() {
      input.removeEventListener("input", draw);
      for (const layer of stage.layers("before")) layer.style.opacity = "";
    },
  };
}
