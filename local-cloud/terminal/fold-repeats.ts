/** A client that repeats a call for half a minute causes the same notice each time. */
const foldedForMs = 60_000;

/**
 * Passes a sentence on unless it is the same as the one before and follows it within a minute.
 *
 * @param now milliseconds, of any clock that does not go back
 */
export function foldRepeats(say: (sentence: string) => void, now: () => number) {
  let last = '';
  let lastMs = Number.NEGATIVE_INFINITY;
  return (sentence: string): void => {
    const isRepeated = sentence === last && now() - lastMs < foldedForMs;
    last = sentence;
    lastMs = now();
    if (!isRepeated) say(sentence);
  };
}
