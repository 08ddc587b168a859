import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

/** One method, in the definitions that Google's own client brings along. */
export interface ProtocolMethod {
  /** `google.pubsub.v1.Publisher.Publish` */
  name: string;
  /** `google.pubsub.v1.Publisher` */
  service: string;
  /** `Publish` */
  id: string;
  request: protobuf.Type;
  response: protobuf.Type;
  /** What the definition says of it besides, `google.api.http` among it. */
  options: Readonly<Record<string, unknown>>;
}

/** The form in which operations get requests: every field is there, so that none has to ask. */
export const operationForm: protobuf.IConversionOptions = {
  defaults: true,
  longs: Number,
  enums: String,
};

const services = [
  'google.pubsub.v1.Publisher',
  'google.pubsub.v1.Subscriber',
  'google.pubsub.v1.SchemaService',
  'google.iam.v1.IAMPolicy',
];

/** Reads the .proto files, about 50 ms, and answers the methods of all services. */
export function loadProtocol(): ProtocolMethod[] {
  const pubsub = createRequire(import.meta.url).resolve('@google-cloud/pubsub');
  const gax = createRequire(pubsub).resolve('google-gax');
  const folders = [pubsub, gax].map((entry) => join(dirname(entry), '..', 'protos'));
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    folders.map((folder) => join(folder, target)).find((path) => existsSync(path)) ?? target;
  root.loadSync(['google/pubsub/v1/pubsub.proto', 'google/iam/v1/iam_policy.proto']).resolveAll();
  return services.flatMap((service) =>
    root.lookupService(service).methodsArray.map((method) => described(service, method)),
  );
}

function described(service: string, method: protobuf.Method): ProtocolMethod {
  const { name: id, resolvedRequestType: request, resolvedResponseType: response } = method;
  if (!request || !response) throw new Error(`${service}.${id} has unknown types`);
  return {
    name: `${service}.${id}`,
    service,
    id,
    request,
    response,
    options: Object.assign({}, ...(method.parsedOptions ?? [])),
  };
}
