/** Two pictures one over the other with a line between them, which a slider moves. */
export function startCompare(box) {
  const range = box.querySelector(".compare-range");
  const move = () => box.style.setProperty("--split", `${range.value}%`);
  range.addEventListener("input", move);
  move();
  return {
    /** Show a picture after the work; it is swapped in when it is decoded, so that nothing flickers. */
    async after(url) {
      const next = new Image();
      next.src = url;
      await next.decode();
      const shown = box.querySelector("[data-slot=after]");
      shown.src = url;
      shown.hidden = false;
      range.disabled = false;
      box.dataset.isReady = "";
    },
    before(url) {
      const shown = box.querySelector("[data-slot=before]");
      if (shown.getAttribute("src") === url) return;
      shown.src = url;
      this.clear();
    },
    clear() {
      box.querySelector("[data-slot=after]").hidden = true;
      range.disabled = true;
      delete box.dataset.isReady;
    },
  };
}
