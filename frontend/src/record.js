// What this phone keeps for one slip: the draft, the credential, the receipt. It is stored under
// a hash of the code and encrypted with another one, so on a shared tablet only the holder of
// the slip can read it.
import { sha256 } from "@noble/hashes/sha2.js";
import nacl from "tweetnacl";
import { concat, fromB64, fromUtf8, toB64, toHex, utf8 } from "./bytes.js";

const PREFIX = "sanliang.";
const EMPTY_DRAFT = () => ({ chosen: [], answers: {}, comments: {} });

export class Record {
  constructor(code, storage) {
    this.storage = storage;
    this.slot = PREFIX + toHex(sha256(utf8(`sanliang/slot/1|${code}`))).slice(0, 32);
    this.secret = sha256(utf8(`sanliang/local/1|${code}`));
    this.kept = true;
    this.state = this.read() || { draft: EMPTY_DRAFT() };
  }

  get draft() {
    return this.state.draft || (this.state.draft = EMPTY_DRAFT());
  }

  read() {
    try {
      const sealed = fromB64(this.storage.getItem(this.slot) || "");
      const opened = sealed.length > 24 && nacl.secretbox.open(sealed.slice(24), sealed.slice(0, 24), this.secret);
      return opened ? JSON.parse(fromUtf8(opened)) : null;
    } catch (problem) {
      return null;
    }
  }

  save() {
    if (this.wiped) return false;
    const nonce = nacl.randomBytes(24);
    const sealed = nacl.secretbox(utf8(JSON.stringify(this.state)), nonce, this.secret);
    try {
      this.storage.setItem(this.slot, toB64(concat(nonce, sealed)));
      this.kept = true;
    } catch (problem) {
      this.kept = false; // private browsing, or the storage is full
    }
    return this.kept;
  }

  /** After casting: answers and whatever else could betray them are gone, the receipt stays. */
  finish(cast) {
    this.state = { ...this.state, ...cast, draft: undefined, pending: undefined };
    this.save();
  }

  /** For good: an answer still under way must not bring anything back. */
  wipe() {
    this.wiped = true;
    this.state = { draft: EMPTY_DRAFT() };
    try {
      this.storage.removeItem(this.slot);
    } catch (problem) {
      this.kept = false;
    }
  }
}
