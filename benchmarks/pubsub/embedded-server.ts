import { type AddressInfo, createServer } from 'node:net';
import { AdjustableClock } from '../../local-cloud/clock.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { projectResource } from '../../local-cloud/iam/resource-names.ts';
import { ServiceAccounts } from '../../local-cloud/iam/service-accounts.ts';
import { Broker } from '../../local-cloud/pubsub/broker/broker.ts';
import { createPubsubServer } from '../../local-cloud/pubsub/create-pubsub-server.ts';
import { releaseMemory } from '../../local-cloud/release-memory.ts';
import { AccessTokens } from '../../local-cloud/tokens/access-tokens.ts';
import { bearerAuthentication } from '../../local-cloud/tokens/bearer-authentication.ts';

/** What the process tells whoever started it. */
export interface EmbeddedAddress {
  port: number;
  token: string;
  project: string;
}

const project = 'demo-project';
const principal = 'user:developer@example.com';

// Nothing is left out: each call's token is looked up, IAM asked by its policies, each decision recorded.
const clock = new AdjustableClock();
const iam = new Iam({ clock });
const accounts = new ServiceAccounts({ clock, policies: iam.policies });
iam.useAccounts(accounts);
iam.policies.addBinding(projectResource(project), 'roles/pubsub.editor', principal);
const tokens = new AccessTokens(clock);
const pubsub = createPubsubServer({
  broker: new Broker({ clock }),
  clock,
  access: iam,
  policies: iam.policies,
  authenticate: bearerAuthentication({
    tokens: { details: (token) => tokens.details(token) },
    accounts,
    notify: (sentence) => process.stderr.write(`${sentence}\n`),
  }),
});
const server = createServer({ noDelay: true }, (socket) => pubsub.accept(socket));
server.listen(0, '127.0.0.1', () => {
  releaseMemory();
  const { port } = server.address() as AddressInfo;
  const address: EmbeddedAddress = { port, token: tokens.issue(principal).token, project };
  process.send?.(address);
});
// Whoever started this one is gone.
process.on('disconnect', () => process.exit());
