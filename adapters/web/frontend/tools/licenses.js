import { readdirSync, readFileSync } from "node:fs";

const PACKAGES = ["@fontsource-variable/inter", "basecoat-css", "lucide-static", "tailwindcss"];

/** Put the licenses of what reaches the browser as style, font or icon beside those of the modules. */
export function styleLicenses() {
  return {
    name: "style-licenses",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "licenses-of-styles.md", source: PACKAGES.map(license).join("\n\n") });
    },
  };
}

function license(name) {
  const folder = new URL(`../node_modules/${name}/`, import.meta.url);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const { version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  return `# ${name} ${version}\n\n${readFileSync(new URL(file, folder), "utf8").trim()}`;
}
