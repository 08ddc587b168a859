import { createInterface } from 'node:readline/promises';

/** Asks a person at a terminal. @returns what they typed; nothing if they left with Ctrl-C or Ctrl-D */
export async function ask(
  question: string,
  streams: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
): Promise<string> {
  const terminal = createInterface({ ...streams, terminal: true });
  try {
    return await terminal.question(question);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    streams.output.write('\n');
    return '';
  } finally {
    terminal.close();
  }
}
