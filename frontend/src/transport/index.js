// Two ways for a ballot to travel; the form says which. The page above does not know the difference.
import { InterimTransport } from "./interim.js";
import { SealedTransport } from "./sealed.js";

const KINDS = { interim: InterimTransport, sealed: SealedTransport };

export function transportFor(page, slip, record) {
  const Transport = KINDS[page.ballot];
  if (!Transport) throw new Error(`unknown kind of ballot: ${page.ballot}`);
  return new Transport(page, slip, record);
}
