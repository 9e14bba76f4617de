/** Count characters as people and the server do: an emoji is one. */
export function lengthOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
