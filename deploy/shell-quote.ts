/** Beyond this, a command is printed with a line per flag. */
const lineWidth = 100;

/**
 * One argument for a POSIX shell: quoted only where that is needed, so that it stays readable. The
 * shell fills in `${NAME}` for the given `variables`, and nothing else.
 */
export function shellQuote(argument: string, variables: readonly string[] = []): string {
  const [, flag, value = ''] = /^(--[\w-]+=)([\s\S]+)$/.exec(argument) ?? [];
  if (flag) return flag + shellQuote(value, variables);
  const references = variables.map((name) => `\${${name}}`);
  if (references.some((reference) => argument.includes(reference))) {
    const escaped = argument.replace(/["\\`]|\$\{\w+\}|\$/g, (part) =>
      references.includes(part) ? part : `\\${part}`,
    );
    return `"${escaped}"`;
  }
  if (/^[\w@%+:,./=-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** A whole command, ready to be copied into a shell. */
export function shellCommand(
  command: readonly string[],
  variables: readonly string[] = [],
): string {
  const words = command.map((word) => shellQuote(word, variables));
  const line = words.join(' ');
  if (line.length <= lineWidth) return line;
  return words.map((word) => (word.startsWith('--') ? `\\\n  ${word}` : word)).join(' ');
}

/** A command whose lines, but for the first, stand further to the right. What is quoted keeps its lines. */
export function indented(command: string, indent: string): string {
  return command.replaceAll(' \\\n  ', ` \\\n  ${indent}`);
}
