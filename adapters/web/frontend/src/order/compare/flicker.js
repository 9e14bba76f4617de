// Three flashes a second are the most that is safe (WCAG 2.3.1); this is fewer than two.
const TURN_MS = 700;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Both pictures in turn, by themselves or, where motion is unwelcome, by hand alone. */
export function enter(dialog, stage, { onTurn }) {
  let isBefore = false;
  let timer = null;
  const show = (next) => {
    isBefore = next;
    dialog.toggleAttribute("data-is-before", isBefore);
    onTurn(isBefore);
  };
  const turn = () => show(!isBefore);
  const run = (goes) => {
    clearInterval(timer);
    timer = goes ? setInterval(turn, TURN_MS) : null;
  };
  show(true);
  run(!calm.matches);
  return {
    turn,
    /** Hold the picture before while a key is down. */
    hold(isHeld) {
      run(false);
      show(isHeld);
    },
    leave() {
      run(false);
      dialog.removeAttribute("data-is-before");
    },
  };
}
