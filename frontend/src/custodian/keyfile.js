// The custodian's tally key (计票密钥): surveys/ballots/keyfile.py and what keygen.py writes, byte for byte.
// The private half is unlocked only in memory. If passphrase and sheet are both lost, the round is lost.
import { concat, equal, fromHex, utf8 } from "../bytes.js";
import {
  ALPHABET, Malformed, bigNumber, fromB64, inFours, normalize, toB64, toSymbols, withoutBlanks,
} from "./encoding.js";
import { Fault } from "./fault.js";
import { parse } from "./python.js";
import {
  argon2id, hmacSha256, lockBox, openBox, openSealed, publicKeyOf, randomBytes, sha256, verifyKeyOf,
} from "./sodium.js";

export const KEY_FILE = "tally-key.json";
export const PUBLIC_FILE = "tally-public.txt";

const FORMAT = "sanliang-tally-key/1";
const KEY_LENGTH = 32;
const PASSPHRASE_LENGTH = 24; // 118 bits
const SALT_LENGTH = 16;
const LOCKED_LENGTH = 72;
const LINES = 4;
const LINE_BYTES = KEY_LENGTH / LINES;
const LINE_SYMBOLS = 13; // the fewest that hold 64 bits
const MOST_MEMORY = 2 ** 30;
const MOST_PASSES = 20;
const MODERATE = { passes: 3, memory: 2 ** 28 };
const LEAST = { passes: 1, memory: 8192 };
const REHEARSAL = utf8("sanliang/rehearsal/1|");

export const newPrivateKey = () => randomBytes(KEY_LENGTH);

export const publicKey = (privateKey) => publicKeyOf(privateKey);

/** The key that signs the counts; it follows from the tally key, so that file and sheet hold both. */
export const countsSeed = (privateKey) => hmacSha256(privateKey, utf8("sanliang/counts-key/1"));

/** Its public half, which the frozen form names. */
export const countsKey = (privateKey) => verifyKeyOf(countsSeed(privateKey));

/** What the custodian hands to the centre: both public halves. */
export const handedOver = (privateKey) => toB64(concat(publicKey(privateKey), countsKey(privateKey)));

export const publicFileText = (privateKey) => `${handedOver(privateKey)}\n`;

/** Generated, never chosen; written down in groups of four. */
export function newPassphrase() {
  const fair = 256 - (256 % ALPHABET.length);
  let symbols = "";
  while (symbols.length < PASSPHRASE_LENGTH) {
    const [byte] = randomBytes(1);
    if (byte < fair) symbols += ALPHABET[byte % ALPHABET.length];
  }
  return inFours(symbols);
}

/** Twelve symbols (公钥识别码) by which two people compare the public keys aloud. */
export function publicMark(tallyKey, keyOfCounts = new Uint8Array(0)) {
  const digest = sha256(concat(utf8("sanliang/tally-key/1|"), tallyKey, keyOfCounts));
  return inFours(toSymbols(bigNumber(digest.subarray(0, 7)), 12));
}

export const markOf = (privateKey) => publicMark(publicKey(privateKey), countsKey(privateKey));

/** What the custodian handed over: [the tally key's public half, that of the key for the counts]. */
export function readPublic(text) {
  let both;
  try {
    both = fromB64(withoutBlanks(text));
  } catch (error) {
    both = new Uint8Array(0);
  }
  const [tallyKey, keyOfCounts] = [both.slice(0, KEY_LENGTH), both.slice(KEY_LENGTH)];
  if (tallyKey.length !== KEY_LENGTH || (keyOfCounts.length && keyOfCounts.length !== KEY_LENGTH)) {
    throw new Fault("计票公钥格式不正确，请向保管人重新索取公钥文件的全部内容。");
  }
  if (!keyOfCounts.length) {
    throw new Fault("这是旧版本程序写出的公钥文件，没有计票签名公钥，请保管人运行 keygen --public 重新写出。");
  }
  return [tallyKey, keyOfCounts];
}

/** The key file: the private key encrypted under the passphrase (Argon2id, XSalsa20-Poly1305). */
export async function lock(privateKey, passphrase, strong = true) {
  const { passes, memory } = strong ? MODERATE : LEAST;
  const salt = randomBytes(SALT_LENGTH);
  const locked = lockBox(stretch(passphrase, salt, passes, memory), privateKey);
  return {
    format: FORMAT,
    public: toB64(publicKey(privateKey)),
    kdf: { name: "argon2id13", passes, memory, salt: toB64(salt) },
    locked: toB64(locked),
  };
}

export const keyFileText = (file) => `${JSON.stringify(file, null, 1)}\n`;

/** What unlock takes, from the bytes of the file; `name` is what the refusal calls it. */
export function readKeyFile(bytes, name) {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Fault(`无法读取密钥文件 ${name}，请检查路径和文件内容。`);
  }
}

/** The private key; the fault says whether the file or the passphrase is wrong. */
export async function unlock(file, passphrase) {
  const { tallyKey, salt, passes, memory, locked } = parts(file);
  const privateKey = openBox(stretch(passphrase, salt, passes, memory), locked);
  if (!privateKey) throw new Fault("口令不正确，请核对后重新输入。密钥文件没有改动。");
  if (!equal(publicKey(privateKey), tallyKey)) {
    throw new Fault("密钥文件的公钥和私钥不是一对，请使用原始文件或恢复单。");
  }
  return privateKey;
}

function parts(file) {
  try {
    return readParts(file);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Fault("这不是完整的计票密钥文件，请使用保管的原始文件或恢复单。");
  }
}

function readParts(file) {
  const kdf = part(file, "kdf");
  if (part(file, "format") !== FORMAT || part(kdf, "name") !== "argon2id13") throw new Malformed("another format");
  const [passes, memory] = [part(kdf, "passes"), part(kdf, "memory")];
  if (!isWithin(passes, MOST_PASSES) || !isWithin(memory, MOST_MEMORY)) throw new Malformed("unreasonable cost");
  const salt = fromB64(part(kdf, "salt"), SALT_LENGTH);
  const tallyKey = fromB64(part(file, "public"), KEY_LENGTH);
  return { tallyKey, salt, passes, memory, locked: fromB64(part(file, "locked"), LOCKED_LENGTH) };
}

function part(value, name) {
  const known = value !== null && typeof value === "object" && !Array.isArray(value);
  if (!known || !Object.prototype.hasOwnProperty.call(value, name)) throw new Malformed(`no ${name}`);
  return value[name];
}

const isWithin = (number, most) => Number.isInteger(number) && number > 0 && number <= most;

/** The part of a passphrase that counts: letters (Chinese too) and digits, not case, blanks or width. */
export const spoken = (passphrase) => passphrase.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");

function stretch(passphrase, salt, passes, memory) {
  const key = argon2id(utf8(spoken(passphrase)), salt, passes, memory);
  if (!key) throw new Fault("本机内存不足或密钥文件参数不正确，无法解锁计票密钥。");
  return key;
}

/** The private key for paper: four lines of 14 symbols, the last one a check symbol. */
export function recoveryLines(privateKey) {
  const lines = [];
  for (let number = 0; number < LINES; number += 1) {
    const bytes = privateKey.subarray(number * LINE_BYTES, (number + 1) * LINE_BYTES);
    const symbols = toSymbols(bigNumber(bytes), LINE_SYMBOLS);
    lines.push(inFours(symbols + checkSymbol(symbols, number)));
  }
  return lines;
}

/** The sheet as keygen writes it. */
export function recoverySheet(privateKey) {
  const lines = recoveryLines(privateKey).map((line, number) => `${number + 1}　${line}`);
  return `计票密钥恢复单（绝密，只写在纸上，装入信封密封保管）

公钥识别码　${markOf(privateKey)}

恢复码（每行最后一位为校验位）
${lines.join("\n")}

用途：口令遗失或密钥文件损坏时，凭恢复码重建计票密钥。
持有恢复码即可打开全部选票，须与口令分开存放，由两人共同启封。
口令和恢复码同时遗失的，本轮选票无法计票。
`;
}

/** The private key from the sheet; the fault names the line with a wrong symbol or a swap. */
export function fromRecovery(lines) {
  const typed = lines.map(normalize).filter((line) => line);
  if (typed.length !== LINES) throw new Fault(`恢复单共${LINES}行，请逐行完整输入。`);
  return concat(...typed.map(fromLine));
}

function fromLine(line, number) {
  const [symbols, check] = [line.slice(0, LINE_SYMBOLS), line.slice(LINE_SYMBOLS)];
  const known = Array.from(line).every((symbol) => ALPHABET.includes(symbol));
  const value = known ? Array.from(symbols).reduce(addSymbol, BigInt(0)) : BigInt(-1);
  const text = value.toString(16).padStart(2 * LINE_BYTES, "0");
  const whole = line.length === LINE_SYMBOLS + 1 && text.length === 2 * LINE_BYTES;
  if (!known || !whole || check !== checkSymbol(symbols, number)) {
    throw new Fault(`恢复单第${number + 1}行有误，请对照原件逐位核对。`);
  }
  return fromHex(text);
}

const addSymbol = (value, symbol) => value * BigInt(ALPHABET.length) + BigInt(ALPHABET.indexOf(symbol));

function checkSymbol(symbols, number) {
  const total = Array.from(symbols).reduce((sum, symbol, i) => sum + (i + 1) * ALPHABET.indexOf(symbol), 0);
  return ALPHABET[(total + 7 * number) % ALPHABET.length];
}

/** The answer the custodian reads out (开箱演练). Only rehearsal texts are decrypted, never a ballot. */
export function answerChallenge(challenge, privateKey) {
  const plain = openedChallenge(challenge, privateKey);
  if (!plain) throw new Fault("演练口令无法解开：密钥与本次评价的计票公钥不是一对，或演练口令不完整。");
  if (!equal(plain.subarray(0, REHEARSAL.length), REHEARSAL)) {
    throw new Fault("这不是演练口令。为保护选票，本命令只解开演练口令。");
  }
  return inFours(asciiOf(plain.subarray(REHEARSAL.length)));
}

function openedChallenge(challenge, privateKey) {
  try {
    return openSealed(fromB64(withoutBlanks(challenge)), publicKey(privateKey), privateKey);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}

const asciiOf = (bytes) => Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : "\ufffd")).join("");
