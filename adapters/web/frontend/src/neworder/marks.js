/**
 * Ranges of a text that caused something: {start, end, kind}, in UTF-16 units.
 */

/** Carry ranges over an edit; what the edit touched is dropped until it is understood anew. */
export function carried(ranges, before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const moved = after.length - before.length;
  return ranges.flatMap((range) => {
    if (range.end <= head) return [range];
    if (range.start >= before.length - tail) return [{ ...range, start: range.start + moved, end: range.end + moved }];
    return [];
  });
}

/**
 * Cut a text into parts that are marked or not; where ranges overlap, the part carries the kinds of all.
 * @returns {{text: string, start: number, end: number, kinds: string[]}[]}
 */
export function parts(text, ranges) {
  const valid = ranges.filter((range) => range.start >= 0 && range.start < range.end && range.end <= text.length);
  const cuts = [...new Set([0, text.length, ...valid.flatMap((range) => [range.start, range.end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1];
    const kinds = valid.filter((range) => range.start <= start && range.end >= end).map((range) => range.kind);
    return { text: text.slice(start, end), start, end, kinds: [...new Set(kinds)] };
  });
}

/** Return a part of a text as what is shown of it: a mark of its kind, or plain text. */
export function marked({ text, start, end, kinds }) {
  const kind = kinds.find(Boolean);
  if (!kind) return text;
  const mark = document.createElement("mark");
  mark.textContent = text;
  Object.assign(mark.dataset, { kind, start, end });
  return mark;
}
