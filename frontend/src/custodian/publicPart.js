// The part of a bundle that everybody may have (公开核验包), and what follows from it (surveys/ballots/public_part.py).
import { equal, utf8 } from "../bytes.js";
import { bytesAt, members } from "./archive.js";
import { openBundle, orNull, trackersIn } from "./bundle.js";
import { trackerRoot } from "./controls.js";
import { Fault } from "./fault.js";
import { Findings, readPosted } from "./findings.js";
import { checkPublic } from "./forms.js";
import { canonical, isObject, parse } from "./python.js";
import { ANY, MORE_THAN_ANY, TEXT, WHOLE, YES, each, misfit } from "./shapes.js";
import { ready } from "./sodium.js";

export const NOT_RECOUNTED = "公开核验包不含选票，不能重新计票。";
const FORMAT = "sanliang-public/1";
const SUMMARY = "summary.json";
const SHAPE = {
  public: ANY,
  fp: TEXT,
  bundle: TEXT,
  code_root: TEXT,
  tracker_root: TEXT,
  key_on_server: YES,
  printed: each(WHOLE),
  ballots: WHOLE,
  "packets?": WHOLE,
};

export class PublicPart {
  constructor(blob, regions) {
    Object.assign(this, { blob, regions });
  }

  readSummary(content) {
    this.summary = orNull(() => parse(content));
    const isOne = isObject(this.summary) && "format" in this.summary;
    if (isOne && this.summary.format !== FORMAT) throw new Fault("公开核验包的格式版本不符，请使用同一版本的软件。");
    if (!isOne || !orNull(() => this.isWhole(content)))
      throw new Fault("公开核验包的摘要不完整或已被改动，请从票箱公示页重新下载。");
  }

  isWhole(content) {
    const { summary } = this;
    if (!equal(utf8(canonical(summary)), content) || misfit(summary, SHAPE) !== null) return false;
    checkPublic(summary.public);
    this.public = summary.public;
    const keyIds = this.public.keys.map((key) => key.id);
    const numbers = [...Object.values(summary.printed), summary.ballots, summary.packets || 0];
    return (
      Object.keys(summary.printed).every((key) => keyIds.includes(key)) &&
      numbers.every((number) => number >= 0 && number < MORE_THAN_ANY)
    );
  }

  async read(name) {
    if (!this.regions.has(name)) throw new Fault(`公开核验包缺少 ${name}，请从票箱公示页重新下载。`);
    const { start, size } = this.regions.get(name);
    return bytesAt(this.blob, start, size);
  }

  async trackers() {
    return trackersIn(await this.read("trackers.txt"));
  }
}

/** A Bundle or, where the file says that it is one, a PublicPart; throws Fault. */
export async function openEither(blob) {
  await ready();
  const regions = await members(blob);
  if (!regions.has(SUMMARY)) return openBundle(blob);
  const part = new PublicPart(blob, regions);
  part.readSummary(await part.read(SUMMARY));
  return part;
}

/** Everything that follows without any ballot. */
export async function verifyPublic(part, published = {}) {
  const found = new Findings();
  found.compare(part.public, part.summary, readPosted(published));
  const trackers = await part.trackers();
  const { ballots, packets = 0 } = part.summary;
  const printed = Object.values(part.summary.printed).reduce((sum, number) => sum + number, 0);
  found.note("回执名单没有重复", new Set(trackers).size === trackers.length);
  found.note("回执名单与其摘要一致", trackerRoot(trackers) === part.summary.tracker_root);
  found.note(`回执码${trackers.length}个，等于选票${ballots}张`, trackers.length === ballots);
  const onPaper = packets ? `和纸质票${packets}份` : "";
  found.note(`选票${ballots}张${onPaper}，不多于印制凭条${printed}张`, ballots + packets <= printed);
  found.open.push(
    `公开核验包出自摘要为${part.summary.bundle}的计票包（由持有计票包的纪检监察机关核对）`,
    "选票的签名、各批次数字、计票结果和得分（公开核验包不含选票和票码，须用完整的核验包核验）",
  );
  found.admit(part.summary.key_on_server, packets > 0);
  return found;
}
