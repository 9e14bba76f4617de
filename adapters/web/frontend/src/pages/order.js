import { startJumps } from "../lib/jumps.js";
import { start as startActions, startDeleted } from "../order/actions.js";
import { start as startDownloads } from "../order/downloads.js";
import { start as startFilters } from "../order/filters.js";
import { start as startGrid } from "../order/grid.js";
import { start as startKeys } from "../order/keys.js";
import { start as startLive } from "../order/live.js";
import { start as startLog } from "../order/log.js";
import { start as startLooks } from "../order/looks.js";
import { start as startSelection } from "../order/selection.js";
import * as store from "../order/store.js";

const OPENERS = ["i2i:open-viewer", "i2i:reprocess"];

/** The page of one order: live gallery, review, history. */
export default function start(main) {
  const deleted = main.querySelector("[data-deleted-order]");
  if (deleted) return startDeleted(deleted);
  const root = main.querySelector("[data-order-id]");
  store.start(root.querySelector("#gallery"));
  for (const begin of [startLooks, startFilters, startGrid, startSelection, startActions, startDownloads, startLog, startLive]) begin(root);
  // The large view is loaded when it is first wanted; the wish that loaded it is told again.
  for (const name of OPENERS) document.addEventListener(name, loadViewer);
  startKeys(root);
  startJumps(root);
}

let loading = null;

async function loadViewer(event) {
  if (loading === "done") return;
  event.stopImmediatePropagation();
  loading ??= import("../order/viewer.js");
  const module = await loading;
  if (loading !== "done") {
    loading = "done";
    module.default(document.querySelector("[data-order-id]"));
  }
  document.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
}
