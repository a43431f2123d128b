// What this browser can do, tried and not guessed from its name.

const EMPTY_MODULE = [0, 97, 115, 109, 1, 0, 0, 0];
const PATIENCE = 5000;
/** On two cores of an office computer. The page's policy allows WebAssembly only where the kernel is 97 or newer. */
const SLOW =
  "改用较慢的方式，结果相同，计票约每20张选票用1秒。" +
  "选票多的，请换用内核为97或更新版本的 Edge 或360浏览器（极速模式），计票快数倍。";

function hasRandom() {
  try {
    return crypto.getRandomValues(new Uint8Array(32)).some((byte) => byte);
  } catch (problem) {
    return false;
  }
}

function hasWebAssembly() {
  try {
    return new WebAssembly.Module(new Uint8Array(EMPTY_MODULE)) instanceof WebAssembly.Module;
  } catch (problem) {
    return false;
  }
}

function startsWorkers() {
  return new Promise((tell) => {
    let worker;
    let address;
    const end = (starts) => {
      if (worker) worker.terminate();
      URL.revokeObjectURL(address);
      tell(starts);
    };
    try {
      address = URL.createObjectURL(new Blob(["postMessage(0)"], { type: "text/javascript" }));
      worker = new Worker(address);
      worker.onmessage = () => end(true);
      worker.onerror = () => end(false);
      setTimeout(() => end(false), PATIENCE);
    } catch (problem) {
      end(false);
    }
  });
}

/** Each with what its absence means; `needed`: nothing works without it. */
export async function abilities() {
  return [
    { name: "安全随机数", has: hasRandom(), needed: true, otherwise: "不能生成密钥。" },
    { name: "大整数运算", has: typeof BigInt === "function", needed: true, otherwise: "不能核对选票的签名。" },
    { name: "后台计算", has: await startsWorkers(), needed: true, otherwise: "不能计票。" },
    { name: "快速计算（WebAssembly）", has: hasWebAssembly(), needed: false, otherwise: SLOW },
    {
      name: "浏览器自带的签名核对",
      has: window.isSecureContext === true && Boolean(crypto.subtle),
      needed: false,
      otherwise: "改用较慢的方式，结果相同，核对签名的时间延长。",
    },
  ];
}
