import { z } from 'zod';
import { strictInput } from '../strict-input.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import type { ControlServices } from './control-services.ts';
import { route } from './route.ts';

/** The ids of the keys that sign ID tokens. */
export const keyIdsSchema = z.object({
  current: z.string().meta({ description: 'the one that signs' }),
  published: z.array(z.string()).meta({ description: 'all whose certificates are published' }),
});

/** What {@link keyIdsSchema} describes. */
export async function keyIds(keys: SigningKeys): Promise<z.output<typeof keyIdsSchema>> {
  const published = (await keys.published()).map(({ kid }) => kid);
  return { current: keys.current.kid, published };
}

/** Makes ID tokens be signed with another key. */
export function rotateKeys({ keys }: Pick<ControlServices, 'keys'>) {
  return route({
    method: 'POST',
    path: '/api/keys/rotate',
    summary:
      'Sign ID tokens with another key; abruptly: nobody has seen it, and all others are gone',
    body: strictInput({ abrupt: z.boolean().default(false) }),
    answer: keyIdsSchema,
    example: { body: { abrupt: false } },
    handle: async ({ body }) => {
      await keys.rotate(body);
      return keyIds(keys);
    },
  });
}
