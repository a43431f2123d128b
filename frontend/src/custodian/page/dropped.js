// A file dropped beside its field would be opened in place of this page, and a key that is not yet saved be lost.
export function keepDropped() {
  const keep = (event) => {
    if (event.target instanceof Element && event.target.matches('input[type="file"]')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, keep));
}
