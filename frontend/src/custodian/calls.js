// What a worker does when it is asked: a name, and what is called with what was given.
import * as desk from "./desk.js";
import * as keyfile from "./keyfile.js";
import { look } from "./look.js";

export const calls = {
  lock: keyfile.lock,
  unlock: keyfile.unlock,
  look,
  sitDown: desk.sitDown,
  countRange: desk.countRange,
  standUp: desk.standUp,
};
