/** Words of a marketplace as a switch: pressed while the words stand in the text. */
export function startPresets(root, words) {
  const buttons = [...root.querySelectorAll("[data-preset]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      words.text = toggled(words.text, button.dataset.preset);
    });
  }
  return () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(words.text.includes(button.dataset.preset)));
  };
}

/** Add a sentence to a text, or take it out again. */
export function toggled(text, sentence) {
  if (text.includes(sentence)) return text.replace(sentence, "").replace(/ {2,}/g, " ").trim();
  const start = text.trimEnd();
  if (!start) return sentence;
  return /[.!?:;,]$/.test(start) ? `${start} ${sentence}` : `${start}. ${sentence}`;
}
