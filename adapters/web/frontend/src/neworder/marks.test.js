import assert from "node:assert/strict";
import { test } from "node:test";
import { carried, parts } from "./marks.js";
import { missing, sumWords } from "./readiness.js";
import { toggled } from "./presets.js";

const range = (start, end, kind = "step") => ({ start, end, kind });

test("ranges before an edit stay, those after it move, those in it go", () => {
  const before = "white background, soft shadow";
  const ranges = [range(0, 16), range(18, 29)];
  assert.deepEqual(carried(ranges, before, `${before}.`), ranges);
  assert.deepEqual(carried(ranges, before, `pure ${before}`), [range(5, 21), range(23, 34)]);
  assert.deepEqual(carried(ranges, before, "white back, soft shadow"), [range(12, 23)]);
  assert.deepEqual(carried(ranges, before, ""), []);
});

test("overlapping ranges become parts that carry the kinds of all, and the text stays whole", () => {
  const cut = parts("abcdef", [range(0, 4), range(2, 6, "question")]);
  assert.deepEqual(cut.map((part) => [part.text, part.kinds]), [["ab", ["step"]], ["cd", ["step", "question"]], ["ef", ["question"]]]);
  assert.equal(parts("abc", [range(1, 99), range(2, 2)]).map((part) => part.text).join(""), "abc");
  assert.deepEqual(parts("", []), []);
});

test("a marketplace is added as a sentence and taken out again", () => {
  const words = "Ready for Shopify.";
  assert.equal(toggled("", words), words);
  assert.equal(toggled("White background", words), "White background. Ready for Shopify.");
  assert.equal(toggled("White background. Ready for Shopify.", words), "White background.");
  assert.equal(toggled("Ready for Shopify. Grey.", words), "Grey.");
});

test("what is missing is said one thing at a time, and nothing when the order is complete", () => {
  const ready = { all: 2, used: 2, open: 0, words: "white", isTooLong: false, maxWords: 8000, hasBrief: false, recipe: "", isAttaching: false };
  assert.equal(missing(ready), "");
  assert.equal(missing({ ...ready, words: " ", recipe: "Web" }), "");
  assert.equal(missing({ ...ready, words: "", hasBrief: true }), "");
  const lacking = [{ all: 0, used: 0 }, { used: 0 }, { open: 1 }, { words: " " }, { isTooLong: true }, { isAttaching: true }].map((change) => missing({ ...ready, ...change }));
  assert.equal(new Set(lacking).size, 6);
  assert.ok(lacking.every((text) => text.endsWith(".")));
  assert.equal(sumWords({ used: 2, all: 3, open: 0, failed: 1 }), "2 of 3 pictures, 1 not sent");
});
