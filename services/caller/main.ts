import { Admission } from '../../shared/http/admission.ts';
import { Readiness } from '../../shared/http/readiness.ts';
import { serve } from '../../shared/http/serve.ts';
import { IdTokenSource } from '../../shared/identity/id-token-source.ts';
import { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import { createLogger } from '../../shared/logger.ts';
import { runMain } from '../../shared/run-main.ts';
import { createCallerApp } from './app.ts';
import { loadCallerConfig } from './config.ts';
import { ReceiverClient } from './receiver-client.ts';

runMain(async () => {
  const config = loadCallerConfig(process.env);
  const logger = createLogger({ level: config.logLevel, ...config });
  const readiness = new Readiness();
  const admission = new Admission(config.maxInFlight);
  const account = new RuntimeAccount();
  const tokens = new IdTokenSource({ audience: config.receiverAudience });
  const receiver = new ReceiverClient({ url: config.receiverUrl, tokens });
  const app = createCallerApp({
    config,
    logger,
    readiness,
    admission,
    account,
    receiver,
  });

  await serve({ app, port: config.port, logger, readiness });
  readiness.started();
  // Ahead of the first request; what fails here is tried again, and reported, when it is needed.
  await Promise.allSettled([tokens.token(), account.email(), account.projectId()]);
});
