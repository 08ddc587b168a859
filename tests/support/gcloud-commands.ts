/**
 * The gcloud commands in a Markdown page, a shell script or a workflow: one line each, with variables
 * and nested commands replaced by a word, as gcloud's own linter wants them. In Markdown, only what
 * stands in code counts.
 */
export function gcloudCommands(text: string, isMarkdown: boolean): string[] {
  const code = isMarkdown ? markdownCode(text) : text;
  const lines = code
    .replaceAll(/\s*\\\r?\n\s*/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line));
  return lines.flatMap((line) =>
    [...line.matchAll(start)].map(({ 0: found, index }) =>
      plain(`gcloud ${upToTheEnd(line.slice(index + found.length))}`),
    ),
  );
}

/** `npm run gcloud -- [--as SERVICE]` runs the same gcloud. */
const start = /(?:^|[\s"'(`$])gcloud (?:-- (?:--as \w+ )?)?(?=[a-z])/g;

/** Blocks of a shell, and spans. Blocks in other languages show output or code. */
function markdownCode(text: string): string {
  const blocks: string[] = [];
  const prose = text.replaceAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm, (_all, language, content) => {
    if (/^(?:sh|bash|shell|console|)$/.test(language)) blocks.push(content);
    return '';
  });
  const spans = [...prose.matchAll(/`(gcloud [^`]*)`/g)].map(([, span]) => String(span));
  return [...blocks, ...spans].join('\n');
}

/** Where the shell would see the end of the command. */
function upToTheEnd(text: string): string {
  let quote = '';
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && depth-- === 0) return text.slice(0, index);
    else if (depth === 0 && /[;|&`<>]|\s#/.test(character)) return text.slice(0, index);
  }
  return text;
}

function plain(command: string): string {
  return command.replaceAll(/\$\([^)]*\)|\$\{[^}]*\}|\$[A-Za-z_]\w*/g, 'x1').trim();
}
