// The sealed ballot: layout, reading and reasons of surveys/ballots/sealing.py.
import { cells, words } from "./forms.js";

const VERSION = 1;
const BINDING = 32;
const HEAD = 1 + BINDING;
const BLOCK = 256;
const BYTES_PER_CHARACTER = 4;
const FRAMES = 2048;
export const OVERHEAD = 48; // ephemeral key and authenticator

/** Why a ballot cannot be counted (废票). */
export const REASONS = {
  unopened: "无法解密",
  copied: "密文与票面不符（复制或篡改）",
  version: "版本不符",
  choice: "含有评价表以外的选项",
  comments: "文字意见格式不正确",
};

/** Half a character, as a keyboard leaves it that deletes half an emoji. */
const HALVES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const UNREADABLE = /[\u0000-\u0009\u000b-\u001f\u007f]/g;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text without halves of characters and control characters: that costs half an emoji, never the ballot. */
export const readable = (text) =>
  text.replace(HALVES, (found) => (found.length === 2 ? found : "")).replace(UNREADABLE, "");

export const lengthOf = (text) => {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) length -= text.charCodeAt(i) >>> 10 === 0x36 ? 1 : 0;
  return length;
};

export class Layout {
  constructor(cellsInAll, choices, commentCap) {
    this.cells = cellsInAll;
    this.choices = choices;
    this.commentCap = commentCap;
    this.commentRoom = commentCap ? commentCap * BYTES_PER_CHARACTER + FRAMES : 0;
    this.plainLength = Math.ceil((HEAD + cellsInAll + 2 + this.commentRoom) / BLOCK) * BLOCK;
    this.sealedLength = this.plainLength + OVERHEAD;
  }

  static of(form) {
    return new Layout(cells(form).length, words(form).length, form.comment_cap);
  }

  /**
   * → the reason why the ballot is spoiled, a name of REASONS, or {answers, comments}: a view of the cells, and
   * [[cell, matter, suggestion], …]. `allowed`: the Set of what a cell may be, if not every choice.
   */
  readBallot(plain, inside, allowed) {
    if (plain.length !== this.plainLength || plain[0] !== VERSION) return "version";
    for (let i = 0; i < BINDING; i += 1) if (plain[1 + i] !== inside[i]) return "copied";
    const end = HEAD + this.cells;
    const answers = plain.subarray(HEAD, end);
    for (let i = 0; i < answers.length; i += 1) {
      if (allowed ? !allowed.has(answers[i]) : answers[i] > this.choices) return "choice";
    }
    const rest = end + 2 + plain[end] * 256 + plain[end + 1];
    if (rest > end + 2 + this.commentRoom) return "comments";
    for (let i = rest; i < plain.length; i += 1) if (plain[i]) return "comments";
    const comments = rest > end + 2 ? this.comments(plain.subarray(end + 2, rest)) : [];
    return comments ? { answers, comments } : "comments";
  }

  /** null for every other shape than [[cell, matter, suggestion], …] with rising cells. */
  comments(bytes) {
    const found = parsed(bytes);
    if (!Array.isArray(found)) return null;
    let [last, size] = [-1, 0];
    for (const entry of found) {
      if (!isComment(entry) || entry[0] <= last || entry[0] >= this.cells) return null;
      last = entry[0];
      entry[1] = readable(entry[1]);
      entry[2] = readable(entry[2]);
      size += lengthOf(entry[1]) + lengthOf(entry[2]);
    }
    return size > this.commentCap ? null : found;
  }
}

const isComment = (entry) =>
  Array.isArray(entry) &&
  entry.length === 3 &&
  Number.isInteger(entry[0]) &&
  typeof entry[1] === "string" &&
  typeof entry[2] === "string";

/** The value, or undefined. A number with a point or an exponent is none that a phone writes: 1.0 is not 1. */
function parsed(bytes) {
  try {
    const text = decoded(bytes);
    const value = JSON.parse(text);
    return /[.eE]/.test(text.replace(STRINGS, "")) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** UTF-8, in which phones also wrote halves of characters: each is three bytes that nothing else begins with. */
function decoded(bytes) {
  let [text, start] = ["", 0];
  for (let i = 0; i + 2 < bytes.length; i += 1) {
    if (bytes[i] === 0xed && bytes[i + 1] >>> 5 === 5 && bytes[i + 2] >>> 6 === 2) {
      const half = 0xd000 | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f);
      text += decoder.decode(bytes.subarray(start, i)) + String.fromCharCode(half);
      start = i + 3;
      i += 2;
    }
  }
  return text + decoder.decode(bytes.subarray(start));
}
