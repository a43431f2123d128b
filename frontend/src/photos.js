// Photos of the persons on the ballot: all in one file at the first tap, so that the request says nothing of whose.
import { sha256 } from "@noble/hashes/sha2.js";
import { fromB64, fromUtf8, toHex, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { button, el, refill } from "./dom.js";
import { getBytes, Refusal } from "./http.js";

const FOREIGN = "照片与评价表不符，没有显示。不影响填写。";

/** The photo that the frozen form means; null where somebody's was withdrawn since. */
export function pick(form, pack, person) {
  if (toHex(sha256(utf8(`sanliang/photos/1|${canonical(pack.digests)}`))) !== form.photos.digest) throw new Refusal("foreign", FOREIGN);
  if (!pack.photos[person]) return null;
  const photo = fromB64(pack.photos[person]);
  if (toHex(sha256(photo)) !== pack.digests[person]) throw new Refusal("foreign", FOREIGN);
  return photo;
}

/** Fetched once for a page; what failed is asked for again at the next tap. */
function packOf(app, form) {
  if (app.photos && app.photos.digest === form.photos.digest) return app.photos.pack;
  const pack = getBytes(`/v/photos/${form.photos.digest}.json`).then((bytes) => JSON.parse(fromUtf8(bytes)));
  app.photos = { digest: form.photos.digest, pack };
  pack.catch(() => {
    app.photos = null;
  });
  return pack;
}

/** Drawn, not loaded: the page's content policy allows no image but the site's own files. */
async function drawn(photo, name) {
  const picture = await createImageBitmap(new Blob([photo], { type: "image/jpeg" }));
  const canvas = el("canvas", { width: picture.width, height: picture.height, role: "img", "aria-label": `${name}的照片` });
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas;
}

/** Whether this browser can show the photos of this form at all. */
export const canShow = (form) => Boolean(form.photos) && typeof createImageBitmap === "function";

/** A button that shows the photo beneath the name, and hides it again. */
export function photoOf(app, person) {
  const { form } = app.page.public;
  if (!person.photo || !canShow(form)) return null;
  const slot = el("div", { class: "v-photo", role: "status" });
  const node = button("看照片", async () => {
    const open = node.getAttribute("aria-expanded") === "true";
    node.setAttribute("aria-expanded", String(!open));
    if (open) return refill(slot);
    refill(slot, document.createTextNode("正在取照片"));
    let shown;
    try {
      const photo = pick(form, await packOf(app, form), person.id);
      shown = photo ? await drawn(photo, person.name) : document.createTextNode("照片已撤下。");
    } catch (problem) {
      shown = document.createTextNode(problem instanceof Refusal ? problem.message : FOREIGN);
    }
    if (node.getAttribute("aria-expanded") === "true") refill(slot, shown);
    return undefined;
  }, "look");
  node.setAttribute("aria-label", `看照片：${person.name}`);
  node.setAttribute("aria-expanded", "false");
  return [node, slot];
}
