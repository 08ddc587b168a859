import type { ResolvedTopology } from '../../deploy/topology.ts';
import { displayWidth, padEnd } from './display-width.ts';
import { type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';

export interface ReadyBoxOptions {
  /** Where each service is reached as the developer, by name: `http://localhost:8080`. */
  localUrls: Readonly<Record<string, string>>;
  /** Where the curl goes: the local URL of the service to try first. */
  tryUrl: string;
  /** Of the control API. */
  controlUrl: string;
}

/** What `npm start` prints when everything runs. */
export function readyBox(
  topology: ResolvedTopology,
  { localUrls, tryUrl, controlUrl }: ReadyBoxOptions,
  paint: Paint = plain,
): string {
  const facts: [string, string][] = [
    ['project', `${topology.project} (${topology.projectNumber})`],
    ['region', topology.region],
    ['you are', topology.deployer],
    ['control', controlUrl],
  ];
  const services = topology.services.map(({ name, url, serviceAccount, invokers }) => [
    title(name),
    row('url', url),
    row('runs as', serviceAccount),
    row('invokers', listed(invokers)),
    ...(localUrls[name] ? [row('as you', localUrls[name])] : []),
  ]);
  const topics = topology.topics.map(({ id, name, publishers }) => [
    title(`topic ${id}`),
    row('name', name),
    row('publishers', listed(publishers)),
  ]);
  const lines = [
    title('Ready. Nothing leaves this machine.'),
    ...facts.map(([label, value]) => row(label, value)),
    ...[...services, ...topics].flatMap((block) => [blank, ...block]),
  ];
  const { project, region } = topology;
  const curl = `curl -X POST ${tryUrl}/messages -H 'content-type: application/json' -d '{"text":"hello"}'`;
  const deploy = `eval "$(npm run -s env)"; npm run deploy -- --project ${project} --region ${region}`;
  const command = services.length > 0 ? curl : deploy;
  // The command stands below the box: inside, the frame would be copied with it.
  return [...framed(lines, paint), '', `Try:  ${paint('cyan', command)}`].join('\n');
}

interface Line {
  text: string;
  isTitle: boolean;
}

const blank: Line = { text: '', isTitle: false };

function title(text: string): Line {
  return { text: printable(text), isTitle: true };
}

function row(label: string, value: string): Line {
  return { text: `  ${padEnd(label, 12)}${printable(value)}`, isTitle: false };
}

function listed(members: readonly string[]): string {
  return members.length > 0 ? members.join(', ') : 'nobody';
}

/** Padded before it is coloured: escape sequences take no columns. */
function framed(lines: readonly Line[], paint: Paint): string[] {
  const width = Math.max(...lines.map(({ text }) => displayWidth(text)));
  const edge = '─'.repeat(width + 2);
  return [
    paint('dim', `╭${edge}╮`),
    ...lines.map(({ text, isTitle }) => {
      const padded = padEnd(text, width);
      return `${paint('dim', '│')} ${isTitle ? paint('bold', padded) : padded} ${paint('dim', '│')}`;
    }),
    paint('dim', `╰${edge}╯`),
  ];
}
