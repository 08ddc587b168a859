import * as z from 'zod';
import { identitySchema, messageSchema, publishedSchema } from '../../shared/message.ts';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'stable: for programs to switch on' }),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    upstream: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });

/** The OpenAPI 3.1 description of the caller, made from the schemas that check its input. */
export function openApi() {
  const registry = z.registry<{ id?: string }>();
  for (const schema of [messageSchema, publishedSchema, identitySchema, problemSchema]) {
    registry.add(schema, { id: String(schema.meta()?.id) });
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Caller',
      version: '1.0.0',
      description: 'Sends messages to the receiver, which publishes them to Pub/Sub.',
    },
    security: [{ googleIdToken: [] }],
    paths: {
      '/messages': {
        post: {
          summary: 'Publish a message',
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              description: 'Send the same key when you send the same message again.',
              schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
            },
          ],
          requestBody: { required: true, content: { 'application/json': ref('Message') } },
          responses: {
            201: {
              description: 'Pub/Sub has the message.',
              content: { 'application/json': ref('Published') },
            },
            ...failures(400, 413, 415, 422, 502, 503, 504),
          },
        },
      },
      '/identity': {
        get: {
          summary: 'Who am I, and whom does the receiver see?',
          responses: {
            200: {
              description: 'Both accounts.',
              content: { 'application/json': ref('Identity') },
            },
            ...failures(502, 503, 504),
          },
        },
      },
      '/health/live': {
        get: {
          summary: 'Is it running?',
          security: [],
          responses: { 200: { description: 'It is.' } },
        },
      },
      '/health/ready': {
        get: {
          summary: 'Should it get traffic?',
          security: [],
          responses: { 200: { description: 'It should.' }, ...failures(503) },
        },
      },
    },
    components: {
      schemas,
      securitySchemes: {
        googleIdToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "An ID token of an account with roles/run.invoker, checked by Cloud Run's front door.",
        },
      },
    },
  };
}

function ref(name: string) {
  return { schema: { $ref: `#/components/schemas/${name}` } };
}

function failures(...statuses: number[]) {
  const content = { 'application/problem+json': ref('Problem') };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: 'See code and detail.', content }]),
  );
}
