import { chosen, dropped, hasFiles, pastedFiles } from "../upload/intake.js";

const MOST_FILES = 2000;

/** All ways by which files come: buttons, drops anywhere on the page, the clipboard, and the camera. */
export function startOffers(root, take) {
  const inputs = { browse: "#pick-files", folder: "#pick-folder", camera: "#pick-camera" };
  for (const [act, selector] of Object.entries(inputs)) {
    const input = root.querySelector(selector);
    for (const button of root.querySelectorAll(`[data-act=${act}]`)) button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => take(chosen(input)));
  }
  startDrops(take);
  document.addEventListener("paste", (event) => {
    const files = pastedFiles(event.clipboardData);
    // Words copied from a document come with a picture of themselves: in a text field the words are meant.
    const isWriting = event.target.closest?.("input, textarea") && event.clipboardData.types.includes("text/plain");
    if (files.length === 0 || isWriting) return;
    event.preventDefault();
    take(files);
  });
  root.querySelector("[data-act=samples]")?.addEventListener("click", (event) => offerSamples(event.currentTarget, take));
}

function startDrops(take) {
  const cover = document.getElementById("drop-cover");
  let depth = 0;
  const show = (isOver) => {
    depth = isOver ? depth : 0;
    cover.hidden = !isOver;
  };
  document.addEventListener("dragenter", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    depth += 1;
    show(true);
  });
  document.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) show(false);
  });
  document.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    show(false);
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    take(await dropped(event.dataTransfer, MOST_FILES));
  });
}

async function offerSamples(button, take) {
  button.disabled = true;
  try {
    const files = await Promise.all(button.dataset.samples.split(" ").map(fetchSample));
    button.dispatchEvent(new CustomEvent("i2i:samples", { bubbles: true, detail: button.dataset.words }));
    await take(files);
  } catch {
    document.dispatchEvent(new CustomEvent("i2i:toast", { detail: { kind: "error", title: "The samples could not be loaded", text: "Try again in a moment." } }));
  }
  button.disabled = false;
}

async function fetchSample(name) {
  const answer = await fetch(`/dashboard/samples/${encodeURIComponent(name)}`);
  if (!answer.ok) throw new Error(name);
  return new File([await answer.blob()], name, { type: "image/jpeg" });
}
