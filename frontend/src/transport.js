// The secret ballot: a blind signature on arrival, a sealed ballot at the end.
import nacl from "tweetnacl";
import { fromB64, toB64 } from "./bytes.js";
import { blind, finalize, PREFIX, prepare } from "./blindrsa.js";
import { formHash } from "./canonical.js";
import { ballotMessage, bindingOf, credentialMessage, receiptMessage, trackerOf } from "./credential.js";
import { postJson, Refusal } from "./http.js";
import { randomBytes, randomStart, randomStep } from "./random.js";
import { seal, write } from "./sealing.js";

/** seq starts anywhere and grows by steps that are nothing beside it: no number says whether it was the first. */
const STEP = 65536;
export const nextSeq = (seq) => (seq ? seq + randomStep(STEP) : randomStart());

/** How often a window that cannot see the others' seq tries to come after them. */
const TRIES = 4;
const DISHONEST = "服务器的答复无法通过验证，没有提交任何内容。请保留凭条，向现场工作人员或纪检监察机关反映。";

const breath = () => new Promise((done) => setTimeout(done));

export class SealedTransport {
  constructor(page, slip, record) {
    this.page = page;
    this.public = page.public;
    this.slip = slip;
    this.record = record;
    this.mayChange = Boolean(page.allow_revote);
  }

  /** Exchanges the code for a signature on a credential the server never sees; may be repeated. */
  arrive() {
    if (this.record.state.sig) return Promise.resolve();
    if (!this.arriving) {
      const done = () => {
        this.arriving = null;
      };
      this.arriving = this.record.alone(() => this.redeem());
      this.arriving.then(done, done);
    }
    return this.arriving;
  }

  async redeem() {
    this.record.refresh();
    if (this.record.state.sig) return;
    const key = this.public.keys.find((each) => each.id === this.slip.key);
    if (!this.record.state.blinded) await this.makeCredential(fromB64(key.n));
    const { state } = this.record;
    if (state.sig) return;
    const answer = await postJson(this.page.redeem_url, { key: this.slip.key, code: this.slip.code, blinded: state.blinded });
    try {
      state.sig = toB64(finalize(fromB64(key.n), fromB64(state.message), fromB64(answer.blind_sig), fromB64(state.inverse)));
    } catch (problem) {
      throw new Refusal("dishonest", DISHONEST);
    }
    this.record.forgetBlinding();
    this.record.save();
  }

  /**
   * Saved before it is sent: after a lost reply the very same value is sent again. In steps, so
   * that a slow phone takes the voter's first tap while it calculates. Another window that was
   * faster has made the credential of this slip.
   */
  async makeCredential(modulus) {
    const pair = nacl.sign.keyPair.fromSeed(randomBytes(32));
    await breath();
    const message = prepare(credentialMessage(this.public.survey, this.slip.key, pair.publicKey));
    const { blinded, inverse } = blind(modulus, message);
    await breath();
    this.record.refresh();
    const { state } = this.record;
    if (state.secret) return;
    Object.assign(state, { secret: toB64(pair.secretKey), message: toB64(message), blinded: toB64(blinded), inverse: toB64(inverse) });
    this.record.save();
  }

  async cast(content) {
    await this.arrive();
    return this.record.alone(() => this.putIn(content));
  }

  /** The last window to hand in decides: seq goes on from what the others have used, as far as that is known here. */
  async putIn(content, tries = TRIES) {
    this.record.refresh();
    const { state } = this.record;
    const text = JSON.stringify(content);
    if (!state.pending || state.pending.text !== text || state.pending.body.seq < state.seq) {
      state.pending = { text, body: this.seal(content) };
      this.record.save();
    }
    const { body } = state.pending;
    const credential = fromB64(body.credential);
    let answer;
    try {
      answer = await postJson(this.page.cast_url, body);
    } catch (problem) {
      if (problem.code !== "stale") throw problem;
      state.pending = undefined;
      state.seq += STEP;
      if (tries > 1) return this.putIn(content, tries - 1);
      throw problem;
    }
    this.checkReceipt(answer, trackerOf(credential));
    return { tracker: answer.tracker, receipt: answer.receipt };
  }

  seal(content) {
    const { state } = this.record;
    const { survey } = this.public;
    const secret = fromB64(state.secret);
    const credential = secret.slice(32);
    state.seq = nextSeq(state.seq);
    const inside = bindingOf(survey, formHash(this.public), credential, state.seq);
    const sealed = seal(write(this.public.form, inside, content), fromB64(this.public.tally_key));
    return {
      key: this.slip.key,
      prefix: toB64(fromB64(state.message).slice(0, PREFIX)),
      credential: toB64(credential),
      sig: state.sig,
      seq: state.seq,
      sealed: toB64(sealed),
      edsig: toB64(nacl.sign.detached(ballotMessage(survey, credential, state.seq, sealed), secret)),
    };
  }

  checkReceipt(answer, tracker) {
    let holds = false;
    try {
      holds = answer.tracker === tracker && nacl.sign.detached.verify(receiptMessage(this.public.survey, tracker), fromB64(answer.receipt), fromB64(this.public.box_key));
    } catch (problem) {
      holds = false;
    }
    if (!holds) throw new Refusal("dishonest", "票箱的回执无法通过验证，不能确认评价已入箱。内容保存在本机，请重试；仍不成功的，请保留凭条向纪检监察机关反映。");
  }
}
