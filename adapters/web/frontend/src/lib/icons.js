const SPRITE = document.querySelector('meta[name="icons"]')?.content ?? "";
const SVG = "http://www.w3.org/2000/svg";

/** Make an icon of the sprite; it is decoration, so it is hidden from screen readers. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}
