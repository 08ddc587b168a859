/**
 * Control characters (C0, DEL, C1: with them a request could write escape sequences to the
 * terminal) and the invisible characters that reorder or hide text.
 */
const unprintable =
  /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|\p{Cs}/gu;

/** A text from outside, safe to print in one line: `\u001b` is shown as `\u{1b}`, long ones are cut. */
export function printable(text: string, longest = 300): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replaceAll(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
