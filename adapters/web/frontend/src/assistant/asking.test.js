import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { querySelector: () => null };
globalThis.addEventListener ??= () => {};
const { frames } = await import("./asking.js");

function body(...pieces) {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
}

async function read(...pieces) {
  const events = [];
  for await (const event of frames(body(...pieces))) events.push(event);
  return events;
}

test("events are read however they are cut", async () => {
  const told = 'event: piece\ndata: {"text":"one"}\n\nevent: done\ndata: {"answer":1}\n\n';
  const wanted = [{ name: "piece", data: { text: "one" } }, { name: "done", data: { answer: 1 } }];
  for (let cut = 0; cut <= told.length; cut += 1) assert.deepEqual(await read(told.slice(0, cut), told.slice(cut)), wanted);
});

test("a letter may be cut in the middle of its bytes", async () => {
  const bytes = new TextEncoder().encode('event: piece\ndata: {"text":"größer 日本"}\n\n');
  for (let cut = 0; cut < bytes.length; cut += 1) {
    assert.equal((await read(bytes.slice(0, cut), bytes.slice(cut)))[0].data.text, "größer 日本");
  }
});

test("an end in the middle of an event gives what was whole, and comments are passed over", async () => {
  assert.deepEqual(await read(': wait\n\nevent: piece\ndata: {"text":"a"}\n\nevent: do'), [{ name: "piece", data: { text: "a" } }]);
});
