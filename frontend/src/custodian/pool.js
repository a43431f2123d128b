// Counts a bundle in several workers. Each opens the file for itself and is given ranges of ballots; only sums and
// comments come back, so that no more than a few hundred ballots are ever in memory.
import { addCount, addPaper, Count } from "./counting.js";
import { Fault } from "./fault.js";

const STEP = 500;
const MOST_WORKERS = 4;
const BROKEN = "后台计算中断，没有写出计票结果，计票包和密钥没有改动。请关闭其他程序后再试一次。";
const REFUSED = "浏览器不允许本页使用后台计算，请换用新版的 Edge、360（极速模式）或火狐浏览器。";
const CANCELLED = "已取消计票，没有写出计票结果，计票包和密钥没有改动，可以再次计票。";

export const workersHere = () => Math.max(1, Math.min(globalThis.navigator.hardwareConcurrency || 1, MOST_WORKERS));

/**
 * → Count of all ballots, paper included; without a key only their signatures are looked at. `script`: the address
 * (of a Blob) of the script that calls `serve`; `progress(done, total)`; `signal`: of an AbortController. Ends all
 * workers, whatever happens.
 */
export async function countInWorkers(blob, bundle, privateKey, { script, workers = workersHere(), progress, signal }) {
  const ranges = [];
  for (let first = 0; first < bundle.size; first += STEP) ranges.push([first, Math.min(STEP, bundle.size - first)]);
  const pool = new Pool(script, Math.min(workers, ranges.length));
  const cancel = () => pool.fail(new Fault(CANCELLED));
  if (signal) signal.addEventListener("abort", cancel);
  try {
    if (signal && signal.aborted) cancel();
    const count = await pool.count(blob, bundle, privateKey, ranges, progress || (() => {}));
    if (privateKey) await addPaper(count, bundle, privateKey);
    return count;
  } finally {
    if (signal) signal.removeEventListener("abort", cancel);
    pool.end();
  }
}

/** What look.js finds, in a worker; `progress(done, total)` of the bytes read. */
export async function lookInWorker(blob, { script, progress = () => {} }) {
  const pool = new Pool(script, 1);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => progress(...data);
  try {
    return await pool.asked(pool.workers[0], "look", [blob, port2], [port2]);
  } finally {
    port1.close();
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
      await this.asked(worker, "sitDown", [blob, own], own ? [own.buffer] : []);
      for (const [first, number] of left) {
        const found = await this.asked(worker, "countRange", [first, number]);
        forged.push([first, found.forged]);
        addCount(count, { ...found, forged: [] });
        done += number;
        progress(done, bundle.size);
      }
      await this.asked(worker, "standUp", []);
    };
    await Promise.all(this.workers.map(work));
    for (const [, trackers] of forged.sort(([one], [other]) => one - other)) count.forged.push(...trackers);
    return count;
  }

  end() {
    for (const worker of this.workers) worker.terminate();
  }
}

export { BROKEN };
