import { api } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { settled } from "./review.js";
import * as store from "./store.js";

/** The menu of downloads. */
export function start(root) {
  root.addEventListener("click", (event) => {
    const item = event.target.closest("[data-download]");
    if (!item) return;
    const choices = {
      all: () => download(root, {}),
      approved: () => download(root, { which: "approved" }),
      output: () => download(root, { outputs: [item.dataset.output] }),
      selection: () => download(root, { images: [...store.selected()] }),
      current: () => downloadOne(root, store.current()),
    };
    choices[item.dataset.download]();
  });
}

/**
 * Download results as an archive; the browser saves it while it is packed.
 * @param {{images?: string[], outputs?: string[], which?: "latest"|"approved"}} wanted images and outputs: all when left out
 */
export async function download(root, { images, outputs, which } = {}) {
  if (images && !images.length) return toast({ kind: "info", title: "Select pictures first", text: "Space selects the picture with the focus." });
  const query = new URLSearchParams();
  if (images) query.set("images", images.join(","));
  if (outputs) query.set("outputs", outputs.join(","));
  if (which) query.set("which", which);
  // What was approved a moment ago is among the approved, and the summary says so.
  await settled();
  if (!(await hasFiles(root, { images, which }))) {
    return toast({ kind: "error", title: "Nothing to download", text: "None of these pictures has a finished result." });
  }
  toast({ kind: "success", title: "Download started", text: "The archive is packed while it is saved." });
  save(`/api/orders/${root.dataset.orderId}/archive?${query}`);
}

/** Download the newest result of one picture as it is, in the output that is looked at. */
export function downloadOne(root, id) {
  const version = id ? Number(store.card(id)?.dataset.version) : 0;
  if (!version) return toast({ kind: "info", title: "Choose a finished picture first", text: "Click it, or move to it with the arrow keys." });
  const query = new URLSearchParams({ version });
  const output = document.getElementById("gallery-output")?.value;
  if (output && store.card(id).dataset.outputs.split(",").includes(output)) query.set("output", output);
  toast({ kind: "success", title: "Download started", text: store.card(id).dataset.name });
  save(`/api/orders/${root.dataset.orderId}/images/${id}/file?${query}`);
}

function save(address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}

/** A refusal would be saved as a file, so what is there is asked first. */
async function hasFiles(root, { images, which }) {
  const query = which ? `?which=${which}` : "";
  const { data } = await api("GET", `/api/orders/${root.dataset.orderId}/results${query}`);
  return data.images.some((one) => one.files.length && (!images || images.includes(one.image.id)));
}
