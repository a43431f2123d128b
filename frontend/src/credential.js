// What is signed: the texts of surveys/ballots/credentials.py, each beginning with its own name.
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, toHex, utf8 } from "./bytes.js";

export const credentialMessage = (survey, keyId, credential) => utf8(`sanliang/credential/1|${survey}|${keyId}|${toHex(credential)}`);

export const ballotMessage = (survey, credential, seq, sealed) =>
  concat(utf8(`sanliang/ballot/1|${survey}|${toHex(credential)}|${seq}|`), sealed);

export const trackerOf = (credential) => toHex(sha256(concat(utf8("sanliang/leaf/1|"), credential)));

export const bindingOf = (survey, formHash, credential, seq) =>
  sha256(utf8(`sanliang/inside/1|${survey}|${toHex(formHash)}|${toHex(credential)}|${seq}`));

export const receiptMessage = (survey, tracker) => utf8(`sanliang/receipt/1|${survey}|${tracker}`);
