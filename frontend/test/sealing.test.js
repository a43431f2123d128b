import assert from "node:assert/strict";
import { test } from "node:test";
import { blake2b } from "@noble/hashes/blake2.js";
import nacl from "tweetnacl";
import { concat, fromB64, fromHex, fromUtf8, toB64, toHex } from "../src/bytes.js";
import { layoutOf, seal, write } from "../src/sealing.js";

const question = { id: "overall", text: "服务" };
const form = {
  comment_cap: 100,
  choices: ["满意", "不满意", "不了解情况"].map((word) => ({ word, ask: word === "不满意" })),
  departments: [{ id: "d1", questions: [], sections: [{ questions: [question], persons: ["p1", "p2", "p3"].map((id) => ({ id })) }] }],
};
const inside = new Uint8Array(32).fill(7);
const pair = nacl.box.keyPair();

function open(sealed) {
  const ephemeral = sealed.slice(0, 32);
  const nonce = blake2b(concat(ephemeral, pair.publicKey), { dkLen: 24 });
  return nacl.box.open(sealed.slice(32), nonce, ephemeral, pair.secretKey);
}

test("the plain text holds cells and comments where the tally looks for them", () => {
  const comments = [{ subject: "p3", question: "overall", matter: "排队", suggestion: "" }];
  const plain = open(seal(write(form, inside, { answers: { p1: { overall: "满意" }, p3: { overall: "不满意" } }, comments }), pair.publicKey));
  assert.equal(plain.length, layoutOf(form).length);
  assert.equal(plain[0], 1);
  assert.equal(toHex(plain.slice(1, 33)), toHex(inside));
  assert.deepEqual([...plain.slice(33, 36)], [1, 0, 2]);
  const size = plain[36] * 256 + plain[37];
  assert.equal(fromUtf8(plain.slice(38, 38 + size)), '[[2,"排队",""]]');
  assert.ok(plain.slice(38 + size).every((byte) => byte === 0));
});

test("an empty and a full ballot have the same length, and no two look alike", () => {
  const full = { answers: { p1: { overall: "不满意" } }, comments: [{ subject: "p1", question: "overall", matter: "𠮷".repeat(100), suggestion: "" }] };
  const empty = { answers: {}, comments: [] };
  const sealed = [full, empty, empty].map((content) => seal(write(form, inside, content), pair.publicKey));
  assert.equal(new Set(sealed.map((each) => each.length)).size, 1);
  assert.equal(new Set(sealed.map((each) => toHex(each.slice(0, 64)))).size, 3);
});

test("malformed base64 is refused, well-formed survives", () => {
  for (const wrong of ["a+b", "AA==", " ", "é", null, undefined, 5, {}]) assert.throws(() => fromB64(wrong), String(wrong));
  for (let i = 0; i < 40; i += 1) {
    const bytes = nacl.randomBytes(i);
    assert.equal(toHex(fromB64(toB64(bytes))), toHex(bytes));
    assert.equal(toHex(fromHex(toHex(bytes))), toHex(bytes));
  }
});
