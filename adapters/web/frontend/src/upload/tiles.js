import { sizeWords } from "./checks.js";

const WAITING = { waiting: "Waiting", sending: "Sending", failed: "Not sent" };

/** Make the tile of a picture that is about to be sent. */
export function makeTile(template, item) {
  const tile = template.content.firstElementChild.cloneNode(true);
  const name = tile.querySelector(".tile-name");
  name.textContent = name.title = item.name;
  tile.querySelector("[data-act=include]").setAttribute("aria-label", `Work on ${item.name}`);
  tile.querySelector("[data-act=remove]").setAttribute("aria-label", `Remove ${item.name}`);
  tile.querySelector("[data-act=retry]").setAttribute("aria-label", `Retry ${item.name}`);
  tile.querySelector("progress").setAttribute("aria-label", `${item.name}, sent`);
  return tile;
}

/** Show in a tile how far its picture is. */
export function paintTile(item) {
  const { tile, state } = item;
  tile.dataset.state = state;
  tile.dataset.isLeftOut = String(!item.isUsed);
  tile.querySelector("[data-act=include]").checked = item.isUsed;
  const bar = tile.querySelector("progress");
  bar.hidden = state !== "sending";
  bar.value = item.size ? Math.round((100 * item.sent) / item.size) : 0;
  const facts = tile.querySelector(".tile-facts");
  facts.textContent = state === "done" ? `${item.width} × ${item.height}` : `${WAITING[state] ?? ""}`;
  facts.title = item.message || sizeWords(item.size);
}

/** Put a small picture into a tile: a canvas, or the server's own for what browsers cannot decode. */
export function putPicture(tile, picture) {
  tile.querySelector(".tile-picture")?.remove();
  tile.querySelector(".tile-view").prepend(picture);
}

export function serverPicture(orderId, imageId) {
  const picture = new Image(160, 160);
  picture.className = "tile-picture";
  picture.alt = "";
  picture.loading = "lazy";
  picture.decoding = "async";
  picture.src = `/api/orders/${orderId}/images/${imageId}/thumbnail?size=320&version=0`;
  return picture;
}

/** A server without a small picture of a file shows none, rather than a broken one. */
export function forgiveBrokenPictures(tiles) {
  tiles.addEventListener("error", (event) => event.target.matches(".tile-picture") && event.target.remove(), true);
}
