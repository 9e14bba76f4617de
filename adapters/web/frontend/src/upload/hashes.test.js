import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256, twinOf } from "./hashes.js";

const file = (name, content) => new File([content], name);

test("a repeated picture is found among those of the server and those on the way", async () => {
  const there = { name: "there.jpg", size: 3, sha256: await sha256(file("x", "abc")) };
  const coming = { name: "coming.jpg", size: 3, sha256: null, file: file("y", "xyz") };
  assert.equal((await twinOf(file("n.jpg", "abc"), [there, coming])).name, "there.jpg");
  assert.equal((await twinOf(file("n.jpg", "xyz"), [there, coming])).name, "coming.jpg");
  assert.equal(await twinOf(file("n.jpg", "uvw"), [there, coming]), null);
});

test("files of another size are never read", async () => {
  const unreadable = { name: "n.jpg", size: 9, arrayBuffer: () => assert.fail("read") };
  assert.equal(await twinOf(unreadable, [{ name: "a", size: 3 }]), null);
});
