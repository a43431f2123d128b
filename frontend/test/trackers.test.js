import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { isListed, trackerIn } from "../src/trackers.js";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const listed = Array.from({ length: 1000 }, () => hex(randomBytes(32))).sort();
const table = new Uint8Array(Buffer.concat(listed.map((each) => Buffer.from(each, "hex").subarray(0, 16))));

test("every listed receipt is found, by its first digits and as a whole", () => {
  for (const each of listed) {
    assert.ok(isListed(table, trackerIn(each.slice(0, 16))));
    assert.ok(isListed(table, trackerIn(each.slice(0, 17))));
    assert.ok(isListed(table, trackerIn(each.toUpperCase().replace(/(.{4})/g, "$1 "))));
  }
});

test("a receipt that is not listed is not found, wherever it would stand", () => {
  for (let i = 0; i < 1000; i += 1) assert.ok(!isListed(table, trackerIn(hex(randomBytes(32)))));
  for (const edge of ["0", "f"]) assert.ok(!isListed(table, edge.repeat(32)));
  for (const each of [listed[0], listed[500], listed[999]]) {
    const last = (parseInt(each[15], 16) ^ 1).toString(16);
    assert.ok(!isListed(table, trackerIn(each.slice(0, 15) + last)));
  }
});

test("an empty list holds nothing", () => {
  assert.ok(!isListed(new Uint8Array(0), "0".repeat(32)));
});

test("what is no receipt is not looked up", () => {
  for (const text of ["", "abc", "0".repeat(15), "0".repeat(65), "g".repeat(16), "回执码"]) assert.equal(trackerIn(text), "");
});
