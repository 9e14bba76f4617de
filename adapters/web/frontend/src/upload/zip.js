/**
 * ZIP archives, read in the browser: the list of contents first, so that limits hold before anything is unpacked.
 * Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. Archives over 4 GB (Zip64) are refused.
 */
import { isClutter } from "./checks.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const UTF8 = 1 << 11;
const ZIP64 = 0xffffffff;

export class ZipError extends Error {}

/**
 * List the files of an archive, without folders and clutter.
 * @param {File} archive
 * @param {{entries: number, bytes: number}} limits most files, and most bytes in all when unpacked
 * @throws {ZipError} with a sentence for people
 */
export async function listZip(archive, limits) {
  const end = await findEnd(archive);
  const size = end.getUint32(12, true);
  const offset = end.getUint32(16, true);
  if (size === ZIP64 || offset === ZIP64 || end.getUint16(10, true) === 0xffff) throw new ZipError("the archive is larger than 4 GB. Unpack it and add the folder.");
  if (offset + size > archive.size) throw new ZipError("the archive is damaged.");
  const directory = new DataView(await archive.slice(offset, offset + size).arrayBuffer());
  const entries = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.byteLength && directory.getUint32(at, true) === ENTRY; ) {
    const entry = entryAt(directory, at);
    at = entry.next;
    if (!entry.path.endsWith("/") && !isClutter(entry.path)) entries.push(entry);
    if (entries.length > limits.entries) throw new ZipError(`the archive holds more than ${limits.entries} files.`);
  }
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (total > limits.bytes) throw new ZipError(`unpacked it has ${Math.ceil(total / 1e6)} MB; at most ${Math.floor(limits.bytes / 1e6)} MB are unpacked here.`);
  return entries;
}

async function findEnd(archive) {
  const start = Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT);
  const tail = new DataView(await archive.slice(start).arrayBuffer());
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) === END) return new DataView(tail.buffer, at);
  }
  throw new ZipError("this is not a ZIP archive, or it is damaged.");
}

function entryAt(view, at) {
  const flags = view.getUint16(at + 8, true);
  const nameLength = view.getUint16(at + 28, true);
  const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  const name = new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameLength);
  return {
    path: new TextDecoder(flags & UTF8 ? "utf-8" : "windows-1252").decode(name),
    isEncrypted: Boolean(flags & ENCRYPTED),
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    next: at + ENTRY_BYTES + nameLength + rest,
  };
}

/**
 * Unpack one file of an archive; more bytes than announced are refused while they come.
 * @returns {Promise<File>}
 * @throws {ZipError} with a sentence for people
 */
export async function unpack(archive, entry) {
  const name = entry.path.split(/[/\\]/).pop();
  if (entry.isEncrypted) throw new ZipError("it is locked with a password.");
  if (![STORED, DEFLATED].includes(entry.method)) throw new ZipError("it is packed in a way that cannot be read here.");
  const local = new DataView(await archive.slice(entry.offset, entry.offset + LOCAL_BYTES).arrayBuffer());
  if (local.byteLength < LOCAL_BYTES) throw new ZipError("the archive is damaged.");
  const start = entry.offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = archive.slice(start, start + entry.packed);
  const parts = entry.method === STORED ? [packed] : await inflated(packed, entry.bytes);
  const file = new File(parts, name);
  if (file.size !== entry.bytes) throw new ZipError("the archive is damaged.");
  return file;
}

async function inflated(packed, limit) {
  const parts = [];
  let total = 0;
  try {
    for (const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return parts;
      total += value.length;
      if (total > limit) {
        await reader.cancel();
        throw new ZipError("it holds more than the archive says.");
      }
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError("the archive is damaged.");
  }
}
