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
      this.arriving = this.redeem().finally(() => {
        this.arriving = null;
      });
    }
    return this.arriving;
  }

  async redeem() {
    const { state } = this.record;
    const key = this.public.keys.find((each) => each.id === this.slip.key);
    if (!state.blinded) await this.makeCredential(fromB64(key.n));
    const answer = await postJson(this.page.redeem_url, { key: this.slip.key, code: this.slip.code, blinded: state.blinded });
    try {
      state.sig = toB64(finalize(fromB64(key.n), fromB64(state.message), fromB64(answer.blind_sig), fromB64(state.inverse)));
    } catch (problem) {
      throw new Refusal("dishonest", DISHONEST);
    }
    delete state.inverse;
    delete state.blinded;
    this.record.save();
  }

  /**
   * Saved before it is sent: after a lost reply the very same value is sent again. In steps, so
   * that a slow phone takes the voter's first tap while it calculates.
   */
  async makeCredential(modulus) {
    const { state } = this.record;
    const pair = nacl.sign.keyPair.fromSeed(randomBytes(32));
    await breath();
    const message = prepare(credentialMessage(this.public.survey, this.slip.key, pair.publicKey));
    const { blinded, inverse } = blind(modulus, message);
    await breath();
    Object.assign(state, { secret: toB64(pair.secretKey), message: toB64(message), blinded: toB64(blinded), inverse: toB64(inverse) });
    this.record.save();
  }

  async cast(content) {
    await this.arrive();
    const { state } = this.record;
    const text = JSON.stringify(content);
    if (!state.pending || state.pending.text !== text) {
      state.pending = { text, body: this.seal(content) };
      this.record.save();
    }
    const { body } = state.pending;
    const credential = fromB64(body.credential);
    const answer = await postJson(this.page.cast_url, body);
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
