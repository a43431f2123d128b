// What the secrecy of the ballot needs from a browser, in words a voter can pass on.
export function lacking(scope) {
  const missing = [];
  if (typeof scope.BigInt !== "function") missing.push("大数运算");
  if (!scope.crypto || typeof scope.crypto.getRandomValues !== "function") missing.push("安全随机数");
  if (typeof scope.fetch !== "function" || typeof scope.TextEncoder !== "function") missing.push("网络请求");
  return missing;
}
