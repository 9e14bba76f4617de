const YEAR_S = 31_536_000;

/** How the pictures are laid out; the server reads the cookie, so that the page comes as it will stay. */
export function start(root) {
  const gallery = root.querySelector("#gallery");
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look]:not(.gallery)");
    if (!button) return;
    gallery.dataset.look = button.dataset.look;
    for (const other of root.querySelectorAll(".look-switch [data-look]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    document.cookie = `gallery=${button.dataset.look}; path=/orders; max-age=${YEAR_S}; samesite=lax`;
    setSizes(gallery);
  });
  setSizes(gallery);
  document.addEventListener("i2i:order-changed", () => setSizes(gallery));
}

/** Large pictures need the larger file; browsers choose by this. */
function setSizes(gallery) {
  const sizes = { "grid-l": "640px", "grid-m": "320px", "grid-s": "200px", list: "96px" }[gallery.dataset.look];
  for (const image of gallery.querySelectorAll(".picture-box img")) {
    if (image.sizes !== sizes) image.sizes = sizes;
  }
}
