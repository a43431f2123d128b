// One call in a worker that is ended afterwards: with it go 256 MiB of Argon2id and what lay in them.
import { Fault } from "./fault.js";
import { Left } from "./left.js";

const REFUSED = "浏览器不允许本页使用后台计算，请换用新版的 Edge、360（极速模式）或火狐浏览器。";
const BROKEN = "后台计算中断，密钥文件没有改动。请关闭其他程序后重试。";

/**
 * `script`: the address (of a Blob) of the script that calls `serve`; `call`: a name in calls.js; `signal`: ends the
 * worker with the screen that wants it.
 */
export function apart(script, call, given, signal) {
  return new Promise((resolve, reject) => {
    if (signal && signal.aborted) {
      reject(new Left());
      return;
    }
    let worker;
    try {
      worker = new Worker(script);
    } catch (error) {
      reject(new Fault(REFUSED));
      return;
    }
    const leave = () => end(reject, new Left());
    const end = (tell, what) => {
      worker.terminate();
      if (signal) signal.removeEventListener("abort", leave);
      tell(what);
    };
    worker.onmessage = ({ data }) => {
      if ("value" in data) end(resolve, data.value);
      else end(reject, new Fault(data.fault || BROKEN));
    };
    worker.onerror = () => end(reject, new Fault(BROKEN));
    if (signal) signal.addEventListener("abort", leave);
    worker.postMessage({ call, given });
  });
}
