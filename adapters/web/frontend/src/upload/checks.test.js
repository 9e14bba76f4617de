import assert from "node:assert/strict";
import { test } from "node:test";
import { isClutter, refusalOf, sizeWords, sorted, typeOf } from "./checks.js";

const LIMITS = { maxBytes: 1000, formats: ["jpeg", "png", "webp", "tiff"] };
const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const file = (name, text, size = 0) => new File([bytes(text), new Uint8Array(size)], name);

test("types are told by content", () => {
  assert.equal(typeOf(bytes("\xff\xd8\xff\xe0")), "jpeg");
  assert.equal(typeOf(bytes("\x89PNG\r\n\x1a\n0000")), "png");
  assert.equal(typeOf(bytes("RIFF0000WEBPVP8 ")), "webp");
  assert.equal(typeOf(bytes("II*\0")), "tiff");
  assert.equal(typeOf(bytes("MM\0*")), "tiff");
  assert.equal(typeOf(bytes("0000ftypheic")), "heic");
  assert.equal(typeOf(bytes("%PDF-1.7")), "pdf");
  assert.equal(typeOf(bytes("hello")), null);
});

test("a bad type, a bad size and an empty file are told apart", async () => {
  const refusals = await Promise.all([file("a.pdf", "%PDF-1.7"), file("b.jpg", "\xff\xd8\xff", 2000), file("c.png", ""), file("d.jpg", "hello")].map((f) => refusalOf(f, LIMITS)));
  assert.deepEqual(refusals.map((refusal) => refusal.code), ["unsupported_type", "file_too_large", "empty_file", "unsupported_type"]);
  assert.equal(new Set(refusals.map((refusal) => refusal.message.split(": ")[1])).size, 4);
  assert.ok(refusals.every((refusal) => refusal.message.startsWith(`${refusal.name}: `)));
});

test("a picture under another ending is taken: the content decides", async () => {
  assert.equal(await refusalOf(file("photo.jpg", "\x89PNG\r\n\x1a\n0000"), LIMITS), null);
});

test("what cannot be read is refused by name", async () => {
  const gone = { name: "gone.jpg", size: 5, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotFound")) }) };
  assert.equal((await refusalOf(gone, LIMITS)).code, "unreadable");
});

test("clutter of systems and cameras is left out", () => {
  assert.deepEqual(["/a/.DS_Store", "__MACOSX/a/._b.jpg", "Thumbs.db", "a/b.jpg", "a..b.jpg"].map(isClutter), [true, true, true, false, false]);
});

test("archives and documents are sorted out by their names", () => {
  const kinds = sorted([{ name: "a.ZIP" }, { name: "brief.docx" }, { name: "b.jpg" }, { name: "noending" }], ["docx", "pdf"]);
  assert.deepEqual(Object.values(kinds).map((files) => files.map((f) => f.name)), [["b.jpg", "noending"], ["a.ZIP"], ["brief.docx"]]);
});

test("sizes are written as the server writes them", () => {
  assert.deepEqual([0, 999, 1500, 359_832, 1_845_214, 999_600].map(sizeWords), ["0 bytes", "999 bytes", "1.5 kB", "360 kB", "1.8 MB", "1.0 MB"]);
});
