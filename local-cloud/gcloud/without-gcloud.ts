import { shellQuote } from '../shell-quote.ts';
import type { State } from '../state-file.ts';
import { type RestRequest, restRequestFor } from './rest-request.ts';

const howToGetIt =
  'gcloud is not on the PATH; https://cloud.google.com/sdk/docs/install tells how to get it.';

/** For a machine without gcloud: how to get it, and the commands with curl that do the same. */
export function withoutGcloud(
  args: readonly string[],
  principal: string | undefined,
  state: State,
): string {
  const request = restRequestFor(args, state);
  // For all others: at least how to call an API.
  const url = `https://pubsub.googleapis.com/v1/projects/${state.project}/topics`;
  const [sentence, commands] = request
    ? ["Until then, this does the same in the project's folder:", commandsFor(request)]
    : [
        "Until then, call the APIs with curl in the project's folder, for example:",
        commandsFor({ kind: 'call', method: 'GET', url }),
      ];
  return [
    `${howToGetIt} ${sentence}`,
    '',
    'eval "$(npm run -s env)"',
    `AUTHORIZATION="Authorization: Bearer ${tokenOf(principal, state)}"`,
    ...commands,
    '',
  ].join('\n');
}

/** A shell's word for the access token. */
function tokenOf(principal: string | undefined, { control }: State): string {
  if (principal === undefined) return '$(cat .local-cloud/access-token)';
  const key = `$(node -p 'JSON.parse(fs.readFileSync(".local-cloud/state.json")).control.key')`;
  const body = shellQuote(JSON.stringify({ principal }));
  return `$(curl -s ${control.url}/api/tokens -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' -d ${body} | node -p 'JSON.parse(fs.readFileSync(0)).accessToken')`;
}

function commandsFor(request: RestRequest): string[] {
  return request.kind === 'call' ? [callCommand(request)] : bindingCommands(request);
}

function callCommand({ method, url, body }: Extract<RestRequest, { kind: 'call' }>): string {
  const data =
    body === undefined
      ? ''
      : ` -H 'Content-Type: application/json' -d ${shellQuote(JSON.stringify(body))}`;
  return `curl -s -X ${method} -H "$AUTHORIZATION"${data} ${shellQuote(url)}`;
}

/** The etag travels with the policy, so that a change of somebody else in between is not lost. */
function bindingCommands(request: Extract<RestRequest, { kind: 'binding' }>): string[] {
  const { url, read, change } = request;
  // Conditions are only shown to those who ask for version 3.
  const asked =
    read === 'GET'
      ? shellQuote(`${url}:getIamPolicy?options.requestedPolicyVersion=3`)
      : `-H 'Content-Type: application/json' -d '{"options":{"requestedPolicyVersion":3}}' ${shellQuote(`${url}:getIamPolicy`)}`;
  // A binding with a condition is another one.
  const edit =
    change === 'add'
      ? '(policy.bindings ??= []).push({ role, members: [member] })'
      : 'for (const binding of policy.bindings ?? []) if (binding.role === role && !binding.condition) binding.members = binding.members.filter((other) => other !== member)';
  const program = `const [text, role, member] = process.argv.slice(1); const policy = JSON.parse(text); ${edit}; JSON.stringify({ policy: { ...policy, version: 3 } })`;
  return [
    `POLICY=$(curl -s --fail-with-body -X ${read} -H "$AUTHORIZATION" ${asked}) &&`,
    `POLICY=$(node -p ${shellQuote(program)} "$POLICY" ${shellQuote(request.role)} ${shellQuote(request.member)}) &&`,
    `curl -s -X POST -H "$AUTHORIZATION" -H 'Content-Type: application/json' -d "$POLICY" ${shellQuote(`${url}:setIamPolicy`)} || echo "$POLICY"`,
  ];
}
