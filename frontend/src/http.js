// Requests without cookies; a refusal carries the server's own Chinese sentence.
const PATIENCE = 30000;
/** A list of megabytes over a slow line. */
const MORE_PATIENCE = 300000;

export class Refusal extends Error {
  constructor(code, message, wait = 0) {
    super(message);
    this.code = code;
    this.wait = wait;
  }
}

const OFFLINE = "网络不通，没有收到服务器的答复。您填写的内容保存在本机，请稍后再试。";

const send = (url, options) => fetch(url, { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", ...options });

/** Sends a GET now; whoever asks for the same address next gets its answer (early.js). */
export function askEarly(url) {
  const answer = send(url, { method: "GET" });
  answer.catch(() => {}); // whoever asks for it hears of it
  window.sanliangEarly = { url, answer };
}

/** The answer that was asked for early, once and for this address only. */
function early(url) {
  const sent = window.sanliangEarly;
  if (!sent || sent.url !== url) return null;
  delete window.sanliangEarly;
  return sent.answer;
}

async function ask(url, options, { read = (response) => response.json(), patience = PATIENCE } = {}) {
  const abort = typeof AbortController === "function" ? new AbortController() : null;
  const timer = setTimeout(() => abort && abort.abort(), patience);
  let response;
  let body;
  try {
    const signal = abort ? abort.signal : undefined;
    response = await (early(url) || send(url, { signal, ...options }));
    body = await (response.ok ? read(response) : response.json());
  } catch (problem) {
    throw new Refusal("offline", OFFLINE);
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) {
    const wait = Number(response.headers.get("Retry-After")) || 0;
    throw new Refusal(String(body.error || "offline"), String(body.message || OFFLINE), wait);
  }
  return body;
}

export const getJson = (url) => ask(url, { method: "GET" });

/** A published file; asking twice takes it from the phone. */
export const getBytes = (url) =>
  ask(url, { method: "GET", cache: "default" }, { read: async (response) => new Uint8Array(await response.arrayBuffer()), patience: MORE_PATIENCE });

export const postJson = (url, value) =>
  ask(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
