import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TEXT = /\.(css|js|svg)$/;

/** Put a brotli and a gzip form beside each text file, so that the server need not compress while it answers. */
export function compressed() {
  let folder;
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = join(resolve(config.root, config.build.outDir), "assets");
    },
    closeBundle() {
      for (const name of readdirSync(folder).filter((file) => TEXT.test(file))) {
        const content = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
