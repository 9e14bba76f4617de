import { openDialog } from "../lib/dialogs.js";
import { download } from "./downloads.js";
import { approve, flag } from "./review.js";
import * as store from "./store.js";

/** The bar of the selected pictures. */
export function start(root) {
  const bar = root.querySelector("#selection-bar");
  const acts = {
    approve: (ids) => approve(ids),
    flag: (ids) => askFlag(ids),
    reprocess: (ids) => document.dispatchEvent(new CustomEvent("i2i:reprocess", { detail: { ids } })),
    download: (ids) => download(root, { images: ids }),
    "select-all": () => store.selectAll(),
    clear: () => store.clear(),
  };
  bar.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act) acts[act](inOrder());
  });
  document.addEventListener("i2i:order-selection", () => {
    const count = store.selected().size;
    const hadFocus = bar.contains(document.activeElement);
    bar.hidden = count === 0;
    bar.querySelector("[data-slot=count]").textContent = count;
    if (bar.hidden && hadFocus) store.card(store.current())?.focus();
  });
  root.querySelector("#flag-form").addEventListener("submit", onFlag);
}

let flagging = [];

/** Ask what is wrong with pictures, then put them on the retouch list. */
export function askFlag(ids) {
  flagging = [...ids];
  document.querySelector("#flag-form textarea").value = "";
  openDialog("order-flag");
}

function onFlag(event) {
  event.preventDefault();
  const note = event.target.elements.note.value.trim();
  event.target.closest("dialog").close();
  flag(flagging, note);
}

/** The selected pictures in the order of the page. */
function inOrder() {
  return store.cards().map((one) => one.dataset.imageId).filter((id) => store.selected().has(id));
}
