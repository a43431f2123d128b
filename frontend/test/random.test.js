import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSeq } from "../src/transport.js";

test("a first number is anywhere, a change is a small step beside it", () => {
  const firsts = Array.from({ length: 2000 }, () => nextSeq(undefined));
  const below = (part) => firsts.filter((seq) => seq < part * 2 ** 52).length / firsts.length;
  for (const part of [0.25, 0.5, 0.75]) assert.ok(Math.abs(below(part) - part) < 0.06);
  for (const seq of firsts) {
    assert.ok(Number.isSafeInteger(seq) && seq >= 1);
    const changed = nextSeq(seq);
    assert.ok(changed > seq && changed - seq <= 65536 && Number.isSafeInteger(changed));
  }
});
