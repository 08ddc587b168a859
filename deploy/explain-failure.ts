import { GcloudMissingError } from './gcloud.ts';

/** What a failure means, and what to do about it. */
export interface Explanation {
  meaning: string;
  remedy: string;
}

/** Where a command failed. */
export interface FailureContext {
  /** Of the gcloud command. */
  args: readonly string[];
  project: string;
  /** IAM member. */
  deployer: string;
}

/** The role that a deploying person needs for commands that begin with this word. */
const roles: Readonly<Record<string, string>> = {
  run: 'roles/run.admin',
  pubsub: 'roles/pubsub.admin',
  iam: 'roles/iam.serviceAccountAdmin',
  artifacts: 'roles/artifactregistry.admin',
  builds: 'roles/cloudbuild.builds.editor',
  services: 'roles/serviceusage.serviceUsageAdmin',
  projects: 'roles/browser',
};

type Rule = [pattern: RegExp, explain: (context: FailureContext) => Explanation];

/** The first that matches what gcloud said counts: the particular before the general. */
const rules: readonly Rule[] = [
  [
    /^Interrupted\.$/,
    () => ({
      meaning: 'You interrupted it.',
      remedy: 'Google may still finish what it had begun.',
    }),
  ],
  [
    /do not currently have an active account|does not have any valid credentials|Reauthentication|invalid_grant|problem refreshing|invalid authentication credentials|UNAUTHENTICATED/i,
    () => ({
      meaning: 'gcloud is not logged in, or its login has expired.',
      remedy: 'Log in: gcloud auth login',
    }),
  ],
  [
    /billing/i,
    ({ project }) => ({
      meaning: 'The project has no billing account, and these APIs ask for one.',
      remedy: `Link one: https://console.cloud.google.com/billing/linkedaccount?project=${project}`,
    }),
  ],
  [
    /has not been used in project|SERVICE_DISABLED|API \[?\S+\]? (?:is )?not enabled/i,
    () => ({
      meaning: 'An API is switched off in the project, or was switched on only a moment ago.',
      remedy:
        'Wait for a minute. If nothing has been deployed yet: npm run deploy enables what it needs.',
    }),
  ],
  [
    /constraints\/|org(?:anization)? policy|permitted customer/i,
    () => ({
      meaning: 'A policy of your organization forbids this.',
      remedy:
        'The message names the constraint. Ask the administrators of the organization for an exception, or deploy where it is allowed: a region, members of your own domain.',
    }),
  ],
  [
    /iam\.service[aA]ccounts\.actAs/,
    ({ args, project, deployer }) => {
      const flag = args.find((arg) => arg.startsWith('--service-account='));
      const account = flag?.slice(flag.indexOf('=') + 1) ?? 'ACCOUNT';
      return {
        meaning: `To let a service run as ${account}, you must be allowed to act as it.`,
        remedy: `Somebody who administers it runs: gcloud iam service-accounts add-iam-policy-binding ${account} --member=${deployer} --role=roles/iam.serviceAccountUser --project=${project}`,
      };
    },
  ],
  [
    /failed to start and listen|did not start|health check|startup probe/i,
    ({ args: [, , service, ...flags] }) => ({
      meaning:
        'The container ended, or did not answer its startup probe (/health/ready) in time. The revision before it, if any, still serves.',
      remedy: `Often a variable in deploy/topology.json is wrong. Its log tells: gcloud run services logs read ${service} ${flags.filter((flag) => /^--(?:region|project)=/.test(flag)).join(' ')}`,
    }),
  ],
  [
    /Image \S+ not found|manifest unknown/i,
    () => ({
      meaning: 'The image with this tag is not in the repository.',
      remedy: 'Build it: run this command without --only, or with --only images first.',
    }),
  ],
  [
    /RESOURCE_EXHAUSTED|quota/i,
    ({ project }) => ({
      meaning: 'A quota of the project is used up.',
      remedy: `Wait, or ask for more: https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
    }),
  ],
  [
    /storage\.objects\.(?:get|create)|artifactregistry\.repositories\.uploadArtifacts|BucketForbidden|forbidden from accessing the bucket/i,
    () => ({
      meaning:
        'The sources could not be read or written, or the image not pushed: you, or the account that Cloud Build builds as (in newer projects the default compute account, without any role), may not.',
      remedy:
        'You need roles/storage.admin. The account of the build needs roles/storage.admin (for the bucket with sources and logs) and roles/logging.logWriter, and roles/artifactregistry.writer on the repository services. deploy/README.md has the commands.',
    }),
  ],
  [
    /build \S+ completed with status|BUILD FAILURE|failed: build/i,
    () => ({
      meaning: 'Cloud Build started the build, and the build failed.',
      remedy: 'Its log is above, or under the URL in it. Try locally: npm run build',
    }),
  ],
  [
    // Of a region that does not exist, too: Google does not tell which are there.
    /Permission denied on '?locations\//,
    () => ({
      meaning: 'There is no such region, or this service of Google is not there, or not for you.',
      remedy: 'Is it spelt as in gcloud run regions list? Then run this with another --region.',
    }),
  ],
  [
    /PERMISSION_DENIED|\b403\b|does not have permission|not authorized|forbidden/i,
    ({ args, project, deployer }) => ({
      meaning: `You (${deployer}) may not do this; or there is no such project.`,
      remedy: `The role for it is ${roleFor(args)}. An owner of the project runs: gcloud projects add-iam-policy-binding ${project} --member=${deployer} --role=${roleFor(args)}`,
    }),
  ],
  [
    /ALREADY_EXISTS|already exists/i,
    () => ({
      meaning:
        'There is something of this name already, and it is not what the topology describes: a subscription of another topic, for example, or an account that is disabled.',
      remedy:
        'If somebody else deploys at this moment, wait and run this again. Otherwise look at it with the command above it; then mend or delete it, or choose another name.',
    }),
  ],
  [
    /resolve host|NameResolution|Failed to establish|Max retries|Connection (?:refused|reset)|ProxyError|SSLError/i,
    () => ({
      meaning: 'gcloud could not reach Google.',
      remedy: 'Check the network, the proxy and the certificates, and try again.',
    }),
  ],
  [
    /NOT_FOUND|not found/i,
    () => ({
      meaning: 'Something that this needs does not exist.',
      remedy: 'The message names it. With --only, an earlier step may have been left out.',
    }),
  ],
];

const unknown: Explanation = {
  meaning: 'This message is not a common one.',
  remedy: 'Run the command by itself, with --log-http to see what Google answers.',
};

/** Explains what gcloud, or the lack of it, said. */
export function explainFailure(error: unknown, context: FailureContext): Explanation {
  if (error instanceof GcloudMissingError) {
    return {
      meaning: 'Everything here is done by gcloud, the command line of Google Cloud.',
      remedy:
        'Install it, then log in: gcloud auth login. Without it, --dry-run shows the commands.',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const rule = rules.find(([pattern]) => pattern.test(message));
  return rule ? rule[1](context) : unknown;
}

function roleFor([first = '']: readonly string[]): string {
  return roles[first] ?? 'roles/viewer';
}
