import { z } from 'zod';
import { problemSchema } from './control-problem.ts';
import type { ControlRoute } from './route.ts';

/** The OpenAPI 3.1 description of the control API, made from the schemas that check its input. */
export function openApi(routes: readonly ControlRoute[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { path, method } = route;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control API of the local cloud',
      version: '1.0.0',
      description: 'Shows and changes the local cloud while it runs. Answers on this machine only.',
    },
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        controlKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'control.key in .local-cloud/state.json',
        },
      },
    },
  };
}

function operation({ summary, query, body, answer, example, needsKey }: ControlRoute): object {
  return {
    summary,
    ...(needsKey && { security: [{ controlKey: [] }] }),
    ...(query && { parameters: parameters(query) }),
    ...(body && {
      requestBody: {
        content: {
          'application/json': { schema: jsonSchema(body, 'input'), example: example?.body },
        },
      },
    }),
    responses: {
      ...(answer
        ? { 200: { description: 'Done.', content: json(jsonSchema(answer, 'output')) } }
        : { 204: { description: 'Done.' } }),
      default: {
        description: 'Refused; says what is allowed.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function parameters(query: z.ZodType): object[] {
  const { properties = {} } = jsonSchema(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const json = (schema: object) => ({ 'application/json': { schema } });
