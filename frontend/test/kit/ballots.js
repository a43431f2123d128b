// What tests/ballots/test_custodian_tally.py asks: several modules at once, and workers that are threads here.
import { Worker as Thread } from "node:worker_threads";
import { openBundle } from "../../src/custodian/bundle.js";
import { Checker } from "../../src/custodian/casting.js";
import { countBundle, countsText } from "../../src/custodian/counting.js";
import { Malformed } from "../../src/custodian/encoding.js";
import { Fault } from "../../src/custodian/fault.js";
import { allowed } from "../../src/custodian/marks.js";
import { opened } from "../../src/custodian/paper.js";
import { countInWorkers, lookInWorker } from "../../src/custodian/pool.js";
import { parse } from "../../src/custodian/python.js";
import { Layout } from "../../src/custodian/sealing.js";
import { holds, signed } from "../../src/custodian/signing.js";
import { ready } from "../../src/custodian/sodium.js";
import { finished, fittingKey, report } from "../../src/custodian/tally.js";

/** Of each plain text the reason why it is spoiled, or its cells and comments. */
export function read(publicPart, keyId, inside, plains) {
  const layout = Layout.of(publicPart.form);
  return plains.map((plain) => layout.readBallot(plain, inside, allowed(publicPart).get(keyId)));
}

const told = ({ grids, ...count }) => ({
  ...count,
  grids: new Map([...grids].map(([keyId, grid]) => [keyId, [...grid]])),
});

export async function count(blob, privateKey) {
  return told(await countBundle(await openBundle(blob), privateKey, { step: 7 }));
}

/** The text of the counts file, and the lines that a person sees. */
export async function tally(blob, privateKey, least) {
  await ready();
  const bundle = await openBundle(blob);
  fittingKey(bundle, privateKey);
  const sign = (counts) => signed(counts, privateKey, bundle.public);
  const counts = await finished(bundle, await countBundle(bundle, privateKey), sign, least);
  return { text: countsText(counts), lines: report(counts) };
}

export async function hold(texts, publicPart) {
  await ready();
  return texts.map((text) => {
    try {
      return holds(parse(text), publicPart);
    } catch (error) {
      if (error instanceof Malformed) return false; // half a character, which nobody signs
      throw error;
    }
  });
}

export async function sheets(blob, privateKey) {
  await ready();
  return opened(await openBundle(blob), privateKey);
}

/** Whether the issuer's signatures hold: as the browser says, and as our own arithmetic does. */
export async function credentials(publicPart, casts) {
  const browser = await (await Checker.of(publicPart)).credentialsHold(casts);
  Object.defineProperty(globalThis.crypto, "subtle", { value: undefined, configurable: true });
  try {
    return [browser, await (await Checker.of(publicPart)).credentialsHold(casts)];
  } finally {
    delete globalThis.crypto.subtle;
  }
}

/** A thread with the ways of a browser's worker; `left`: after so many answers it dies. */
class Threaded {
  constructor(script) {
    this.left = Number(new URL(script).searchParams.get("dies") || Infinity);
    this.thread = new Thread(new URL(script));
    Threaded.all.push(this);
    this.thread.on("message", (data) => {
      this.left -= 1;
      if (this.left >= 0) this.onmessage({ data });
      if (this.left === 0) this.thread.postMessage("die");
    });
    this.thread.on("error", (error) => this.onerror(error));
  }

  postMessage(data, moved) {
    this.thread.postMessage(data, moved);
  }

  terminate() {
    this.ended = this.thread.terminate();
  }
}

/** Counts in threads; `how.dies`: after so many answers, `how.cancelAt`: at so many ballots. */
export async function countInThreads(file, privateKey, how) {
  const blob = new Blob([await file.arrayBuffer()]); // Node hands no file on to a thread
  globalThis.Worker = Threaded;
  Threaded.all = [];
  const script = new URL(`thread.js${how.dies ? `?dies=${how.dies}` : ""}`, import.meta.url).href;
  const looked = how.looks && (await lookInWorker(blob, { script: new URL("thread.js", import.meta.url).href }));
  const controller = new AbortController();
  const steps = [];
  const progress = (done) => {
    steps.push(done);
    if (done >= how.cancelAt) controller.abort();
  };
  try {
    const bundle = await openBundle(blob);
    await bundle.faults();
    const { signal } = controller;
    const found = await countInWorkers(blob, bundle, privateKey, { script, workers: 2, progress, signal });
    return { ...told(found), steps, looked };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message, ended: await ended() };
    throw error;
  } finally {
    await ended();
  }
}

/** How many threads there were, once all have ended; hangs where one was left running. */
const ended = async () => (await Promise.all(Threaded.all.map((one) => one.ended))).length;
