const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/**
 * Say why the plan cannot be asked for yet.
 * @param {{all: number, used: number, open: number, words: string, isTooLong: boolean, maxWords: number,
 *   hasBrief: boolean, recipe: string, isAttaching: boolean}} now
 * @returns {string} empty when nothing is missing
 */
export function missing(now) {
  if (now.isTooLong) return `Shorten the text to ${now.maxWords.toLocaleString("en")} characters.`;
  if (now.open > 0) return `${plural(now.open, "picture is", "pictures are")} still on the way.`;
  if (now.all === 0) return "Add a picture first.";
  if (now.used === 0) return "Choose at least one picture.";
  if (now.isAttaching) return "The brief is still on the way.";
  if (!now.recipe && !now.words.trim() && !now.hasBrief) return "Say what should be done, attach a brief or choose a recipe.";
  return "";
}

/** Say what the order holds. */
export function sumWords({ used, all, open, failed }) {
  if (all + open + failed === 0) return "No pictures yet";
  const count = used === all ? plural(all, "picture", "pictures") : `${used} of ${plural(all, "picture", "pictures")}`;
  return failed > 0 ? `${count}, ${failed} not sent` : count;
}
