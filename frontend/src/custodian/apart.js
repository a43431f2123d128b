// One call in a worker that is ended afterwards: with it go 256 MiB of Argon2id and what lay in them.
import { Fault } from "./fault.js";

const REFUSED = "浏览器不允许本页使用后台计算，请换用新版的 Edge、360（极速模式）或火狐浏览器。";
const BROKEN = "后台计算中断，密钥文件没有改动。请关闭其他程序后重试。";

/** `script`: the address (of a Blob) of the script that calls `serve`; `call`: a name in calls.js. */
export function apart(script, call, ...given) {
  return new Promise((resolve, reject) => {
    let worker;
    try {
      worker = new Worker(script);
    } catch (error) {
      reject(new Fault(REFUSED));
      return;
    }
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if ("value" in data) resolve(data.value);
      else reject(new Fault(data.fault || BROKEN));
    };
    worker.onerror = () => {
      worker.terminate();
      reject(new Fault(BROKEN));
    };
    worker.postMessage({ call, given });
  });
}
