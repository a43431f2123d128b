// Two ways for a ballot to travel; the form says which. The page above does not know the difference.
import { InterimTransport } from "./interim.js";

export function transportFor(page, slip, record) {
  if (page.ballot === "interim") return new InterimTransport(page, slip, record);
  throw new Error(`unknown kind of ballot: ${page.ballot}`);
}
