// libsodium, and noble where its fallback fails: everything in bytes, and only after ready().
import { argon2id as plainArgon2id } from "@noble/hashes/argon2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as plainSha256 } from "@noble/hashes/sha2.js";
import { concat } from "../bytes.js";
import { Fault } from "./fault.js";

const NONCE = 24;
const BOX_KEY = 32;
const AUTHENTICATOR = 16;
const SEAL = 48;
const SIGNATURE = 64;
const KEY = 32;
const PIECE = 2 ** 20;
const MOST_MEMORY = 2 ** 31;
const ARGON2ID13 = 2;
const ARGON2_VERSION = 0x13;

let sodium = null;
let loading = null;
let quick = false;

/** Loads the library once; Fault where the browser has no random numbers, of which there is no other source. */
export function ready() {
  if (!loading) loading = load();
  return loading;
}

/** Whether WebAssembly does the work: where a policy or an old browser refuses it, all is ten times slower. */
export const isQuick = () => quick;

async function load() {
  randomBytes(1);
  const done = expectRefusal();
  // By its path: the package offers to `import` only a build that has no fallback.
  const module = await import("../../node_modules/libsodium-wrappers-sumo/dist/modules-sumo/libsodium-wrappers.js");
  const found = module.default || module;
  await found.ready;
  quick = "useBackupModule" in found.libsodium;
  sodium = found;
  done();
}

/** A refused WebAssembly leaves a rejection behind that nobody can await: it is not a fault of the page. */
function expectRefusal() {
  if (typeof addEventListener !== "function") return () => {};
  const expected = (event) => {
    if (/wasm|WebAssembly/i.test(String(event.reason))) event.preventDefault();
  };
  addEventListener("unhandledrejection", expected);
  return () => setTimeout(() => removeEventListener("unhandledrejection", expected));
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
  return orNull(() => sodium.crypto_box_seal_open(sealed, publicKey, privateKey));
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

/**
 * 32 bytes; null where memory or parameters forbid. The memory it takes comes back only with the end of the worker.
 * libsodium without WebAssembly reads stale bytes once its memory has grown: there noble does the work.
 */
export function argon2id(words, salt, passes, memory) {
  const parameters = { t: passes, m: Math.floor(memory / 1024), p: 1, dkLen: BOX_KEY, version: ARGON2_VERSION };
  return orNull(() =>
    quick
      ? sodium.crypto_pwhash(BOX_KEY, words, salt, passes, memory, ARGON2ID13)
      : plainArgon2id(words, salt, { ...parameters, maxmem: MOST_MEMORY }),
  );
}

export function lockBox(key, plain) {
  const nonce = randomBytes(NONCE);
  return concat(nonce, sodium.crypto_secretbox_easy(plain, nonce, key));
}

/** What lockBox locked, or null. */
export function openBox(key, locked) {
  if (locked.length < NONCE + AUTHENTICATOR) return null;
  return orNull(() => sodium.crypto_secretbox_open_easy(locked.subarray(NONCE), locked.subarray(0, NONCE), key));
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

/** libsodium says by throwing, and not always an Error, that something is not what it should be. */
function orNull(work) {
  try {
    return work();
  } catch (error) {
    return null;
  }
}
