/** A link that was opened is confirmed at once; the button is for browsers without scripts. */
export default function start(root) {
  root.querySelector("form[data-at-once]")?.requestSubmit();
}
