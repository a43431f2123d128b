// libsodium, and others where its fallback fails: everything in bytes, and only after ready().
//
// Where WebAssembly is refused, libsodium's package falls back to plain JavaScript, which has a fault: once its memory
// has grown beyond 80 MiB, what calls it reads and writes the old memory. So nothing that large is given to it there:
// Argon2id is noble's, sealed boxes are opened by tweetnacl, as the voter's page seals them, and the rest is refused.
import { argon2id as plainArgon2id } from "@noble/hashes/argon2.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as plainSha256 } from "@noble/hashes/sha2.js";
import nacl from "tweetnacl";
import { concat, equal } from "../bytes.js";
import { Fault } from "./fault.js";

const NONCE = 24;
const BOX_KEY = 32;
const AUTHENTICATOR = 16;
const SEAL = 48;
const SIGNATURE = 64;
const KEY = 32;
const PIECE = 2 ** 20;
const MOST_MEMORY = 2 ** 31;
const MOST_PLAIN = 2 ** 25;
const ARGON2ID13 = 2;
const ARGON2_VERSION = 0x13;

let sodium = null;
let loading = null;
let quick = false;
let noSecret = null;

/** Loads the library once; Fault where the browser has no random numbers, of which there is no other source. */
export function ready() {
  if (!loading) loading = load();
  return loading;
}

/** Whether WebAssembly does the work: where a policy or an old browser refuses it, all is ten times slower. */
export const isQuick = () => quick;

async function load() {
  randomBytes(1);
  if (typeof addEventListener === "function") addEventListener("unhandledrejection", forgiveRefusal);
  // By its path: the package offers to `import` only a build that has no fallback.
  const module = await import("../../node_modules/libsodium-wrappers-sumo/dist/modules-sumo/libsodium-wrappers.js");
  const found = module.default || module;
  await found.ready;
  quick = "useBackupModule" in found.libsodium;
  if (!quick) {
    keepSmall(found.libsodium);
    noSecret = nacl.box.before(new Uint8Array(KEY), new Uint8Array(KEY));
  }
  sodium = found;
}

function keepSmall(libsodium) {
  const take = libsodium._malloc;
  libsodium._malloc = (size) => {
    if (size > MOST_PLAIN) throw new Fault("文件过大，当前浏览器无法处理，请换用新版的 Edge、360（极速模式）或火狐浏览器。");
    return take(size);
  };
}

/** The library's own attempt at WebAssembly leaves a rejection that nobody can await: no fault of the page. */
function forgiveRefusal(event) {
  if (/WebAssembly/.test(String(event.reason))) event.preventDefault();
}

export function randomBytes(length) {
  const crypto = globalThis.crypto;
  if (!crypto || typeof crypto.getRandomValues !== "function") {
    throw new Fault("当前浏览器没有安全随机数，不能生成或使用密钥，请换用新版浏览器。");
  }
  return crypto.getRandomValues(new Uint8Array(length));
}

/** The plain text of a sealed box, or null. */
export function openSealed(sealed, publicKey, privateKey) {
  if (sealed.length < SEAL) return null;
  if (!quick) return openPlainly(sealed, publicKey, privateKey);
  return orClosed(() => sodium.crypto_box_seal_open(sealed, publicKey, privateKey));
}

/** libsodium refuses a sender's key that leaves no secret; tweetnacl does not. */
function openPlainly(sealed, publicKey, privateKey) {
  const [sender, box] = [sealed.subarray(0, KEY), sealed.subarray(KEY)];
  const secret = nacl.box.before(sender, privateKey);
  if (equal(secret, noSecret)) return null;
  const nonce = blake2b(concat(sender, publicKey), { dkLen: NONCE });
  return nacl.secretbox.open(box, nonce, secret);
}

export const sealTo = (publicKey, plain) => sodium.crypto_box_seal(plain, publicKey);

export const publicKeyOf = (privateKey) => sodium.crypto_scalarmult_base(privateKey);

export function signatureHolds(key, message, signature) {
  if (key.length !== KEY || signature.length !== SIGNATURE) return false;
  return sodium.crypto_sign_verify_detached(signature, message, key);
}

export const sign = (seed, message) =>
  sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey);

export const verifyKeyOf = (seed) => sodium.crypto_sign_seed_keypair(seed).publicKey;

/** 32 bytes; null where memory or parameters forbid. The memory it takes comes back with the end of the worker. */
export function argon2id(words, salt, passes, memory) {
  const parameters = { t: passes, m: Math.floor(memory / 1024), p: 1, dkLen: BOX_KEY, version: ARGON2_VERSION };
  try {
    return quick
      ? sodium.crypto_pwhash(BOX_KEY, words, salt, passes, memory, ARGON2ID13)
      : plainArgon2id(words, salt, { ...parameters, maxmem: MOST_MEMORY });
  } catch {
    return null;
  }
}

export function lockBox(key, plain) {
  const nonce = randomBytes(NONCE);
  return concat(nonce, sodium.crypto_secretbox_easy(plain, nonce, key));
}

/** What lockBox locked, or null. */
export function openBox(key, locked) {
  if (locked.length < NONCE + AUTHENTICATOR) return null;
  return orClosed(() => sodium.crypto_secretbox_open_easy(locked.subarray(NONCE), locked.subarray(0, NONCE), key));
}

export const hmacSha256 = (key, message) => hmac(plainSha256, key, message);

export const sha256 = (bytes) => hasher().update(bytes).digest();

/** SHA-256 piece by piece: libsodium with WebAssembly is faster, noble without it. */
export function hasher() {
  if (!quick) {
    const plain = plainSha256.create();
    return {
      update(bytes) {
        plain.update(bytes);
        return this;
      },
      digest: () => plain.digest(),
    };
  }
  const state = sodium.crypto_hash_sha256_init();
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        sodium.crypto_hash_sha256_update(state, bytes.subarray(at, at + PIECE));
      }
      return this;
    },
    digest: () => sodium.crypto_hash_sha256_final(state),
  };
}

/** What libsodium throws where a key does not open a box; full memory is something else, and no spoiled ballot. */
const CLOSED = ["incorrect key pair for the given ciphertext", "wrong secret key for the given ciphertext"];

function orClosed(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && CLOSED.includes(error.message)) return null;
    throw error;
  }
}
