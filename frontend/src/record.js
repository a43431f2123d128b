// What this phone keeps for one slip, under a hash of the code and encrypted with another one.
//
// The credential lasts until the ballot is in the box. What was filled in lasts as long as the tab,
// so that nobody finds it on a shared tablet; on the voter's own phone (`own`) it lasts like the
// credential, and both outlive the casting, so that one may change one's mind.
import { sha256 } from "@noble/hashes/sha2.js";
import nacl from "tweetnacl";
import { concat, fromB64, fromUtf8, toB64, toHex, utf8 } from "./bytes.js";

const PREFIX = "sanliang.";
const EMPTY_DRAFT = () => ({ chosen: [], answers: {}, comments: {} });

/** The lasting part of a state, and what was filled in. */
function halves({ draft, pending, ...lasting }) {
  return [lasting, { draft, pending }];
}

export class Record {
  /** `storage` lasts; `passing` lasts as long as the tab. */
  constructor(code, storage, passing = storage) {
    this.storage = storage;
    this.passing = passing;
    this.slot = PREFIX + toHex(sha256(utf8(`sanliang/slot/1|${code}`))).slice(0, 32);
    this.secret = sha256(utf8(`sanliang/local/1|${code}`));
    this.kept = true;
    this.state = { ...this.read(storage, this.slot), ...this.read(passing, this.draftSlot) };
    if (!this.state.tracker) this.state.draft = this.draft;
  }

  get draftSlot() {
    return `${this.slot}.tab`;
  }

  get draft() {
    return this.state.draft || (this.state.draft = EMPTY_DRAFT());
  }

  /** Whether anything was filled in that is not in the box. */
  get unsent() {
    const { draft } = this.state;
    return Boolean(draft && (Object.keys(draft.answers).length || draft.chosen.length));
  }

  read(storage, slot) {
    try {
      const sealed = fromB64(storage.getItem(slot) || "");
      const opened = sealed.length > 24 && nacl.secretbox.open(sealed.slice(24), sealed.slice(0, 24), this.secret);
      return opened ? JSON.parse(fromUtf8(opened)) : null;
    } catch (problem) {
      return null;
    }
  }

  write(storage, slot, value) {
    if (!Object.values(value).some((part) => part !== undefined)) return storage.removeItem(slot);
    const nonce = nacl.randomBytes(24);
    return storage.setItem(slot, toB64(concat(nonce, nacl.secretbox(utf8(JSON.stringify(value)), nonce, this.secret))));
  }

  save() {
    if (this.wiped) return false;
    this.refresh();
    const [lasting, passing] = halves(this.state);
    try {
      this.write(this.storage, this.slot, this.state.own ? this.state : lasting);
      this.write(this.passing, this.draftSlot, this.state.own ? {} : passing);
      this.kept = true;
    } catch (problem) {
      this.kept = false; // private browsing, or the storage is full
    }
    return this.kept;
  }

  /** What another window of this slip did meanwhile: there is one credential, and its seq only grows. What this one knows stays. */
  refresh() {
    const stored = this.wiped ? null : this.read(this.storage, this.slot);
    if (!stored || !stored.secret) return;
    const [lasting] = halves(stored);
    const { state } = this;
    const same = state.secret === undefined || stored.secret === state.secret;
    const seq = Math.max(state.seq || 0, lasting.seq || 0) || undefined;
    this.state = same ? { ...lasting, ...state, seq } : { own: state.own, draft: state.draft, ...lasting };
    if (this.state.sig) this.forgetBlinding();
  }

  /** Once there is a signature, what blinded it has no further use. */
  forgetBlinding() {
    delete this.state.blinded;
    delete this.state.inverse;
  }

  /** One window after the other, where the browser can arrange that. */
  alone(work) {
    const locks = typeof navigator === "object" && navigator.locks;
    return locks ? locks.request(this.slot, work) : work();
  }

  /** After casting: on the voter's own phone the credential stays, elsewhere nothing but the receipt on the screen. */
  finish(cast) {
    const { draft, own } = this.state;
    const answers = own && draft && draft.keep ? draft : undefined;
    this.state = { ...this.state, ...cast, answers, draft: undefined, pending: undefined };
    if (own) return this.save();
    this.remove();
    this.state = { ...cast };
    return true;
  }

  /** What was filled in is gone; what the slip was exchanged for stays, so that it can still vote. */
  drop() {
    this.state = { ...this.state, answers: undefined, draft: undefined, pending: undefined };
    this.save();
  }

  /** For good: an answer still under way must not bring anything back. */
  wipe() {
    this.remove();
    this.state = { draft: EMPTY_DRAFT() };
  }

  remove() {
    this.wiped = true;
    try {
      this.storage.removeItem(this.slot);
      this.passing.removeItem(this.draftSlot);
    } catch (problem) {
      this.kept = false;
    }
  }
}
