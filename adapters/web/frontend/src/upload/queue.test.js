import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue, SendError } from "./queue.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));
const items = (count) => Array.from({ length: count }, (_, index) => ({ key: `${index}`, file: { size: 10 } }));

/** A queue whose files are sent when the test says so, and whose clock the test moves. */
function begun(count, parts = {}) {
  const calls = [];
  const clock = [];
  const send = (item, { signal }) => new Promise((resolve, reject) => {
    calls.push({ item, resolve, reject });
    signal.addEventListener("abort", () => reject(new SendError(0)));
  });
  const told = { drained: 0 };
  const queue = new Queue({ send, changed: () => {}, drained: () => { told.drained += 1; }, later: (act, ms) => clock.push({ act, ms }), ...parts });
  const all = items(count);
  queue.add(all);
  return { queue, calls, clock, all, told };
}

test("three files are sent at a time, and the next when one is done", async () => {
  const { calls, all, told } = begun(5);
  assert.equal(calls.length, 3);
  calls[1].resolve({ image: { id: "b" } });
  await turn();
  assert.deepEqual(calls.map((call) => call.item.key), ["0", "1", "2", "3"]);
  assert.equal(all[1].state, "done");
  assert.equal(told.drained, 0);
});

test("a broken connection is tried again with growing pauses, and given up after five times", async () => {
  const { queue, calls, clock, all } = begun(1);
  for (let round = 0; round < 5; round += 1) {
    calls.at(-1).reject(new SendError(503));
    await turn();
    clock[round]?.act();
  }
  assert.deepEqual(clock.map((wait) => wait.ms), [1000, 2000, 4000, 8000]);
  assert.equal(all[0].state, "failed");
  queue.retry();
  assert.equal(calls.length, 6);
});

test("too many requests are no fault of the file: it waits as long as it is told", async () => {
  const { calls, clock, all } = begun(1);
  calls[0].reject(new SendError(429, { retryAfter: 7 }));
  await turn();
  assert.deepEqual([clock[0].ms, all[0].state, all[0].tries], [7000, "waiting", 0]);
});

test("a refusal is final and the rest goes on", async () => {
  const { calls, all, told } = begun(2);
  calls[0].resolve({ refusal: { message: "no" } });
  calls[1].resolve({ image: { id: "b" } });
  await turn();
  assert.deepEqual(all.map((item) => item.state), ["refused", "done"]);
  assert.ok(told.drained > 0);
});

test("a locked order ends the sending of all that wait", async () => {
  const { calls, all } = begun(5);
  calls[0].reject(new SendError(409, { code: "order_locked", message: "fixed" }));
  await turn();
  assert.deepEqual(all.map((item) => item.state), ["failed", "sending", "sending", "failed", "failed"]);
  assert.equal(calls.length, 3);
});

test("a pause stops what is under way and begins it anew later", async () => {
  const { queue, calls, all } = begun(4);
  queue.pause();
  await turn();
  assert.deepEqual(all.map((item) => item.state), ["waiting", "waiting", "waiting", "waiting"]);
  assert.equal(calls.length, 3);
  queue.resume();
  assert.equal(calls.length, 6);
  assert.equal(all[0].tries, 0);
});

test("a removed file makes room for the next and is never reported as failed", async () => {
  const { queue, calls, all } = begun(4);
  queue.remove(all[0]);
  await turn();
  assert.equal(calls.at(-1).item.key, "3");
  assert.equal(all[0].state, "removed");
});
