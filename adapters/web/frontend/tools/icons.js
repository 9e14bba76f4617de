import { readFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** Pack the icons named in src/icons.json into one sprite, of which pages use symbols. */
export function iconSprite() {
  return {
    name: "icon-sprite",
    apply: "build",
    buildStart() {
      this.addWatchFile(new URL("../src/icons.json", import.meta.url).pathname);
      const symbols = JSON.parse(read("../src/icons.json")).map(symbol);
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "src/icons.json", source });
    },
  };
}

function symbol(name) {
  const svg = read(`../node_modules/lucide-static/icons/${name}.svg`);
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
  const pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${shapes}</symbol>`;
}
