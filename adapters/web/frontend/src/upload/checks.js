/** What can be told about a file before it is sent; the server looks again at the content. */

const MB = 1_000_000;
const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
const HEAD_BYTES = 32;
// Folders of a camera or an archive hold these beside the pictures; nobody means to upload them.
const CLUTTER = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;
const NAMES = { jpeg: "JPEG", png: "PNG", webp: "WebP", tiff: "TIFF", gif: "GIF", avif: "AVIF", heic: "HEIC", pdf: "PDF", zip: "ZIP" };
const BRANDS = { avif: "avif", avis: "avif", heic: "heic", heix: "heic", hevc: "heic", heim: "heic", heis: "heic", mif1: "heic", msf1: "heic" };
const ENDINGS = { jpg: "jpeg", jpeg: "jpeg", jpe: "jpeg", png: "png", webp: "webp", tif: "tiff", tiff: "tiff", gif: "gif", avif: "avif", heic: "heic", heif: "heic" };

/** Tell the type of a content from its first bytes; null when it is none that we know. */
export function typeOf(head) {
  const text = String.fromCharCode(...head.slice(0, 12));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return "tiff";
  if (text.startsWith("GIF8")) return "gif";
  if (text.slice(4, 8) === "ftyp") return BRANDS[text.slice(8, 12)] ?? null;
  if (text.startsWith("%PDF")) return "pdf";
  if (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06")) return "zip";
  return null;
}

export async function contentType(file) {
  return typeOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
}

export function ending(name) {
  return /\.([^./]+)$/.exec(name)?.[1].toLowerCase() ?? "";
}

/** Whether a file of a folder or an archive is left out without a word. */
export function isClutter(path) {
  return CLUTTER.test(path);
}

/** Sort offered files into pictures, archives and documents, by their names alone. */
export function sorted(files, briefEndings) {
  const kinds = { pictures: [], archives: [], briefs: [] };
  for (const file of files) {
    const end = ending(file.name);
    if (end === "zip") kinds.archives.push(file);
    else if (briefEndings.includes(end)) kinds.briefs.push(file);
    else kinds.pictures.push(file);
  }
  return kinds;
}

/**
 * Look at a file before it is sent.
 * @returns {Promise<null | {name: string, code: string, message: string}>} null when it may be sent
 */
export async function refusalOf(file, { maxBytes, formats }) {
  const refuse = (code, message) => ({ name: file.name, code, message: `${file.name}: ${message}` });
  if (file.size === 0) return refuse("empty_file", "the file is empty.");
  let type;
  try {
    type = await contentType(file);
  } catch {
    return refuse("unreadable", "the file cannot be read. It may have been moved, or it is a folder.");
  }
  if (!formats.includes(type)) {
    const what = type ? `this is a ${NAMES[type]} file.` : looksRight(file.name) ? "the content is not that of a picture." : "this is not a picture.";
    return refuse("unsupported_type", `${what} Use JPEG, PNG, WebP or TIFF.`);
  }
  if (file.size > maxBytes) {
    return refuse("file_too_large", `${(file.size / MB).toFixed(1)} MB; at most ${Math.floor(maxBytes / MB)} MB are accepted.`);
  }
  return null;
}

function looksRight(name) {
  return ending(name) in ENDINGS;
}

export function tooMany(file, limit) {
  return { name: file.name, code: "too_many_images", message: `${file.name}: an order holds at most ${limit} pictures.` };
}

export function sameAs(file, other) {
  return { name: file.name, code: "duplicate", message: `${file.name}: the same picture is in the order as ${other}.` };
}

/** Write a size in the largest unit that leaves a whole part, as the pages of the server do. */
export function sizeWords(bytes) {
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return `${value.toFixed(unit > 0 && value < 10 ? 1 : 0)} ${UNITS[unit]}`;
}
