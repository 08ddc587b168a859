import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type PubsubFixture,
  startPubsubFixture,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';

const resource = topicName();
const binding = {
  role: 'roles/pubsub.publisher',
  members: ['user:ann@example.com'],
  condition: {
    title: 'one topic',
    description: 'and no other',
    expression: `resource.name == "${resource}"`,
    location: '',
  },
};

/** The client's types ask for an instance of a generated class; it takes plain objects. */
const message = <Fields extends object>(fields: Fields) => ({ ...fields, toJSON: () => ({}) });

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
  fixture.broker.createTopic({ name: resource });
});
afterAll(() => fixture.stop());

test('gRPC carries conditions both ways, to clients that ask for version 3', async () => {
  const { publisher } = fixture.apiOf();
  const [written] = await publisher.setIamPolicy(
    message({
      resource,
      policy: { version: 3, bindings: [binding] },
    }),
  );
  expect(written).toMatchObject({ version: 3, bindings: [binding] });
  const [read] = await publisher.getIamPolicy(
    message({
      resource,
      options: { requestedPolicyVersion: 3 },
    }),
  );
  expect(read).toEqual(written);

  const [old] = await publisher.getIamPolicy(message({ resource }));
  expect(old).toMatchObject({
    version: 1,
    bindings: [{ role: expect.stringMatching(/^roles\/pubsub\.publisher_withcond_/) }],
  });
  await expect(publisher.setIamPolicy(message({ resource, policy: old }))).rejects.toMatchObject({
    code: 3,
    details: expect.stringContaining('Specified policy version (1) cannot be less'),
  });
});

test('gRPC refuses a condition that cannot be read, and versions that do not exist', async () => {
  const { publisher } = fixture.apiOf();
  const broken = { ...binding, condition: { ...binding.condition, expression: 'request.' } };
  await expect(
    publisher.setIamPolicy(message({ resource, policy: { version: 3, bindings: [broken] } })),
  ).rejects.toMatchObject({
    code: 3,
    details: expect.stringContaining('The condition "one topic" is not valid'),
  });
  await expect(
    publisher.getIamPolicy(message({ resource, options: { requestedPolicyVersion: 2 } })),
  ).rejects.toMatchObject({ code: 3, details: expect.stringContaining('version 2') });
});
