import { z } from 'zod';

/** gcloud sends null for none. */
export const delegatesSchema = z
  .array(z.string())
  .nullish()
  .transform((delegates) => delegates ?? []);
