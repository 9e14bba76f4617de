import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { unpackAll } from "./archives.js";
import { ZipError, listZip, unpack } from "./zip.js";

const LIMITS = { entries: 10, bytes: 100_000 };
const archive = (files, options) => new File([zipSync(files, options)], "shoot.zip");
const text = (words) => new TextEncoder().encode(words);
const saying = (words) => (error) => error instanceof ZipError && error.message.includes(words);

test("packed and stored files come out as they went in, without folders and clutter", async () => {
  const long = text("grey ".repeat(2000));
  const zip = archive({ "set/one.jpg": long, "set/über.jpg": [text("two"), { level: 0 }], "__MACOSX/set/._one.jpg": text("x"), "set/.DS_Store": text("y"), "empty/": new Uint8Array() });
  const entries = await listZip(zip, LIMITS);
  assert.deepEqual(entries.map((entry) => entry.path), ["set/one.jpg", "set/über.jpg"]);
  const files = await Promise.all(entries.map((entry) => unpack(zip, entry)));
  assert.deepEqual(files.map((file) => file.name), ["one.jpg", "über.jpg"]);
  assert.deepEqual(new Uint8Array(await files[0].arrayBuffer()), long);
  assert.equal(await files[1].text(), "two");
});

test("too many files and too many bytes are refused before anything is unpacked", async () => {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}.jpg`, text("x")]));
  await assert.rejects(listZip(archive(many), LIMITS), saying("more than 10 files"));
  await assert.rejects(listZip(archive({ "a.jpg": new Uint8Array(100_001) }), LIMITS), saying("at most 0 MB"));
});

test("a file that holds more than the archive says is stopped while it is unpacked", async () => {
  const zip = archive({ "bomb.jpg": new Uint8Array(90_000) });
  const [entry] = await listZip(zip, LIMITS);
  await assert.rejects(unpack(zip, { ...entry, bytes: 100 }), saying("more than the archive says"));
});

test("what is no archive, or a broken one, is refused in words", async () => {
  await assert.rejects(listZip(new File([text("hello")], "a.zip"), LIMITS), saying("not a ZIP"));
  const content = zipSync({ "a.jpg": text("grey ".repeat(50)) });
  const [entry] = await listZip(new File([content], "a.zip"), LIMITS);
  content.fill(0xff, 40, 50);
  await assert.rejects(unpack(new File([content], "a.zip"), entry), saying("damaged"));
  await assert.rejects(unpack(new File([content], "a.zip"), { ...entry, isEncrypted: true }), saying("password"));
});

test("a file that cannot be unpacked is refused by name and the rest goes on", async () => {
  const zip = archive({ "a.jpg": [text("one"), { level: 0 }], "b.jpg": [text("two"), { level: 0 }] });
  const taken = [];
  const refused = [];
  const take = async (file) => {
    if (file.name === "a.jpg") throw new ZipError("the archive is damaged.");
    taken.push(file.name);
  };
  await unpackAll([zip, new File([], "empty.zip")], { take, refuse: (refusal) => refused.push(refusal.message) });
  assert.deepEqual(taken, ["b.jpg"]);
  assert.deepEqual(refused, ["a.jpg: the archive is damaged.", "empty.zip: this is not a ZIP archive, or it is damaged."]);
});
