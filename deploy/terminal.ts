import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command reports what it does. */
export interface Terminal {
  print: (line: string) => void;
  /** Plain where the output is no terminal, or NO_COLOR is set. */
  paint: (style: Style, text: string) => string;
}

export function terminalOn(stream: NodeJS.WriteStream): Terminal {
  return {
    print: (line) => void stream.write(`${line}\n`),
    paint: (style, text) => styleText(style, text, { stream }),
  };
}
