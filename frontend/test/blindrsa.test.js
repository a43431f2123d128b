import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { blind, finalize, prepare, verify } from "../src/blindrsa.js";
import { concat, fromHex, toHex, utf8 } from "../src/bytes.js";

const vector = JSON.parse(readFileSync(new URL("../../tests/ballots/rfc9474.json", import.meta.url), "utf8"));
const bytes = (name) => fromHex(vector[name]);
const modulus = fromHex((BigInt(`0x${vector.p}`) * BigInt(`0x${vector.q}`)).toString(16));
const input = concat(bytes("msg_prefix"), bytes("msg"));

test("RFC 9474: blinding, finalizing and verifying give the vectors' values", () => {
  const { blinded, inverse } = blind(modulus, input, { salt: bytes("salt"), inverse: bytes("inv") });
  assert.equal(toHex(blinded), vector.blinded_msg);
  assert.equal(toHex(inverse), vector.inv);
  assert.equal(toHex(finalize(modulus, input, bytes("blind_sig"), bytes("inv"))), vector.sig);
  assert.ok(verify(modulus, input, bytes("sig")));
});

test("a changed message, signature or blind signature is refused", () => {
  assert.ok(!verify(modulus, concat(input, utf8("x")), bytes("sig")));
  for (const place of [0, 100, 511]) {
    const wrong = bytes("sig");
    wrong[place] ^= 1;
    assert.ok(!verify(modulus, input, wrong));
    const answer = bytes("blind_sig");
    answer[place] ^= 1;
    assert.throws(() => finalize(modulus, input, answer, bytes("inv")));
  }
  for (const wrong of [new Uint8Array(0), new Uint8Array(512), new Uint8Array(512).fill(255), new Uint8Array(600)]) {
    assert.ok(!verify(modulus, input, wrong));
    assert.throws(() => finalize(modulus, input, wrong, bytes("inv")));
  }
});

test("another implementation signs what this one blinds, for 20 fresh credentials", async () => {
  const suite = RSABSSA.SHA384.PSS.Randomized();
  const pair = await RSABSSA.SHA384.generateKey({ modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) });
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const n = new Uint8Array(Buffer.from(jwk.n, "base64url"));
  const seen = new Set();
  for (let i = 0; i < 20; i += 1) {
    const message = prepare(utf8("credential"));
    const { blinded, inverse } = blind(n, message);
    const signature = finalize(n, message, await suite.blindSign(pair.privateKey, blinded), inverse);
    assert.ok(await suite.verify(pair.publicKey, signature, message));
    seen.add(toHex(blinded));
  }
  assert.equal(seen.size, 20);
});
