// What a worker does when it is asked: a name, and what is called with what was given.
import * as desk from "./desk.js";
import * as keyfile from "./keyfile.js";

export const calls = {
  lock: keyfile.lock,
  unlock: keyfile.unlock,
  sitDown: desk.sitDown,
  countRange: desk.countRange,
  standUp: desk.standUp,
};
