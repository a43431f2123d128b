// The code on a slip (凭条): how it is read from the fragment or from what a voter types.
export const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 16;
const KEY_LENGTH = 4;

/** Upper case, half width, and nothing but letters and digits. */
export function normalize(text) {
  return String(text).normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
}

const foreign = (text) => Array.from(text).some((symbol) => !ALPHABET.includes(symbol));

/** The weighted sum over 31 symbols is zero: it catches any one wrong symbol and any two swapped. */
export function isWellFormed(code) {
  if (code.length !== CODE_LENGTH || foreign(code)) return false;
  const sum = Array.from(code).reduce((total, symbol, i) => total + (i + 1) * ALPHABET.indexOf(symbol), 0);
  return sum % ALPHABET.length === 0;
}

/** Why a typed code cannot be right, or an empty string. */
export function faultIn(key, code) {
  if (foreign(key + code)) return "凭条上不会出现数字0、1和字母I、L、O，请核对后重新输入。";
  if (key.length !== KEY_LENGTH) return "票种为4位，请核对后重新输入。";
  if (code.length !== CODE_LENGTH) return `投票码为16位，现在输入了${code.length}位，请核对后重新输入。`;
  if (!isWellFormed(code)) return "投票码有误，可能输错了一位，请对照凭条逐位核对。";
  return "";
}

/** `#1.<key id>.<CODE>.<fp>`; a code without its fingerprint is not trusted (see app.js). */
export function readFragment(hash) {
  const parts = String(hash).replace(/^#/, "").split(".");
  if (parts[0] !== "1" || parts.length < 3 || parts.length > 4) return null;
  const slip = { key: normalize(parts[1]), code: normalize(parts[2]), fp: parts[3] ? normalize(parts[3]) : "", typed: false };
  return faultIn(slip.key, slip.code) ? null : slip;
}

export const inFours = (text) => (text.match(/.{1,4}/g) || []).join(" ");
