// Lets the tests of the other side call the custodian's modules: one JSON request a line, one answer a line.
// Bytes travel as {"b64": …}, files as {"path": …}; what is refused comes back as {"fault": …}.
import { openAsBlob } from "node:fs";
import { createInterface } from "node:readline";
import { ready } from "../../src/custodian/sodium.js";

async function given(value) {
  if (Array.isArray(value)) return Promise.all(value.map(given));
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value);
  if (names.length === 1 && names[0] === "b64") return new Uint8Array(Buffer.from(value.b64, "base64"));
  if (names.length === 1 && names[0] === "path") return openAsBlob(value.path);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await given(value[name])])));
}

function told(value) {
  if (value instanceof Uint8Array) return { b64: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(told);
  if (value instanceof Map) return told(Object.fromEntries(value));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, told(part)]));
}

await ready();
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    const module = await import(new URL(`../../src/custodian/${request.module}.js`, import.meta.url));
    answer = { value: told(await module[request.call](...(await given(request.args)))) };
  } catch (error) {
    answer = error.constructor.name === "Fault" ? { fault: error.message } : { broken: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
