import { z } from 'zod';
import { strictInput } from '../strict-input.ts';
import type { ControlServices } from './control-services.ts';
import { type ControlRoute, route } from './route.ts';

type Services = Pick<ControlServices, 'idTokens' | 'iam' | 'frontDoor'>;

const settings = {
  idTokenLifetimeSeconds: z.int().min(1).max(3600),
  iamPropagationDelaySeconds: z
    .number()
    .min(0)
    .max(120)
    .meta({ description: 'until a change of a policy takes effect' }),
  strip: z.enum(['google', 'always']).meta({
    description:
      'which Authorization loses its signature at the front door, see local-cloud/README.md',
  }),
};

export const settingsSchema = z.object(settings);

/** What {@link settingsSchema} describes. */
export function currentSettings({ idTokens, iam, frontDoor }: Services) {
  return {
    idTokenLifetimeSeconds: idTokens.lifetimeSeconds,
    iamPropagationDelaySeconds: iam.propagationDelayMs / 1000,
    strip: frontDoor.strip,
  };
}

/** How Google behaves, as far as it can be chosen. */
export function settingsRoutes(services: Services): ControlRoute[] {
  const { idTokens, iam, frontDoor } = services;
  return [
    route({
      method: 'GET',
      path: '/api/settings',
      summary: 'How does Google behave?',
      answer: settingsSchema,
      handle: () => currentSettings(services),
    }),
    route({
      method: 'PUT',
      path: '/api/settings',
      summary: 'Change some of it; the rest stays',
      body: strictInput(settings).partial(),
      answer: settingsSchema,
      example: { body: { iamPropagationDelaySeconds: 60 } },
      handle: ({ body: { idTokenLifetimeSeconds, iamPropagationDelaySeconds, strip } }) => {
        if (idTokenLifetimeSeconds !== undefined) idTokens.lifetimeSeconds = idTokenLifetimeSeconds;
        if (iamPropagationDelaySeconds !== undefined) {
          iam.propagationDelayMs = Math.round(iamPropagationDelaySeconds * 1000);
        }
        if (strip !== undefined) frontDoor.strip = strip;
        return currentSettings(services);
      },
    }),
  ];
}
