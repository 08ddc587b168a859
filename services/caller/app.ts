import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Admission } from '../../shared/http/admission.ts';
import { createBaseApp } from '../../shared/http/base-app.ts';
import { errorHandler, notFound, onlyMethods } from '../../shared/http/error-handler.ts';
import { jsonBody } from '../../shared/http/json-body.ts';
import { idempotencyKeyOf, messageOf } from '../../shared/http/message-request.ts';
import type { Readiness } from '../../shared/http/readiness.ts';
import { contextOf } from '../../shared/http/request-context.ts';
import type { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import type { Identity } from '../../shared/message.ts';
import type { CallerConfig } from './config.ts';
import { openApi } from './openapi.ts';
import type { ReceiverClient } from './receiver-client.ts';

/**
 * The caller's routes. Who may use them is Cloud Run's to decide, by `roles/run.invoker`: there is no
 * check here.
 */
export function createCallerApp(options: {
  config: Pick<CallerConfig, 'service' | 'revision'>;
  logger: Logger;
  readiness: Readiness;
  admission: Admission;
  account: Pick<RuntimeAccount, 'email' | 'knownProjectId'>;
  receiver: Pick<ReceiverClient, 'publish' | 'identity'>;
}): Express {
  const { config, account, receiver, admission } = options;
  const app = createBaseApp({ ...options, projectId: () => account.knownProjectId });

  app
    .route('/messages')
    .post(
      jsonBody,
      admission.bounded(async (request, response) => {
        const idempotencyKey = idempotencyKeyOf(request);
        const message = messageOf(request);
        const { trace } = contextOf(response);
        response.status(201).json(await receiver.publish(message, idempotencyKey, trace));
      }),
    )
    .all(onlyMethods('POST'));

  app
    .route('/identity')
    .get(
      admission.bounded(async (_request, response) => {
        const { trace } = contextOf(response);
        const [serviceAccount, seen] = await Promise.all([
          account.email(),
          receiver.identity(trace),
        ]);
        const answer: Identity = {
          caller: { service: config.service, revision: config.revision ?? null, serviceAccount },
          receiver: seen,
        };
        response.json(answer);
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  app
    .route('/openapi.json')
    .get((_request, response) => void response.json(openApi()))
    .all(onlyMethods('GET', 'HEAD'));

  app.use(notFound, errorHandler);
  return app;
}
