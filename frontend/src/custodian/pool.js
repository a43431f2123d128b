// Counts a bundle in several workers. Each opens the file for itself and is given ranges of ballots; only sums and
// comments come back, so that no more than a few hundred ballots are ever in memory.
import { RANGE } from "./bundle.js";
import { addCount, Count, refuseWrongKeys } from "./counting.js";
import { Fault } from "./fault.js";
import { Left } from "./left.js";

const MOST_WORKERS = 4;
const BROKEN = "后台计算中断，没有写出计票结果，计票包和密钥没有改动。请关闭其他程序后再试一次。";
const REFUSED = "浏览器不允许本页使用后台计算，请换用新版的 Edge、360（极速模式）或火狐浏览器。";
export const CANCELLED = "已取消计票，没有写出计票结果，计票包和密钥没有改动，可以再次计票。";

export const workersHere = () => Math.max(1, Math.min(globalThis.navigator.hardwareConcurrency || 1, MOST_WORKERS));

/**
 * → Count of all ballots, paper included; without a key only their signatures are looked at. `script`: the address
 * (of a Blob) of the script that calls `serve`; `progress(done, total)`; `signal`: of an AbortController. The bundle
 * holds what was checked, and nothing else is counted. Ends all workers, whatever happens.
 */
export async function countInWorkers(blob, bundle, privateKey, { script, workers = workersHere(), progress, signal }) {
  await refuseWrongKeys(bundle.public);
  const ranges = [];
  for (let first = 0; first < bundle.size; first += RANGE) ranges.push([first, Math.min(RANGE, bundle.size - first)]);
  if (signal && signal.aborted) throw new Fault(CANCELLED);
  const pool = new Pool(script, Math.max(1, Math.min(workers, ranges.length)));
  const cancel = () => pool.fail(new Fault(CANCELLED));
  if (signal) signal.addEventListener("abort", cancel);
  try {
    const count = await pool.count(blob, bundle, privateKey, ranges, progress || (() => {}));
    if (signal && signal.aborted) throw new Fault(CANCELLED);
    return count;
  } finally {
    if (signal) signal.removeEventListener("abort", cancel);
    pool.end();
  }
}

/** What look.js finds, in a worker; `progress(done, total)` of the bytes read; `signal` of the screen. */
export async function lookInWorker(blob, { script, progress = () => {}, signal }) {
  const pool = new Pool(script, 1);
  const leave = () => pool.fail(new Left());
  if (signal) signal.addEventListener("abort", leave);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => progress(...data);
  try {
    return await pool.asked(pool.workers[0], "look", [blob, port2], [port2]);
  } finally {
    port1.close();
    if (signal) signal.removeEventListener("abort", leave);
    pool.end();
  }
}

class Pool {
  constructor(script, number) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {}); // whoever counts hears of it; before and after that nobody does
    this.workers = [];
    while (this.workers.length < number) this.start(script);
  }

  start(script) {
    try {
      const worker = new Worker(script);
      this.workers.push(worker);
      worker.onerror = () => this.fail(new Fault(BROKEN));
      worker.onmessageerror = worker.onerror;
    } catch {
      this.end();
      throw new Fault(REFUSED);
    }
  }

  /** What the worker answers; fails with all others where one does. */
  asked(worker, call, given, moved = []) {
    const answered = new Promise((resolve) => {
      worker.onmessage = ({ data }) => {
        if ("value" in data) resolve(data.value);
        else this.fail(new Fault(data.fault || BROKEN));
      };
    });
    worker.postMessage({ call, given }, moved);
    return Promise.race([answered, this.failed]);
  }

  async count(blob, bundle, privateKey, ranges, progress) {
    const count = Count.of(bundle.public.form);
    const forged = []; // by place, so that they are listed in the order of the box
    const left = ranges[Symbol.iterator]();
    let done = 0;
    const work = async (worker) => {
      const own = privateKey && privateKey.slice();
      await this.asked(worker, "sitDown", [blob, own, bundle.checked], own ? [own.buffer] : []);
      for (const [first, number] of left) {
        const found = await this.asked(worker, "countRange", [first]);
        forged.push([first, found.forged]);
        addCount(count, { ...found, forged: [] });
        done += number;
        progress(done, bundle.size);
      }
    };
    await Promise.all(this.workers.map(work));
    if (privateKey) addCount(count, await this.asked(this.workers[0], "countPaper", []));
    await Promise.all(this.workers.map((worker) => this.asked(worker, "standUp", [])));
    for (const [, trackers] of forged.sort(([one], [other]) => one - other)) count.forged.push(...trackers);
    return count;
  }

  end() {
    for (const worker of this.workers) worker.terminate();
  }
}

export { BROKEN };
