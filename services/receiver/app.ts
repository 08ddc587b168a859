import type { Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Admission } from '../../shared/http/admission.ts';
import { createBaseApp } from '../../shared/http/base-app.ts';
import { errorHandler, notFound, onlyMethods } from '../../shared/http/error-handler.ts';
import { jsonBody } from '../../shared/http/json-body.ts';
import { idempotencyKeyOf, messageOf } from '../../shared/http/message-request.ts';
import type { Readiness } from '../../shared/http/readiness.ts';
import { contextOf, traceparent } from '../../shared/http/request-context.ts';
import { Deadline } from '../../shared/http/request-deadline.ts';
import { callerOf } from '../../shared/identity/require-caller.ts';
import type { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import type { Published, ReceiverIdentity } from '../../shared/message.ts';
import type { ReceiverConfig } from './config.ts';
import type { Publisher } from './publisher.ts';

/** Longest time for one request, in milliseconds; the caller may ask for less. */
const requestBudgetMs = 5_500;

/**
 * The receiver's routes. Everything but the probes stands behind `authenticate`, and nothing of a
 * body is read before it.
 */
export function createReceiverApp(options: {
  config: Pick<ReceiverConfig, 'service' | 'revision'>;
  logger: Logger;
  readiness: Readiness;
  admission: Admission;
  account: Pick<RuntimeAccount, 'email' | 'knownProjectId'>;
  authenticate: RequestHandler;
  publisher: Publisher;
}): Express {
  const { config, account, admission, authenticate, publisher } = options;
  const app = createBaseApp({ ...options, projectId: () => account.knownProjectId });

  app
    .route('/messages')
    .post(
      authenticate,
      jsonBody,
      admission.bounded(async (request, response) => {
        const deadline = Deadline.of(request, requestBudgetMs);
        const idempotencyKey = idempotencyKeyOf(request);
        const { text, attributes } = messageOf(request);
        const { email: calledBy } = callerOf(response);
        const { trace } = contextOf(response);
        const published = await publisher.publish(
          {
            data: Buffer.from(JSON.stringify({ text })),
            attributes: {
              ...attributes,
              idempotencyKey,
              calledBy,
              traceparent: traceparent(trace),
            },
          },
          deadline,
        );
        const answer: Published = { ...published, calledBy, idempotencyKey };
        response.status(201).json(answer);
      }),
    )
    .all(onlyMethods('POST'));

  app
    .route('/identity')
    .get(
      authenticate,
      admission.bounded(async (_request, response) => {
        const { expiresAt, ...caller } = callerOf(response);
        const answer: ReceiverIdentity = {
          service: config.service,
          revision: config.revision ?? null,
          serviceAccount: await account.email(),
          calledBy: { ...caller, expiresAt: expiresAt.toISOString() },
        };
        response.json(answer);
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  app.use(notFound, errorHandler);
  return app;
}
