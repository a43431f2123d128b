// Reads the zip of a bundle by slices, as surveys/ballots/archive.py: only stored members, one after the other without
// a gap, and one list of them at the end that agrees with what stands before each.
import { equal } from "../bytes.js";
import { Fault } from "./fault.js";

export const UNREADABLE = "无法读取文件：文件不完整，或者不是所要的 zip 文件，请重新拷贝。";
export const PACKED = "计票包被重新压缩过，请使用评价中心导出的原件。";
export const INCOMPLETE = "计票包不完整，请重新拷贝。";
const [LOCAL, CENTRAL, END, LOCATOR, END64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x07064b50, 0x06064b50];
const IN_64_BITS = 0xffffffff;
const UTF8_NAMES = 0x800;
const LONGEST_LIST = 1 << 16;
const [END_LENGTH, LONG_LENGTH, SIZES_LENGTH] = [22, 76, 20];
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function refuseUnless(right) {
  if (!right) throw new Fault(UNREADABLE);
}

export async function bytesAt(blob, start, size) {
  let found = new Uint8Array(0);
  try {
    found = new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
  } catch (error) {
    if (error.name !== "NotReadableError" && error.name !== "NotFoundError") throw error;
  }
  if (found.length !== size) throw new Fault(INCOMPLETE); // the stick was pulled out
  return found;
}

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
/** Above 2 ** 53 a number is not exact, but no file is so long: it differs from the right one all the same. */
const longAt = (view, at) => Number(view.getBigUint64(at, true));

/** Map {name: {start, size}} */
export async function members(blob) {
  const { list, listStart, number } = await listOf(blob);
  const found = new Map();
  let [at, next] = [0, 0];
  while (at < list.length) {
    const entry = entryAt(list, at);
    refuseUnless(entry.offset === next && !found.has(entry.name));
    const start = await startOf(blob, entry, listStart);
    found.set(entry.name, { start, size: entry.size });
    next = start + entry.size;
    refuseUnless(next <= listStart);
    at += entry.length;
  }
  refuseUnless(found.size === number && next === listStart);
  return found;
}

/** The bytes of the list at the end, where it starts, and how many members it has. */
async function listOf(blob) {
  refuseUnless(blob.size >= END_LENGTH);
  const tailLength = Math.min(blob.size, END_LENGTH + LONG_LENGTH);
  const tail = await bytesAt(blob, blob.size - tailLength, tailLength);
  const end = viewOf(tail.subarray(tail.length - END_LENGTH));
  refuseUnless(end.getUint32(0, true) === END && end.getUint32(4, true) === 0 && end.getUint16(20, true) === 0);
  const told = [end.getUint16(8, true), end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
  const long = longEnd(tail, blob.size - tail.length);
  const [here, number, size, listStart] = long || told;
  refuseUnless([here, number].every((each, i) => told[i] === Math.min(each, 0xffff)));
  refuseUnless([size, listStart].every((each, i) => told[2 + i] === Math.min(each, IN_64_BITS)));
  const listEnd = blob.size - END_LENGTH - (long ? LONG_LENGTH : 0);
  refuseUnless(here === number && size <= LONGEST_LIST && listStart + size === listEnd);
  return { list: await bytesAt(blob, listStart, size), listStart, number };
}

/** The same numbers in 64 bits, which stand before the end where the file is long; null where they do not. */
function longEnd(tail, place) {
  if (tail.length < END_LENGTH + LONG_LENGTH) return null;
  const view = viewOf(tail);
  if (view.getUint32(56, true) !== LOCATOR) return null;
  refuseUnless(view.getUint32(60, true) === 0 && longAt(view, 64) === place && view.getUint32(72, true) === 1);
  refuseUnless(view.getUint32(0, true) === END64 && longAt(view, 4) === 44);
  refuseUnless(view.getUint32(16, true) === 0 && view.getUint32(20, true) === 0);
  return [24, 32, 40, 48].map((at) => longAt(view, at));
}

/** One member as the list at the end tells of it. */
function entryAt(list, at) {
  refuseUnless(at + 46 <= list.length);
  const view = viewOf(list.subarray(at));
  refuseUnless(view.getUint32(0, true) === CENTRAL);
  const [flags, method] = [view.getUint16(8, true), view.getUint16(10, true)];
  if (method !== 0) throw new Fault(PACKED);
  const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(place, true));
  const length = 46 + name + extra;
  refuseUnless((flags === 0 || flags === UTF8_NAMES) && comment === 0 && view.getUint16(34, true) === 0);
  refuseUnless(at + length <= list.length);
  const nameBytes = list.subarray(at + 46, at + 46 + name);
  const short = [24, 20, 42].map((place) => view.getUint32(place, true));
  const [size, packed, offset] = inFull(short, list.subarray(at + 46 + name, at + length));
  refuseUnless(size === packed);
  return { name: nameIn(nameBytes, flags), nameBytes, flags, crc: view.getUint32(16, true), size, offset, length };
}

/** The numbers, those of 64 bits taken from the further field, which holds exactly them. */
function inFull(short, extra) {
  const long = short.filter((each) => each === IN_64_BITS).length;
  if (!long) {
    refuseUnless(!extra.length);
    return short;
  }
  const view = viewOf(extra);
  refuseUnless(extra.length === 4 + 8 * long && view.getUint16(0, true) === 1 && view.getUint16(2, true) === 8 * long);
  let at = 4;
  return short.map((each) => {
    if (each !== IN_64_BITS) return each;
    at += 8;
    return longAt(view, at - 8);
  });
}

function nameIn(bytes, flags) {
  refuseUnless(flags === UTF8_NAMES || bytes.every((byte) => byte < 0x80));
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new Fault(UNREADABLE);
  }
}

/** Where the member's bytes start, if what stands before them says the same as the list. */
async function startOf(blob, entry, listStart) {
  const inAll = 30 + entry.nameBytes.length + SIZES_LENGTH;
  const head = await bytesAt(blob, entry.offset, Math.max(0, Math.min(inAll, listStart - entry.offset)));
  refuseUnless(head.length >= 30);
  const view = viewOf(head);
  const [name, extra] = [26, 28].map((at) => view.getUint16(at, true));
  refuseUnless(view.getUint32(0, true) === LOCAL && 30 + name + extra <= head.length);
  refuseUnless(view.getUint16(6, true) === entry.flags && view.getUint16(8, true) === 0);
  refuseUnless(view.getUint32(14, true) === entry.crc && equal(head.subarray(30, 30 + name), entry.nameBytes));
  const sizes = sizesIn(head.subarray(30 + name, 30 + name + extra));
  const short = [22, 18].map((at) => view.getUint32(at, true));
  refuseUnless(short.every((each, i) => (each === IN_64_BITS && sizes ? sizes[i] : each) === entry.size));
  refuseUnless(!sizes || sizes.every((each) => each === entry.size));
  return entry.offset + 30 + name + extra;
}

function sizesIn(extra) {
  if (!extra.length) return null;
  const view = viewOf(extra);
  refuseUnless(extra.length === SIZES_LENGTH && view.getUint16(0, true) === 1 && view.getUint16(2, true) === 16);
  return [longAt(view, 4), longAt(view, 12)];
}
