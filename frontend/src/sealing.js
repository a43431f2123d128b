// The sealed ballot: the layout of surveys/ballots/sealing.py in libsodium's sealed box.
import { blake2b } from "@noble/hashes/blake2.js";
import nacl from "tweetnacl";
import { concat, utf8 } from "./bytes.js";
import { cells, choiceOf } from "./form.js";

const VERSION = 1;
const BLOCK = 256;
const BYTES_PER_CHARACTER = 4;
const FRAMES = 2048;

export function layoutOf(form) {
  const count = cells(form).length;
  const room = form.comment_cap ? form.comment_cap * BYTES_PER_CHARACTER + FRAMES : 0;
  return { cells: count, room, length: Math.ceil((1 + 32 + count + 2 + room) / BLOCK) * BLOCK };
}

/** The plain text, always of one length; answers and comments as form.js gives them. */
export function write(form, inside, { answers, comments }) {
  const layout = layoutOf(form);
  const plain = new Uint8Array(layout.length);
  plain[0] = VERSION;
  plain.set(inside, 1);
  const text = [];
  cells(form).forEach((cell, place) => {
    const word = (answers[cell.subject] || {})[cell.question.id];
    if (word) plain[33 + place] = form.choices.indexOf(choiceOf(form, word)) + 1;
    const comment = comments.find((each) => each.subject === cell.subject && each.question === cell.question.id);
    if (comment) text.push([place, comment.matter, comment.suggestion]);
  });
  const written = text.length ? utf8(JSON.stringify(text)) : new Uint8Array(0);
  if (written.length > layout.room) throw new Error("too much text");
  plain[33 + layout.cells] = written.length >>> 8;
  plain[34 + layout.cells] = written.length & 0xff;
  plain.set(written, 35 + layout.cells);
  return plain;
}

/** crypto_box_seal: an ephemeral key, and a nonce that is the hash of both public keys. */
export function seal(plain, tallyKey) {
  const ephemeral = nacl.box.keyPair();
  const nonce = blake2b(concat(ephemeral.publicKey, tallyKey), { dkLen: nacl.box.nonceLength });
  const sealed = concat(ephemeral.publicKey, nacl.box(plain, nonce, tallyKey, ephemeral.secretKey));
  ephemeral.secretKey.fill(0);
  return sealed;
}
