/** So many characters of a token in a row are a leak. */
const shortestLeak = 12;

/** Remembers every token that was sent, and finds pieces of them where none may be. */
export class Leaks {
  readonly #pieces = new Set<string>();

  /** Takes note of a token: of every piece of each part of it. */
  sent(token: string): void {
    for (const part of token.split(/[^\w+/=-]+/)) {
      for (let at = 0; at + shortestLeak <= part.length; at += 1) {
        this.#pieces.add(part.slice(at, at + shortestLeak));
      }
    }
  }

  /** The first piece of a token in a text; `undefined` if there is none. */
  findIn(text: string): string | undefined {
    for (let at = 0; at + shortestLeak <= text.length; at += 1) {
      const piece = text.slice(at, at + shortestLeak);
      if (this.#pieces.has(piece)) return piece;
    }
    return undefined;
  }
}
