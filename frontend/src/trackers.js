// Looking up a receipt in the published list, on the phone: the whole list is fetched, whichever is looked for.
import { fromHex, toHex } from "./bytes.js";
import { getBytes, Refusal } from "./http.js";
import { normalize } from "./slip.js";

/** Digits of a receipt that suffice to look it up. */
export const ENOUGH = 16;
/** The list holds the first 16 bytes of each receipt, sorted: 1.6 MB for 100,000 ballots. */
const ROW = 16;

/** The receipt as hexadecimal digits, or an empty string where it cannot be one. */
export function trackerIn(text) {
  const digits = normalize(text).toLowerCase();
  return /^[0-9a-f]{16,64}$/.test(digits) ? digits.slice(0, 2 * ROW) : "";
}

/** Whether a row of the sorted table begins with the digits. */
export function isListed(table, digits) {
  const least = fromHex(digits.padEnd(2 * ROW, "0"));
  let [from, to] = [0, table.length / ROW];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(table, middle * ROW, least)) from = middle + 1;
    else to = middle;
  }
  return toHex(table.subarray(from * ROW, (from + 1) * ROW)).startsWith(digits);
}

function isBefore(table, at, least) {
  for (let i = 0; i < ROW; i += 1) {
    if (table[at + i] !== least[i]) return table[at + i] < least[i];
  }
  return false;
}

/** What to say about a receipt. */
export async function lookUp(url, text) {
  const digits = trackerIn(text);
  if (!digits) return `请输入回执码的前${ENOUGH}位。`;
  const table = await getBytes(url);
  if (table.length % ROW) throw new Refusal("offline", "名单没有完整收到，请重新查询。");
  return isListed(table, digits)
    ? `已找到：这张选票在票箱中。名单共${table.length / ROW}张选票。`
    : "名单中没有这个回执码。请核对是否输错；如确认无误，请持凭条和回执码向纪检监察机关反映。";
}
