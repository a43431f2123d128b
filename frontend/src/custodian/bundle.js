// The bundle (计票包) read from a file by slices (surveys/ballots/bundle.py): 100,000 ballots are never in memory.
import { equal, toHex, utf8 } from "../bytes.js";
import { bytesAt, members } from "./archive.js";
import { manifestHolds } from "./credentials.js";
import { Malformed, fromB64 } from "./encoding.js";
import { Fault } from "./fault.js";
import { checkPublic } from "./forms.js";
import { canonical, isObject, parse } from "./python.js";
import { Layout } from "./sealing.js";
import { ANY, MORE_THAN_ANY, TEXT, WHOLE, YES, each, misfit } from "./shapes.js";
import { hasher, ready, sha256 } from "./sodium.js";

export const FORMAT = "sanliang-bundle/1";
export const STATES = ["unused", "redeemed", "paper", "void", "returned", "replaced"];
export const FILES = ["ballots.bin", "slips.bin", "trackers.txt"];
export const PAPER = "paper.json";
const ONLY_PUBLIC = "这是公开核验包，不是计票包，请选取评价中心交来的计票包。";
/** Bytes of a record before the sealed ballot: key's place, prefix, credential, signature, seq, signature. */
export const BALLOT_HEAD = 1 + 32 + 32 + 256 + 8 + 64;
const [PREFIX, CREDENTIAL] = [33, 32]; // bytes up to the credential, and its length
const SLIP = 32 + 1 + 4;
const PIECE = 1 << 20;
/** Ballots that are read, compared and counted at once. */
export const RANGE = 500;
const ALTERED = "计票包在核对以后被改动，没有写出计票结果。请重新拷贝计票包，重新核对。";
const IN_32_BITS = 2 ** 32;
const NUMBERS = ["printed", "returned", "spoiled", "handed"];
const MANIFEST = {
  public: ANY,
  fp: TEXT,
  key_on_server: YES,
  code_root: TEXT,
  tracker_root: TEXT,
  batches: [
    {
      ...{ id: TEXT, key: TEXT, town: TEXT, "void?": YES },
      ...{ printed: WHOLE, returned: WHOLE, spoiled: WHOLE, "handed?": WHOLE },
    },
  ],
  ballots: each(WHOLE),
  files: each(TEXT),
};

export async function openBundle(blob) {
  await ready();
  const bundle = new Bundle(blob, await members(blob));
  if (!bundle.has("manifest.json") && bundle.has("summary.json")) throw new Fault(ONLY_PUBLIC);
  bundle.manifestBytes = await bundle.read("manifest.json");
  bundle.readManifest();
  return bundle;
}

/** A ballot's record; `seq` is written out, as it goes into texts and may be longer than a number here. */
export function unpack(record) {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const [high, low] = [view.getUint32(321), view.getUint32(325)];
  return {
    place: record[0],
    prefix: record.subarray(1, 33),
    credential: record.subarray(33, 65),
    sig: record.subarray(65, 321),
    seq: String(high < 1 << 21 ? high * IN_32_BITS + low : view.getBigUint64(321)),
    edsig: record.subarray(329, BALLOT_HEAD),
    sealed: record.subarray(BALLOT_HEAD),
  };
}

/** What `work` returns; null for what nobody honest has written. */
export function orNull(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Malformed || error instanceof Fault) return null;
    throw error;
  }
}

/** `places`: of the keys; `credentials`: one after the other. */
class Heads {
  constructor(bundle) {
    this.recordSize = bundle.recordSize;
    this.step = Math.max(1, Math.floor(PIECE / bundle.recordSize)) * bundle.recordSize;
    const number = Math.floor(bundle.region("ballots.bin").size / bundle.recordSize);
    this.places = new Uint8Array(number);
    this.credentials = new Uint8Array(number * CREDENTIAL);
    this.number = 0;
  }

  /** `records`: the next ones, whole; → how many are in by now. */
  add(records) {
    for (let at = 0; at + this.recordSize <= records.length; at += this.recordSize) {
      this.places[this.number] = records[at];
      this.credentials.set(records.subarray(at + PREFIX, at + PREFIX + CREDENTIAL), this.number * CREDENTIAL);
      this.number += 1;
    }
    return this.number;
  }
}

/** The SHA-256 of each range of ballots, from pieces of any length. */
class Ranges {
  constructor(bundle) {
    this.length = RANGE * bundle.recordSize;
    this.found = [];
    this.left = this.length;
    this.digest = hasher();
  }

  add(bytes) {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.left);
      this.digest.update(part);
      this.left -= part.length;
      at += part.length;
      if (!this.left) this.close();
    }
  }

  close() {
    this.found.push(toHex(this.digest.digest()));
    this.left = this.length;
    this.digest = hasher();
  }

  end() {
    if (this.left < this.length) this.close();
    else this.digest.digest();
    return this.found;
  }
}

/** `hash`: hex SHA-256 of the manifest, which holds the hashes of all files. */
export class Bundle {
  constructor(blob, regions) {
    this.blob = blob;
    this.regions = regions;
    this.checked = null;
  }

  /**
   * Once the bundle was found whole, here or in another worker, whatever differs from that is refused when it is
   * read. `checked`: {hash, ranges: the SHA-256 of each range of ballots}.
   */
  hold(checked) {
    this.refuseAltered(checked.hash === this.hash && checked.ranges.length === Math.ceil(this.size / RANGE));
    this.checked = checked;
  }

  refuseAltered(is) {
    if (is) return;
    this.altered = new Fault(ALTERED);
    throw this.altered;
  }

  readManifest() {
    this.hash = toHex(sha256(this.manifestBytes));
    this.manifest = orNull(() => parse(this.manifestBytes));
    const isOne = isObject(this.manifest) && "format" in this.manifest;
    if (isOne && this.manifest.format !== FORMAT) throw new Fault("计票包的格式版本不符，请使用同一版本的软件。");
    if (!isOne || !orNull(() => this.isWhole()))
      throw new Fault("计票包的清单不完整或已被改动，请使用评价中心导出的原件。");
  }

  /** Types and numbers that the controls rely on, even if the signer of the manifest was malicious. */
  isWhole() {
    const { manifest } = this;
    if (!equal(utf8(canonical(manifest)), this.manifestBytes) || misfit(manifest, MANIFEST) !== null) return false;
    checkPublic(manifest.public);
    this.public = manifest.public;
    this.survey = this.public.survey;
    this.layout = Layout.of(this.public.form);
    this.recordSize = BALLOT_HEAD + this.layout.sealedLength;
    this.keyIds = this.public.keys.map((key) => key.id);
    this.batches = manifest.batches;
    const listed = this.batches.flatMap((batch) => NUMBERS.filter((name) => name in batch).map((name) => batch[name]));
    return (
      [...Object.values(manifest.ballots), ...listed].every((number) => number >= 0 && number < MORE_THAN_ANY) &&
      this.batches.every((batch) => this.keyIds.includes(batch.key))
    );
  }

  has(name) {
    return this.regions.has(name);
  }

  get files() {
    return PAPER in this.manifest.files || this.has(PAPER) ? [...FILES, PAPER] : FILES;
  }

  region(name) {
    if (!this.has(name)) throw new Fault(`计票包缺少 ${name}，请使用评价中心导出的原件。`);
    return this.regions.get(name);
  }

  async read(name) {
    const { start, size } = this.region(name);
    const content = await bytesAt(this.blob, start, size);
    const listed = this.checked && this.manifest.files[name];
    if (listed) this.refuseAltered(toHex(sha256(content)) === listed);
    return content;
  }

  async *pieces(name, length = PIECE) {
    const { start, size } = this.region(name);
    for (let at = 0; at < size; at += length) yield await bytesAt(this.blob, start + at, Math.min(length, size - at));
  }

  get size() {
    const { size } = this.region("ballots.bin");
    if (size % this.recordSize) throw new Fault("ballots.bin 的长度不对，计票包不完整或已被改动。");
    return size / this.recordSize;
  }

  /**
   * A sentence for every file that differs from the manifest, and one if the box did not sign it. `progress` is
   * called with the bytes read and those in all. What is whole is held from then on.
   */
  async faults(progress = () => {}) {
    const found = [];
    const files = this.files.filter((name) => this.has(name));
    const total = files.reduce((sum, name) => sum + this.region(name).size, 0);
    let done = 0;
    const read = (bytes) => {
      done += bytes;
      progress(done, total);
    };
    for (const name of this.files) {
      if (!this.has(name) || (await this.hashOf(name, read)) !== this.manifest.files[name])
        found.push(`${name} 与清单不符，已被改动或不完整。`);
    }
    const signed =
      this.has("manifest.sig") &&
      manifestHolds(fromB64(this.public.box_key, 32), this.survey, this.manifestBytes, await this.read("manifest.sig"));
    if (!signed) found.push("清单的票箱签名不成立，已被改动。");
    if (!found.length) this.checked = { hash: this.hash, ranges: this.ranges };
    return found;
  }

  async hashOf(name, read) {
    const digest = hasher();
    const heads = name === "ballots.bin" ? new Heads(this) : null;
    const ranges = heads && new Ranges(this);
    for await (const piece of this.pieces(name, heads ? heads.step : PIECE)) {
      digest.update(piece);
      if (heads) heads.add(piece);
      if (ranges) ranges.add(piece);
      read(piece.length);
    }
    if (heads) [this.kept, this.ranges] = [heads, ranges.end()];
    return toHex(digest.digest());
  }

  /** Key's place and credential of every ballot: kept when faults() read the ballots, since that takes long. */
  async heads(progress = () => {}) {
    const { size } = this;
    if (!this.kept) {
      const heads = new Heads(this);
      for await (const piece of this.pieces("ballots.bin", heads.step)) progress(heads.add(piece), size);
      this.kept = heads;
    }
    return this.kept;
  }

  /** [{codeHash, state, batch}]; `batch` is an index into the manifest's batches. */
  async slips() {
    const data = await this.read("slips.bin");
    if (data.length % SLIP) throw new Fault("slips.bin 的长度不对，计票包不完整或已被改动。");
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const found = [];
    for (let at = 0; at < data.length; at += SLIP) {
      const [state, batch] = [data[at + 32], view.getUint32(at + 33)];
      if (state >= STATES.length || batch >= this.batches.length)
        throw new Fault("slips.bin 含有不存在的状态或批次，已被改动。");
      found.push({ codeHash: data.subarray(at, at + 32), state: STATES[state], batch });
    }
    return found;
  }

  /** Whole records from index `first` on, `number` of them or fewer at the end. */
  async ballotBytes(first, number) {
    const last = Math.min(this.size, first + number);
    const { start } = this.region("ballots.bin");
    return bytesAt(this.blob, start + first * this.recordSize, Math.max(0, last - first) * this.recordSize);
  }

  /** The records of the range that begins at `first`, read once: what is compared is what is opened. */
  async rangeAt(first) {
    const records = await this.ballotBytes(first, RANGE);
    this.refuseAltered(toHex(sha256(records)) === this.checked.ranges[first / RANGE]);
    return records;
  }

  async trackers() {
    return trackersIn(await this.read("trackers.txt"));
  }
}

/** As Python's decode("ascii", "replace").split(). */
export function trackersIn(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  return text.replace(/[^\u0000-\u007f]/g, "\ufffd").split(/[\t-\r\u001c-\u0020]+/).filter(Boolean);
}
