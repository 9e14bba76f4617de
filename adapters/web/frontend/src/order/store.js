/**
 * What is current and what is selected in the gallery. The cards of the page are the list; this module only remembers.
 * Told on document: i2i:order-current {id}, i2i:order-selection {ids}, i2i:order-changed {ids} (cards were swapped).
 */
const state = { gallery: null, current: null, anchor: null, selected: new Set() };

/** Begin with a gallery: the element that holds the cards. */
export function start(gallery) {
  Object.assign(state, { gallery, current: null, anchor: null, selected: new Set() });
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** All cards, hidden ones included, in the order of the page. */
export function cards() {
  return [...state.gallery.querySelectorAll(".picture-card")];
}

/** The card of a picture, or null. */
export function card(id) {
  const found = document.getElementById(`image-${id}`);
  return found && state.gallery.contains(found) ? found : null;
}

function shown() {
  return cards().filter((one) => !one.hidden);
}

/** The pictures of the current filter, in the order of the page. */
export function images() {
  return shown().map(describe);
}

/** What a card tells about its picture. */
export function describe(one) {
  const { imageId, name, status, version, position } = one.dataset;
  return { id: imageId, name, status, version: Number(version), position: Number(position) };
}

/** The id of the picture that has the attention, or null. */
export function current() {
  return state.current;
}

/** Give a picture the attention; the keyboard goes on from there. */
export function setCurrent(id) {
  if (id === state.current) return;
  state.current = id;
  markCurrent();
  tell("i2i:order-current", { id });
}

/** Exactly one card is reached with the Tab key: the current one, else the first that is shown. */
export function markCurrent() {
  const visible = shown();
  const chosen = visible.find((one) => one.dataset.imageId === state.current) ?? visible[0];
  for (const one of cards()) {
    const isChosen = one === chosen;
    if (one.tabIndex !== (isChosen ? 0 : -1)) one.tabIndex = isChosen ? 0 : -1;
    one.toggleAttribute("data-current", isChosen && one.dataset.imageId === state.current);
  }
}

/** The ids of the selected pictures. */
export function selected() {
  return state.selected;
}

/** Select a picture, or no longer; ranges go on from it. */
export function toggle(id) {
  if (!state.selected.delete(id)) state.selected.add(id);
  state.anchor = id;
  markSelected();
}

/** Select from the picture that was toggled last (or is current) to this one, as far as the filter shows them. */
export function selectRange(id) {
  const ids = images().map((image) => image.id);
  const from = ids.indexOf(state.anchor ?? state.current ?? id);
  const to = ids.indexOf(id);
  if (to < 0) return;
  const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  state.anchor = ids[from < 0 ? to : from];
  replaceSelection(ids.slice(low, high + 1));
}

/** Select everything that the filter shows. */
export function selectAll() {
  replaceSelection(images().map((image) => image.id));
}

/** Select these pictures and no others. */
export function replaceSelection(ids) {
  state.selected = new Set(ids);
  markSelected();
}

/** Select nothing. */
export function clear() {
  state.anchor = null;
  if (state.selected.size) replaceSelection([]);
}

function markSelected() {
  for (const one of cards()) markCard(one);
  tell("i2i:order-selection", { ids: [...state.selected] });
}

/** Show on a card whether it is selected; needed again whenever a card was swapped. */
export function markCard(one) {
  const isSelected = state.selected.has(one.dataset.imageId);
  one.toggleAttribute("data-selected", isSelected);
  const box = one.querySelector(".picture-pick input");
  if (box) box.checked = isSelected;
}

/** Tell that cards were swapped for newer ones. */
export function changed(ids) {
  for (const id of ids) {
    const one = card(id);
    if (one) markCard(one);
  }
  markCurrent();
  tell("i2i:order-changed", { ids });
}
