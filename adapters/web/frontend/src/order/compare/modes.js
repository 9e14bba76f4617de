import { enter as flicker } from "./flicker.js";
import { enter as overlay } from "./overlay.js";
import { enter as slider } from "./slider.js";

const ENTER = { slider, flicker, overlay };
/** Share by which two shapes may differ before somebody is told that they are framed differently. */
const ALIKE = 0.01;

/** How two pictures are compared; "result" shows one, and "side" needs nothing but its second pane. */
export class Comparison {
  constructor(dialog, stage, { onTurn }) {
    Object.assign(this, { dialog, stage, onTurn, mode: "result", entered: null });
  }

  get isOn() {
    return this.mode !== "result";
  }

  /** Change the mode; the panes are laid out by the style sheet. */
  set(mode) {
    this.entered?.leave();
    this.mode = mode;
    this.dialog.dataset.mode = mode;
    this.entered = ENTER[mode]?.(this.dialog, this.stage, { onTurn: this.onTurn }) ?? null;
    for (const button of this.dialog.querySelectorAll("[data-mode-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.modeChoice === mode));
    }
  }

  draw() {
    this.entered?.draw?.();
  }
}

/** Whether two files have different shapes, so that one does not cover the other. */
export function isFramedDifferently(one, two) {
  return Math.abs((one.width / one.height) / (two.width / two.height) - 1) > ALIKE;
}
