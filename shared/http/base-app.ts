import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Admission } from './admission.ts';
import { onlyMethods } from './error-handler.ts';
import { Problem } from './problem.ts';
import type { Readiness } from './readiness.ts';
import { requestContext } from './request-context.ts';
import { securityHeaders } from './security-headers.ts';

const everyAnswer = Object.entries(securityHeaders);

/**
 * An Express application with what both services share: no header that tells what runs here, headers
 * that keep browsers from guessing or caching, trace and log, and the probes. The paths do not end
 * in z: Google's front end keeps those to itself
 * (https://cloud.google.com/run/docs/known-issues#ah).
 */
export function createBaseApp(options: {
  logger: Logger;
  readiness: Readiness;
  admission: Pick<Admission, 'full'>;
  projectId: () => string | undefined;
}): Express {
  const { logger, readiness, admission, projectId } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.use(requestContext({ logger, projectId }));
  app.use((_request, response, next) => {
    for (const [name, value] of everyAnswer) response.setHeader(name, value);
    next();
  });
  app
    .route('/health/live')
    .get((_request, response) => void response.json({ status: 'live' }))
    .all(onlyMethods('GET', 'HEAD'));
  app
    .route('/health/ready')
    .get((_request, response) => {
      if (!readiness.ready) {
        throw new Problem('not_ready', 'Starting or stopping.', {
          headers: { 'Retry-After': '1' },
        });
      }
      if (admission.full) {
        throw new Problem('not_ready', 'As many requests are under way as this instance takes.', {
          headers: { 'Retry-After': '1' },
        });
      }
      response.json({ status: 'ready' });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return app;
}
