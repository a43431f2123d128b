// What Python's str.strip() takes away: not what trim() does, which knows the mark of byte order but no next line.
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, "g");

export const strip = (text) => text.replace(ENDS, "");
