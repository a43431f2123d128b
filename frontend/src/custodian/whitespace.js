// What Python's str.strip() takes away: not what trim() does, which knows the mark of byte order but no next line.
const BLANK = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Walked in from both ends: a pattern for the end would be tried at each of ten thousand blanks inside. */
export function strip(text) {
  let [start, end] = [0, text.length];
  while (start < end && BLANK.test(text[start])) start += 1;
  while (end > start && BLANK.test(text[end - 1])) end -= 1;
  return text.slice(start, end);
}
