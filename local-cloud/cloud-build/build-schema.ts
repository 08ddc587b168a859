import { z } from 'zod';

/** A build as far as it matters here, https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds */
export const buildSchema = z.looseObject({
  source: z
    .looseObject({
      storageSource: z
        .looseObject({ bucket: z.string().default(''), object: z.string().default('') })
        .optional(),
    })
    .optional(),
  steps: z
    .array(
      z.looseObject({
        name: z.string().default(''),
        args: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  images: z.array(z.string()).default([]),
  substitutions: z.record(z.string(), z.string()).default({}),
  logsBucket: z.string().optional(),
});
export type BuildRequest = z.output<typeof buildSchema>;
