import { Admission } from '../../shared/http/admission.ts';
import { Readiness } from '../../shared/http/readiness.ts';
import { serve } from '../../shared/http/serve.ts';
import { GoogleCertificates } from '../../shared/identity/google-certificates.ts';
import { createIdTokenVerifier } from '../../shared/identity/id-token-verifier.ts';
import { requireCaller } from '../../shared/identity/require-caller.ts';
import { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import { createLogger } from '../../shared/logger.ts';
import { runMain } from '../../shared/run-main.ts';
import { createReceiverApp } from './app.ts';
import { loadReceiverConfig } from './config.ts';
import { createPublisher } from './publisher.ts';

runMain(async () => {
  const config = loadReceiverConfig(process.env);
  const logger = createLogger({ level: config.logLevel, ...config });
  const readiness = new Readiness();
  const admission = new Admission(config.maxInFlight);
  const account = new RuntimeAccount();
  const certificates = new GoogleCertificates();
  const verifier = createIdTokenVerifier({ audiences: config.audiences, certificates });
  const authenticate = requireCaller({
    verifier,
    allowedCallers: config.allowedCallers,
    realm: config.service,
  });
  const publisher = createPublisher({ topic: config.topic, account });
  const app = createReceiverApp({
    config,
    logger,
    readiness,
    admission,
    account,
    authenticate,
    publisher,
  });

  await serve({ app, port: config.port, logger, readiness, flush: () => publisher.flush() });
  // After the port is open, so that a cold instance can already take requests. None of this throws,
  // and an outage of Google does not make the service unready: what fails is tried again when needed.
  await Promise.allSettled([publisher.warmUp(), certificates.warmUp(), account.projectId()]);
  readiness.started();
});
