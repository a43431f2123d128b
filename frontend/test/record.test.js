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

test("on a device that is not the voter's own the answers last as long as the tab, the credential until the casting", () => {
  const [storage, tab] = [new Storage(), new Storage()];
  const record = new Record(ONE, storage, tab);
  record.state.secret = "s";
  record.draft.answers = { p1: { overall: "不满意" } };
  record.save();
  assert.deepEqual(new Record(ONE, storage, tab).draft.answers, { p1: { overall: "不满意" } });
  const next = new Record(ONE, storage, new Storage());
  assert.deepEqual([next.state.secret, next.unsent], ["s", false]);
  record.finish({ tracker: "ab" });
  assert.deepEqual([record.state, storage.size, tab.size], [{ tracker: "ab" }, 0, 0]);
  assert.equal(record.save(), false);
  assert.equal(storage.size, 0);
});

test("on the voter's own phone the credential stays, the answers only on wish", () => {
  for (const keep of [false, true]) {
    const storage = new Storage();
    const record = new Record(ONE, storage, new Storage());
    Object.assign(record.state, { own: true, secret: "s", seq: 5, pending: { text: "{}", body: {} } });
    Object.assign(record.draft, { answers: { p1: { overall: "不满意" } }, keep });
    record.save();
    assert.ok(new Record(ONE, storage, new Storage()).unsent);
    record.finish({ tracker: "ab" });
    const { state } = new Record(ONE, storage, new Storage());
    assert.deepEqual([state.secret, state.seq, state.tracker, state.draft, state.pending], ["s", 5, "ab", undefined, undefined]);
    assert.deepEqual(Boolean(state.answers), keep);
    record.wipe();
    assert.equal(storage.size, 0);
  }
});

test("two windows of one slip have one credential, and seq only grows", () => {
  const storage = new Storage();
  const [one, two] = [0, 1].map(() => new Record(ONE, storage, new Storage()));
  Object.assign(one.state, { secret: "s", sig: "g", seq: 9 });
  one.save();
  two.draft.chosen = ["d1"];
  two.refresh();
  assert.deepEqual([two.state.secret, two.state.sig, two.state.seq, two.draft.chosen], ["s", "g", 9, ["d1"]]);
  two.save();
  assert.equal(new Record(ONE, storage, new Storage()).state.sig, "g", "a window without a credential takes none away");
  one.state.tracker = "ab";
  one.save();
  two.save();
  assert.equal(new Record(ONE, storage, new Storage()).state.tracker, "ab");
  Object.assign(two.state, { seq: 12, inverse: "i" });
  two.refresh();
  assert.deepEqual([two.state.seq, two.state.inverse], [12, undefined]);
  one.wipe();
  two.refresh();
  assert.equal(two.state.secret, "s");
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
