import { canUndo } from "../reviewing.js";
import * as pictures from "../pictures.js";

/** What the bars around the picture tell about it. */
export function describe(dialog, { picture, place, version, file, isSelected }) {
  const slot = (name) => dialog.querySelector(`[data-slot=${name}]`);
  slot("name").textContent = picture.name;
  slot("place").textContent = isSelected ? `${place} · selected` : place;
  slot("what").textContent = ["", versionWords(version), `${file.width} × ${file.height}`, file.format].join(" · ");
  const isApproved = picture.status === "approved" && picture.approved === version;
  const approve = dialog.querySelector("[data-do=approve]");
  approve.setAttribute("aria-pressed", String(isApproved));
  approve.querySelector("span").textContent = isApproved ? "Approved" : "Approve";
}

/** "Version 2", "Original" */
export function versionWords(version) {
  return version ? `Version ${version}` : "Original";
}

/** Offer the outputs of a version, where there are several. */
export function offerOutputs(dialog, files, chosen) {
  const select = dialog.querySelector(".viewer-output");
  select.hidden = files.length < 2;
  select.replaceChildren(...files.map((file) => {
    const option = new Option(file.output, file.output);
    option.selected = file.output === chosen;
    return option;
  }));
}

/** How far the review is, and whether a verdict can be taken back. */
export function showProgress(dialog) {
  const { ready, reviewed } = pictures.progress();
  dialog.querySelector("[data-slot=reviewed]").textContent = `${reviewed} of ${ready} reviewed`;
  const bar = dialog.querySelector("[data-slot=progress]");
  bar.max = ready || 1;
  bar.value = reviewed;
  dialog.querySelector("[data-do=undo]").disabled = !canUndo();
}

/** Mark the current picture in the strip, and bring it into sight. */
export function markFilm(dialog, id) {
  for (const item of dialog.querySelectorAll(".film-item")) {
    const isCurrent = item.dataset.imageId === id;
    item.tabIndex = isCurrent ? 0 : -1;
    if (isCurrent) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
    if (isCurrent) requestAnimationFrame(() => centre(item));
  }
}

/** Scrolling the strip alone: scrollIntoView would move what lies around it too. */
function centre(item) {
  const film = item.closest(".film");
  film.scrollLeft = item.offsetLeft - (film.clientWidth - item.offsetWidth) / 2;
}

/** What is chosen behind the picture. */
export function setGround(dialog, ground) {
  dialog.dataset.ground = ground;
  for (const choice of dialog.querySelectorAll("[data-ground-choice]")) {
    choice.setAttribute("aria-checked", String(choice.dataset.groundChoice === ground));
  }
}
