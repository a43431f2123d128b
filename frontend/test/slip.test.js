import assert from "node:assert/strict";
import { test } from "node:test";
import { ALPHABET, faultIn, isWellFormed, normalize, readFragment } from "../src/slip.js";

const GOOD = "PVNFMG2VJFXBEGHY"; // made by surveys.ballots.slips

test("a code made by the server is well formed, typed in any manner", () => {
  assert.ok(isWellFormed(GOOD));
  assert.equal(normalize("pvnf mg2v-jfxb ｅｇｈｙ"), GOOD);
});

test("any one wrong symbol and any two neighbors swapped are caught", () => {
  for (let i = 0; i < GOOD.length; i += 1) {
    for (const symbol of ALPHABET) {
      if (symbol !== GOOD[i]) assert.ok(!isWellFormed(GOOD.slice(0, i) + symbol + GOOD.slice(i + 1)));
    }
    if (i && GOOD[i] !== GOOD[i - 1]) {
      assert.ok(!isWellFormed(GOOD.slice(0, i - 1) + GOOD[i] + GOOD[i - 1] + GOOD.slice(i + 1)));
    }
  }
});

test("a typed code is refused with the reason a voter can act on", () => {
  assert.equal(faultIn("K7M2", GOOD), "");
  assert.match(faultIn("K7M2", `${GOOD.slice(0, 15)}0`), /不会出现/);
  assert.match(faultIn("K7", GOOD), /票种为4位/);
  assert.match(faultIn("K7M2", GOOD.slice(1)), /现在输入了15位/);
  assert.match(faultIn("K7M2", `${GOOD.slice(0, 15)}Z`), /逐位核对/);
});

test("the fragment is read with and without a fingerprint, and nothing else is taken for one", () => {
  assert.deepEqual(readFragment(`#1.K7M2.${GOOD}`), { key: "K7M2", code: GOOD, fp: "", typed: false });
  assert.equal(readFragment(`#1.K7M2.${GOOD}.${"A".repeat(26)}`).fp, "A".repeat(26));
  for (const wrong of ["", "#", "#main", `#2.K7M2.${GOOD}`, `#1.K7M2.${GOOD.slice(1)}`, `#1.K7M2.${GOOD}.a.b`]) {
    assert.equal(readFragment(wrong), null, wrong);
  }
});
