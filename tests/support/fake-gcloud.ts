import { type Gcloud, GcloudError } from '../../deploy/gcloud.ts';

/**
 * A gcloud that keeps what it is told to make, in memory: enough of it for a deployment. It answers
 * in the shapes that the real one was seen to answer in.
 */
export class FakeGcloud {
  /** Every command that was run, as words with spaces. */
  readonly commands: string[] = [];
  /** What gcloud shall say instead of doing a command that begins so. */
  readonly failures = new Map<string, string>();
  readonly resources = new Map<string, unknown>();
  readonly policies = new Map<string, { role: string; members: string[] }[]>();
  account: string | undefined = 'ada@example.com';

  readonly run: Gcloud = async (args, { onLine } = {}) => {
    const command = args.join(' ');
    this.commands.push(command);
    const failure = [...this.failures].find(([start]) => command.startsWith(start))?.[1];
    if (failure !== undefined) throw new GcloudError(args, `ERROR: (gcloud) ${failure}`);
    const answer = this.#answer(
      args.filter((word) => !word.startsWith('--')),
      flagsOf(args),
      args,
    );
    onLine?.('a line of gcloud');
    return JSON.stringify(answer);
  };

  /** Those that change something. */
  get changes(): string[] {
    return this.commands.filter((command) => !/ (?:describe|list|get-iam-policy)\b/.test(command));
  }

  #answer(words: readonly string[], flags: ReadonlyMap<string, string>, args: readonly string[]) {
    const verb = words.find((word) => verbs.includes(word)) ?? '';
    const at = words.indexOf(verb);
    // `run deploy` and `run services describe` are about the same things.
    const kind = words[0] === 'run' ? 'run services' : words.slice(0, at).join(' ');
    const id = (words[at + 1] ?? '').replace(/@.*/, '');
    const key = `${kind}/${id}`;
    switch (verb) {
      case 'enable':
        for (const api of words.slice(at + 1)) this.resources.set(`api/${api}`, {});
        return [];
      case 'list':
        return this.#list(kind, flags);
      case 'submit': {
        const [, image = ''] = /_IMAGE=([^,]*)/.exec(flags.get('substitutions') ?? '') ?? [];
        this.resources.set(`image/${image.slice(image.lastIndexOf('/') + 1)}`, {});
        return {};
      }
      case 'create':
        if (this.resources.has(key)) throw new GcloudError(args, `ALREADY_EXISTS: ${key}`);
        this.resources.set(key, {
          topic: `projects/my-project/topics/${flags.get('topic')}`,
          labels: Object.fromEntries(pairsIn(flags, 'labels')),
          description: flags.get('description'),
        });
        return {};
      case 'deploy':
        this.resources.set(key, knativeService(flags));
        return {};
      case 'describe':
        if (kind === 'projects') return { projectNumber: '123456789012', lifecycleState: 'ACTIVE' };
        if (!this.resources.has(key)) throw new GcloudError(args, `NOT_FOUND: ${key}`);
        return this.resources.get(key);
      case 'get-iam-policy':
        return { etag: 'ACAB', bindings: this.policies.get(key) ?? [] };
      case 'add-iam-policy-binding': {
        const [member = '', role = ''] = [flags.get('member'), flags.get('role')];
        const bindings = this.policies.get(key) ?? [];
        this.policies.set(key, [...bindings, { role, members: [member] }]);
        return {};
      }
      case 'remove-iam-policy-binding': {
        const bindings = this.policies.get(key) ?? [];
        const others = bindings.filter(({ members: [member] }) => member !== flags.get('member'));
        this.policies.set(key, others);
        return {};
      }
      case 'delete':
        if (!this.resources.delete(key)) throw new GcloudError(args, `NOT_FOUND: ${key}`);
        return {};
      default:
        return {};
    }
  }

  #services() {
    return [...this.resources].flatMap(([key, service]) => {
      const [, name] = /^run services\/(.*)$/.exec(key) ?? [];
      if (name === undefined) return [];
      const { metadata, ...rest } = service as ReturnType<typeof knativeService>;
      const labels = { 'cloud.googleapis.com/location': 'europe-west1', ...metadata.labels };
      return [{ ...rest, metadata: { ...metadata, name, labels } }];
    });
  }

  #list(kind: string, flags: ReadonlyMap<string, string>) {
    if (kind === 'config') return { core: { account: this.account } };
    if (kind === 'run services') return this.#services();
    const names = [...this.resources.keys()];
    if (kind === 'services') {
      return names
        .filter((name) => name.startsWith('api/'))
        .map((name) => ({ config: { name: name.slice('api/'.length) }, state: 'ENABLED' }));
    }
    const start = `image/${flags.get('package')}:`;
    return names
      .filter((name) => name.startsWith(start))
      .map((name) => ({ name: name.slice(start.length), version: 'sha256:0' }));
  }
}

const verbs = [
  ...['list', 'describe', 'get-iam-policy', 'enable', 'create', 'submit', 'deploy'],
  ...['update-traffic', 'add-iam-policy-binding', 'remove-iam-policy-binding', 'delete'],
];

function flagsOf(args: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    args
      .filter((word) => word.startsWith('--'))
      .map((word) => {
        const [name = '', ...value] = word.slice(2).split('=');
        return [name, value.join('=')];
      }),
  );
}

/** The entries of a flag that takes a list of `key=value`. */
function pairsIn(flags: ReadonlyMap<string, string>, name: string): [string, string][] {
  const [, delimiter = ',', list = ''] = /^(?:\^(.+?)\^)?(.*)$/.exec(flags.get(name) ?? '') ?? [];
  return list.split(delimiter).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** What Cloud Run stores for these flags of `gcloud run deploy`. */
function knativeService(flags: ReadonlyMap<string, string>) {
  const pairs = (name: string) => pairsIn(flags, name);
  const probe = (name: string) => {
    const { 'httpGet.path': path, ...numbers } = Object.fromEntries(pairs(name));
    const fields = Object.entries(numbers).map(([key, value]) => [key, Number(value)]);
    return { httpGet: { path, port: 8080 }, ...Object.fromEntries(fields) };
  };
  const audiences = flags.get('set-custom-audiences')?.split(',');
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: 'a-service',
      generation: 1,
      labels: Object.fromEntries(pairs('update-labels')),
      annotations: {
        'run.googleapis.com/invoker-iam-disabled': String(flags.has('no-invoker-iam-check')),
        'run.googleapis.com/ingress': flags.get('ingress'),
        ...(audiences && { 'run.googleapis.com/custom-audiences': JSON.stringify(audiences) }),
      },
    },
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/maxScale': flags.get('max-instances'),
            'autoscaling.knative.dev/minScale': flags.get('min-instances'),
            'run.googleapis.com/startup-cpu-boost': String(flags.has('cpu-boost')),
            'run.googleapis.com/cpu-throttling': String(flags.has('cpu-throttling')),
          },
        },
        spec: {
          serviceAccountName: flags.get('service-account'),
          containerConcurrency: Number(flags.get('concurrency')),
          timeoutSeconds: Number(flags.get('timeout')),
          containers: [
            {
              image: flags.get('image'),
              env: flags.has('set-env-vars')
                ? pairs('set-env-vars').map(([name, value]) => ({ name, value }))
                : [],
              ports: [{ containerPort: 8080, name: 'http1' }],
              resources: { limits: { cpu: flags.get('cpu'), memory: flags.get('memory') } },
              startupProbe: probe('startup-probe'),
              livenessProbe: probe('liveness-probe'),
            },
          ],
        },
      },
      traffic: [{ latestRevision: true, percent: 100 }],
    },
    status: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}
