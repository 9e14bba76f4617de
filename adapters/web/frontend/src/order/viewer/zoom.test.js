import assert from "node:assert/strict";
import { test } from "node:test";
import { crisp, fitScale, fitted, settled, zoomedAt } from "./zoom.js";

const PANE = { width: 1000, height: 500 };
const FRAME = { width: 4000, height: 3000 };

test("all of a picture is seen, with air around it and in the middle", () => {
  const view = fitted(PANE, FRAME);
  assert.equal(view.scale, 500 / 3000);
  assert.equal(view.x * 2 + FRAME.width * view.scale, PANE.width);
  const roomy = { width: 1000, height: 700 };
  assert.equal(fitScale(roomy, FRAME), 660 / 3000);
});

test("the point under the pointer stays where it is", () => {
  const before = fitted(PANE, FRAME);
  const point = { x: 480, y: 260 };
  const after = zoomedAt(before, 1, point, PANE, FRAME);
  const seen = (view) => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale].map((n) => Math.round(n * 1e6));
  assert.deepEqual(seen(after), seen(before));
});

test("a picture leaves no gap and never gets lost", () => {
  assert.deepEqual(settled({ scale: 1, x: 900, y: -9000 }, PANE, FRAME), { scale: 1, x: 0, y: -2500 });
  assert.deepEqual(settled({ scale: 0.1, x: 900, y: -9000 }, PANE, FRAME), { scale: 0.1, x: 300, y: 100 });
});

test("zooming ends at what fits and at eight screen pixels for one", () => {
  assert.equal(zoomedAt(fitted(PANE, FRAME), 0.0001, { x: 0, y: 0 }, PANE, FRAME).scale, fitScale(PANE, FRAME));
  globalThis.devicePixelRatio = 2;
  assert.equal(zoomedAt(fitted(PANE, FRAME), 99, { x: 0, y: 0 }, PANE, FRAME).scale, 4);
  assert.deepEqual(crisp({ scale: 1, x: 0.3, y: -0.8 }), { scale: 1, x: 0.5, y: -1 });
  delete globalThis.devicePixelRatio;
});
