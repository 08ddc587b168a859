import { styleText } from 'node:util';

/** Colours a text, or leaves it as it is. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** No colours. */
export const plain: Paint = (_format, text) => text;

/** Colours for a stream: none if it is no terminal, or if `NO_COLOR` is set (https://no-color.org). */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  // Asked once: the answer takes longer than the colouring.
  const isPlain = styleText('red', 'x', { stream }) === 'x';
  return isPlain ? plain : (format, text) => styleText(format, text, { validateStream: false });
}
