import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiServices } from '../api-services.ts';
import { requirePermission } from '../iam/require-permission.ts';
import { projectResource } from '../iam/resource-names.ts';
import { ApiError } from '../network/api-error.ts';
import { describeCall, sendApiError, sendNotImplemented } from '../network/google-error.ts';
import type { HttpHandler } from '../network/host-router.ts';
import { projectIdOf } from '../resource-manager/project-id.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';
import type { Authenticate } from '../tokens/bearer-authentication.ts';
import { sendContent } from './send-content.ts';
import { bucketJson, objectJson } from './storage-json.ts';
import { Uploads } from './uploads.ts';

type Services = Pick<ApiServices, 'topology' | 'iam' | 'buckets' | 'notify'> & {
  authenticate: Authenticate;
};

interface Call {
  principal: TokenHolder;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
  /** Decoded parts of the path. */
  parts: readonly string[];
}

interface Route {
  method: string;
  path: RegExp;
  name: string;
  handle(call: Call): unknown;
}

/**
 * `storage.googleapis.com`, as far as `gcloud builds submit` uses it: looks for a bucket or makes it, uploads
 * the sources there, and reads the log of the build.
 * https://cloud.google.com/storage/docs/json_api/v1
 */
export function storageHandler(services: Services): HttpHandler {
  const { topology, iam, buckets, notify, authenticate } = services;
  const uploads = new Uploads(buckets);
  const requireStorage = ({ principal }: Call, permission: string, action: string) => {
    const email = principal.slice(principal.indexOf(':') + 1);
    const words = `${email} does not have ${permission} access to the Google Cloud Storage resource. Permission '${permission}' denied on resource (or it may not exist).`;
    const resource = projectResource(topology.project);
    requirePermission(iam, { principal, permission, resource }, action, words);
  };
  const existingBucket = (name: string) => {
    const bucket = buckets.get(name);
    if (bucket) return bucket;
    throw new ApiError('NOT_FOUND', 'The specified bucket does not exist.');
  };
  const readObject = (call: Call, bucket: string, name: string) => {
    requireStorage(call, 'storage.objects.get', 'GetObject');
    const object = buckets.object(bucket, name);
    if (!object) throw new ApiError('NOT_FOUND', `No such object: ${bucket}/${name}`);
    return object;
  };
  const upload = (call: Call) => {
    const [bucket = ''] = call.parts;
    requireStorage(call, 'storage.objects.create', 'InsertObject');
    existingBucket(bucket);
    return uploads.start(bucket, call);
  };

  const routes: Route[] = [
    {
      method: 'GET',
      path: /^\/storage\/v1\/b\/([^/]+)$/,
      name: 'storage.buckets.get',
      handle: (call) => {
        requireStorage(call, 'storage.buckets.get', 'GetBucket');
        return bucketJson(existingBucket(call.parts[0] ?? ''), topology);
      },
    },
    {
      method: 'GET',
      path: /^\/storage\/v1\/b$/,
      name: 'storage.buckets.list',
      handle: (call) => {
        requireStorage(call, 'storage.buckets.list', 'ListBuckets');
        const project = projectIdOf(topology, call.query.get('project') ?? '');
        const prefix = call.query.get('prefix') ?? '';
        const items = buckets.list(project).filter(({ name }) => name.startsWith(prefix));
        return {
          kind: 'storage#buckets',
          ...(items.length > 0 && { items: items.map((bucket) => bucketJson(bucket, topology)) }),
        };
      },
    },
    {
      method: 'POST',
      path: /^\/storage\/v1\/b$/,
      name: 'storage.buckets.insert',
      handle: async (call) => {
        requireStorage(call, 'storage.buckets.create', 'CreateBucket');
        const { name, location = 'US' } = await uploads.readMetadata(call.request);
        if (!name || !/^[a-z0-9][-_.a-z0-9]{1,220}[a-z0-9]$/.test(name)) {
          throw new ApiError('INVALID_ARGUMENT', `Invalid bucket name: '${name}'`);
        }
        if (buckets.get(name)) {
          const message =
            'Your previous request to create the named bucket succeeded and you already own it.';
          throw new ApiError('ALREADY_EXISTS', message);
        }
        const project = projectIdOf(topology, call.query.get('project') ?? '');
        return bucketJson(
          buckets.create({ name, project, location: location.toUpperCase() }),
          topology,
        );
      },
    },
    {
      method: 'POST',
      path: /^\/(?:resumable\/)?upload\/storage\/v1\/b\/([^/]+)\/o$/,
      name: 'storage.objects.insert',
      handle: upload,
    },
    {
      method: 'PUT',
      path: /^\/(?:resumable\/)?upload\/storage\/v1\/b\/([^/]+)\/o$/,
      name: 'storage.objects.insert',
      handle: (call) => uploads.proceed(call),
    },
    {
      method: 'GET',
      path: /^\/(?:download\/)?storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/,
      name: 'storage.objects.get',
      handle: (call) => {
        const [bucket = '', name = ''] = call.parts;
        const object = readObject(call, bucket, name);
        if (call.query.get('alt') !== 'media') return objectJson(object);
        return sendContent(object, call.request, call.response);
      },
    },
    {
      // The XML API, which gcloud reads the log by.
      method: 'GET',
      path: /^\/([a-z0-9][-_.a-z0-9]+)\/(.+)$/,
      name: 'storage.objects.get',
      handle: (call) => {
        const [bucket = '', name = ''] = call.parts;
        return sendContent(readObject(call, bucket, name), call.request, call.response);
      },
    },
  ];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
    for (const { method, path: pattern, name, handle } of routes) {
      const match = method === request.method && pattern.exec(path);
      if (!match) continue;
      const authorization = request.headersDistinct.authorization ?? [];
      const principal = authenticate(authorization, {
        service: 'storage.googleapis.com',
        method: name,
      });
      const parts = match.slice(1).map(decode);
      const query = new URLSearchParams(search);
      const result = await handle({ principal, query, request, response, parts });
      if (response.headersSent) return;
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(`${JSON.stringify(result, null, 2)}\n`);
      return;
    }
    notify(`${describeCall(request)} is not implemented in the local cloud`);
    sendNotImplemented(request, response);
  }

  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      // The rest of an upload is not waited for.
      if (!request.complete) response.setHeader('connection', 'close');
      if (response.headersSent || response.destroyed) return;
      if (error instanceof ApiError) return sendApiError(response, error);
      notify(`${describeCall(request)} failed here: ${String(error)}`);
      sendApiError(response, new ApiError('INTERNAL', 'Internal error of the local cloud.'));
    }
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'The path of the request has a broken percent escape.');
  }
}
