// What Python's str.strip() takes away: not what trim() does, which knows the mark of byte order but no next line.
const BLANKS = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

export function strip(text) {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.has(text[start])) start += 1;
  while (end > start && BLANKS.has(text[end - 1])) end -= 1;
  return text.slice(start, end);
}
