// What a worker does when it is asked: a name, and what is called with what was given.
import * as desk from "./desk.js";
import * as keyed from "./keyed.js";
import * as keyfile from "./keyfile.js";
import { look } from "./look.js";

export const calls = {
  ...keyed,
  lock: keyfile.lock,
  unlock: keyfile.unlock,
  look,
  sitDown: desk.sitDown,
  countRange: desk.countRange,
  countPaper: desk.countPaper,
  standUp: desk.standUp,
};
