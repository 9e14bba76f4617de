import { ZipError, listZip, unpack } from "./zip.js";

const LIMITS = { entries: 1000, bytes: 2_000_000_000 };

/**
 * Unpack archives one file at a time.
 * @param {File[]} archives
 * @param {{take: (file: File) => Promise<void>, refuse: (refusal: object) => void}} parts
 */
export async function unpackAll(archives, { take, refuse }) {
  for (const archive of archives) {
    await saying(archive.name, refuse, async () => {
      const entries = await listZip(archive, LIMITS);
      if (entries.length === 0) throw new ZipError("there are no files in it.");
      for (const entry of entries) {
        await saying(entry.path, refuse, async () => take(await unpack(archive, entry)));
      }
    });
  }
}

async function saying(name, refuse, act) {
  try {
    await act();
  } catch (error) {
    const message = error instanceof ZipError ? error.message : "it cannot be read.";
    refuse({ name, code: "bad_archive", message: `${name}: ${message}` });
  }
}
