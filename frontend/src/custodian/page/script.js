/** The page's own text: a file opened from a disk can start workers from nothing else. */
const script = typeof document === "undefined" ? "" : document.currentScript.textContent;
let address = "";

/** Where workers find the script. */
export function workerAddress() {
  if (!address) address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return address;
}
