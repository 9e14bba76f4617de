/** Files as people offer them: dropped (folders too), pasted, or chosen. */
import { isClutter } from "./checks.js";

/** Whether something that is dragged over the page holds files. */
export function hasFiles(transfer) {
  return [...(transfer?.types ?? [])].includes("Files");
}

/** Return all files of a drop, with those inside folders; must be called while the event is handled. */
export function dropped(transfer, limit) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve([...transfer.files]);
  return walked(entries, limit);
}

async function walked(entries, limit) {
  const files = [];
  const open = [...entries];
  while (open.length > 0 && files.length < limit) {
    const entry = open.shift();
    if (entry.isDirectory) open.push(...(await children(entry)));
    else if (!isClutter(entry.fullPath)) files.push(await fileOf(entry));
  }
  return files.filter(Boolean);
}

async function children(folder) {
  const reader = folder.createReader();
  const all = [];
  // A reader hands out its entries in portions and says with an empty one that there are no more.
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
    all.push(...some);
  }
}

function fileOf(entry) {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/** Return chosen files; what a camera or a system put into a folder beside the pictures is left out. */
export function chosen(input) {
  const files = [...input.files].filter((file) => !isClutter(file.webkitRelativePath));
  input.value = "";
  return files;
}

let pasted = 0;

/** Return pasted files; a picture that comes from another program gets a name of its own. */
export function pastedFiles(clipboard) {
  return [...(clipboard?.files ?? [])].map((file) => {
    if (!/^image\.\w+$/.test(file.name)) return file;
    pasted += 1;
    return new File([file], `pasted_${pasted}.${file.name.split(".").pop()}`, { type: file.type });
  });
}
