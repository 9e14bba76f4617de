import { start as startActs } from "../orders/acts.js";
import { start as startFilter } from "../orders/filter.js";
import { start as startRename } from "../orders/rename.js";

/** The list of orders. */
export default function start(root) {
  if (!root.querySelector("#order-list")) return;
  startFilter(root);
  startActs(root, { rename: startRename(root) });
}
