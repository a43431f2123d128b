// Checks ballots of one survey against its frozen public part (surveys/ballots/casting.py).
import { verify } from "../blindrsa.js";
import { toB64 } from "../bytes.js";
import { BALLOT_HEAD } from "./bundle.js";
import { Messages } from "./credentials.js";
import { fromB64 } from "./encoding.js";
import { Fault } from "./fault.js";
import { formHash } from "./forms.js";
import { Layout } from "./sealing.js";
import { ready, signatureHolds } from "./sodium.js";

const MODULUS = 256;
const PSS = { name: "RSA-PSS", hash: "SHA-384" };
const SALTED = { name: "RSA-PSS", saltLength: 48 };
export const BAD_MODULUS = "计票包所列的票种公钥不是2048位的签名公钥，请封存计票包并查明原因。";

function modulus(bytes) {
  if (bytes.length !== MODULUS || bytes[0] < 0x80 || bytes[MODULUS - 1] % 2 === 0) throw new Fault(BAD_MODULUS);
  return bytes;
}

/** The browser's own check is ten times as fast as ours; a page that came over plain http does not have it. */
async function issuerKey(bytes) {
  const { subtle } = globalThis.crypto;
  if (!subtle) return { holds: (message, signature) => verify(bytes, message, signature) };
  const jwk = { kty: "RSA", n: toB64(bytes), e: "AQAB" };
  const key = await subtle.importKey("jwk", jwk, PSS, false, ["verify"]);
  return { holds: (message, signature) => subtle.verify(SALTED, key, signature, message) };
}

export class Checker {
  /** Throws Fault for keys that cannot be an issuer's. */
  static async of(publicPart) {
    await ready();
    const checker = new Checker();
    checker.layout = Layout.of(publicPart.form);
    checker.keyIds = publicPart.keys.map((key) => key.id);
    checker.recordSize = BALLOT_HEAD + checker.layout.sealedLength;
    checker.messages = new Messages(
      publicPart.survey,
      formHash(publicPart),
      checker.keyIds,
      checker.layout.sealedLength,
    );
    checker.keys = await Promise.all(publicPart.keys.map((key) => issuerKey(modulus(fromB64(key.n)))));
    return checker;
  }

  /** Whether the issuers' signatures under the credentials of some ballots hold, in the ballots' order. */
  credentialsHold(casts) {
    return Promise.all(casts.map((cast) => this.credentialHolds(cast)));
  }

  credentialHolds(cast) {
    if (cast.place >= this.keys.length) return false;
    const message = this.messages.credential(cast.place, cast.prefix, cast.credential);
    return this.keys[cast.place].holds(message, cast.sig);
  }

  /** Whether the credential signed the ballot. */
  ballotHolds(cast) {
    return signatureHolds(cast.credential, this.messages.ballot(cast.credential, cast.seq, cast.sealed), cast.edsig);
  }
}
