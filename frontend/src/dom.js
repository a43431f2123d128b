// Elements by the DOM API only: text is always text, never markup.

/** Array.prototype.flat for browsers that have BigInt and not yet that. */
const flat = (items) => items.reduce((all, item) => all.concat(Array.isArray(item) ? flat(item) : [item]), []);

export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") node[name] = value;
    else node.setAttribute(name === "class" ? "class" : name, value === true ? "" : String(value));
  }
  for (const child of flat(children)) {
    if (child === undefined || child === null || child === false) continue;
    node.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function button(label, onclick, kind = "plain") {
  return el("button", { type: "button", class: `v-button v-${kind}`, onclick }, label);
}

/** replaceChildren for web views that do not have it yet. */
export function refill(node, ...children) {
  node.textContent = "";
  children.forEach((child) => node.appendChild(child));
}

/** Into the clipboard, also on plain http, where browsers have no other way; whether it worked. */
export function copy(text) {
  const node = el("textarea", { value: text, readonly: true });
  document.body.appendChild(node);
  node.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch (problem) {
    done = false;
  }
  node.remove();
  return done;
}
