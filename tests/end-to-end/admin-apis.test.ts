import { expect, it } from 'vitest';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';
import { runNode } from '../support/network.ts';

const invoker = 'roles/run.invoker';
const caller = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com';
const service =
  'https://run.googleapis.com/v1/projects/demo-project/locations/europe-west1/services/receiver';

/** Replaces the receiver's bindings, read first, with google-auth-library as the developer. */
async function setBindings(cloud: TestCloud, bindings: object[]): Promise<void> {
  const script = `
    import { GoogleAuth } from 'google-auth-library';
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    const { data } = await auth.request({ url: '${service}:getIamPolicy' });
    const policy = { ...data, bindings: ${JSON.stringify(bindings)} };
    await auth.request({ url: '${service}:setIamPolicy', method: 'POST', data: { policy } });
  `;
  const { code, stderr } = await runNode(script, cloud.developerEnvironment);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

it('a binding that is taken away with Google’s own client stops the next call, until it is back', async () => {
  const cloud = await useTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);

  await setBindings(cloud, []);
  const refused = await postMessage(cloud);
  expect(refused.status).toBe(502);
  expect(refused.body).toMatchObject({
    code: 'receiver_refused',
    detail: expect.stringContaining("The receiver's front door (Cloud Run) refused the call (403)"),
    upstream: { status: 403 },
  });
  const last = cloud.decisions.since(0).at(-1)?.decision;
  expect(last).toMatchObject({
    principal: caller,
    allowed: false,
    remedy: `npm run gcloud -- run services add-iam-policy-binding receiver --region=europe-west1 --member=${caller} --role=${invoker}`,
  });

  await setBindings(cloud, [{ role: invoker, members: [caller] }]);
  expect((await postMessage(cloud)).status).toBe(201);
});

it('an API of Google that is not played here is answered as one that is not enabled', async () => {
  const cloud = await useTestCloud({ startServices: false });
  const script = `
    const response = await fetch('https://bigquery.googleapis.com/bigquery/v2/projects/demo-project/datasets');
    console.log(response.status, (await response.json()).error.details[0].reason);
  `;
  const { stdout } = await runNode(script, cloud.developerEnvironment);
  expect(stdout).toBe('403 SERVICE_DISABLED\n');
  expect(cloud.notices.join()).toContain(
    'GET bigquery.googleapis.com/bigquery/v2/projects/demo-project/datasets: the local cloud does not play this API',
  );
});
