// Messages and signatures, each beginning with a name of its own, as surveys/ballots/credentials.py writes them.
import { concat, toHex, utf8 } from "../bytes.js";
import { sha256, signatureHolds } from "./sodium.js";

export { ballotMessage, credentialMessage, trackerOf as tracker } from "../credential.js";

const HEX = utf8("0123456789abcdef");
const MOST_DIGITS = 20; // of a number of 64 bits

const manifestMessage = (survey, manifest) => concat(utf8(`sanliang/manifest/1|${survey}|`), sha256(manifest));

export const manifestHolds = (boxKey, survey, manifest, signature) =>
  signatureHolds(boxKey, manifestMessage(survey, manifest), signature);

function writeHex(target, at, bytes) {
  for (let i = 0; i < bytes.length; i += 1) {
    target[at + 2 * i] = HEX[bytes[i] >>> 4];
    target[at + 2 * i + 1] = HEX[bytes[i] & 15];
  }
}

function writeDigits(target, at, digits) {
  for (let i = 0; i < digits.length; i += 1) target[at + i] = digits.charCodeAt(i);
  return at + digits.length;
}

/**
 * The messages of one ballot after the other, each written over the last: a hundred thousand ballots leave nothing
 * behind. What `credential`, `ballot` and `binding` return is good until they are called again. `seq` comes as digits.
 */
export class Messages {
  constructor(survey, formHash, keyIds, sealedLength) {
    this.credentials = keyIds.map((keyId) => {
      const text = utf8(`sanliang/credential/1|${survey}|${keyId}|`);
      return concat(new Uint8Array(32), text, new Uint8Array(64));
    });
    this.ballotHead = utf8(`sanliang/ballot/1|${survey}|`);
    this.ballotText = concat(this.ballotHead, new Uint8Array(64 + 1 + MOST_DIGITS + 1 + sealedLength));
    this.insideHead = utf8(`sanliang/inside/1|${survey}|${toHex(formHash)}|`);
    this.insideText = concat(this.insideHead, new Uint8Array(64 + 1 + MOST_DIGITS));
  }

  /** Prefix and message, as the issuer of the key signed them blindly. */
  credential(place, prefix, credential) {
    const text = this.credentials[place];
    text.set(prefix);
    writeHex(text, text.length - 64, credential);
    return text;
  }

  ballot(credential, seq, sealed) {
    const text = this.ballotText;
    const at = this.numbered(text, this.ballotHead.length, credential, seq);
    text[at] = BAR;
    text.set(sealed, at + 1);
    return text.subarray(0, at + 1 + sealed.length);
  }

  binding(credential, seq) {
    const end = this.numbered(this.insideText, this.insideHead.length, credential, seq);
    return sha256(this.insideText.subarray(0, end));
  }

  numbered(text, at, credential, seq) {
    writeHex(text, at, credential);
    text[at + 64] = BAR;
    return writeDigits(text, at + 65, seq);
  }
}

const BAR = 0x7c;
