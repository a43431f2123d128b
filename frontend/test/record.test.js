import assert from "node:assert/strict";
import { test } from "node:test";
import { Record } from "../src/record.js";

class Storage extends Map {
  getItem(name) {
    return this.has(name) ? this.get(name) : null;
  }
  setItem(name, value) {
    this.set(name, value);
  }
  removeItem(name) {
    this.delete(name);
  }
}

const ONE = "PVNFMG2VJFXBEGHY";
const OTHER = "2GFRDH6NSEVJUEQZ";

test("a draft is there again after a reload, and only for its own slip", () => {
  const storage = new Storage();
  const record = new Record(ONE, storage);
  record.draft.answers = { p1: { overall: "不满意" } };
  record.save();
  assert.deepEqual(new Record(ONE, storage).draft.answers, { p1: { overall: "不满意" } });
  assert.deepEqual(new Record(OTHER, storage).draft, { chosen: [], answers: {}, comments: {} });
});

test("what lies in the storage names neither the code nor an answer", () => {
  const storage = new Storage();
  const record = new Record(ONE, storage);
  record.draft.comments = { p1: { matter: "insider matter", suggestion: "" } };
  record.save();
  const stored = JSON.stringify([...storage]);
  for (const secret of [ONE, "insider", "comments", "draft"]) assert.ok(!stored.includes(secret), secret);
});

test("after casting the answers are gone and the receipt stays", () => {
  const storage = new Storage();
  const record = new Record(ONE, storage);
  record.draft.answers = { p1: { overall: "不满意" } };
  record.state.pending = { text: "{}", body: {} };
  record.save();
  record.finish({ tracker: "ab" });
  const { state } = new Record(ONE, storage);
  assert.deepEqual(state, { tracker: "ab" });
  record.wipe();
  assert.equal(storage.size, 0);
});

test("a foreign or broken entry is taken for an empty one; a full storage is reported", () => {
  const storage = new Storage();
  const { slot } = new Record(ONE, storage);
  for (const junk of ["", "!!", "AAAA", "A".repeat(80)]) {
    storage.set(slot, junk);
    assert.deepEqual(new Record(ONE, storage).draft.chosen, []);
  }
  storage.setItem = () => {
    throw new Error("full");
  };
  assert.equal(new Record(ONE, storage).save(), false);
  assert.equal(new Record(ONE, null).save(), false);
});
