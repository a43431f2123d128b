// What only the library can be asked: full memory is a fault of the machine, never a ballot that nobody can open.
import assert from "node:assert/strict";
import test from "node:test";
import library from "../node_modules/libsodium-wrappers-sumo/dist/modules-sumo/libsodium-wrappers.js";
import * as sodium from "../src/custodian/sodium.js";

/** Takes all memory that WebAssembly may have, so that nothing is left for a ballot. */
function fillMemory({ libsodium }) {
  for (let size = 2 ** 28; size >= 16; size /= 2) while (libsodium._malloc(size));
}

test("what does not open is null, and full memory is not", async () => {
  await sodium.ready();
  assert.ok(sodium.isQuick());
  const [own, foreign] = [sodium.randomBytes(32), sodium.randomBytes(32)];
  const publicKey = sodium.publicKeyOf(own);
  const sealed = sodium.sealTo(publicKey, new Uint8Array(8000));
  const locked = sodium.lockBox(own, new Uint8Array(8000));
  assert.equal(sodium.openSealed(sealed, publicKey, own).length, 8000);
  assert.equal(sodium.openSealed(sealed, sodium.publicKeyOf(foreign), foreign), null);
  assert.equal(sodium.openSealed(new Uint8Array(8048), publicKey, own), null); // a sender's key without a secret
  assert.equal(sodium.openBox(own, locked).length, 8000);
  assert.equal(sodium.openBox(foreign, locked), null);
  fillMemory(library);
  assert.throws(() => sodium.openSealed(sealed, publicKey, own));
  assert.throws(() => sodium.openBox(own, locked));
});
