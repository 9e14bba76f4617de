import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { compressed } from "./tools/compress.js";
import { iconSprite } from "./tools/icons.js";
import { styleLicenses } from "./tools/licenses.js";

// The pages are rendered by Flask, which finds the built files through the manifest.
export default defineConfig({
  base: "/static/dist/",
  publicDir: false,
  plugins: [tailwindcss(), iconSprite(), styleLicenses(), compressed()],
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    license: { fileName: "licenses.md" },
    target: "es2022",
    // A font or picture inside a style sheet would be a data: address, which the content policy refuses.
    assetsInlineLimit: 0,
    rollupOptions: { input: ["src/app.js", "src/theme.js", "src/styles/app.css"] },
  },
});
