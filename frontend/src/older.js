// What the libraries expect of a browser and browsers before 2022 do not have. Imported before everything else, since
// they use it while they load.
if (typeof Object.hasOwn !== "function") {
  const hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  Object.defineProperty(Object, "hasOwn", { value: hasOwn, configurable: true, writable: true });
}
