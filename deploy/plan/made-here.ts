import { z } from 'zod';

const [key, value] = ['made-by', 'npm-run-deploy'];

/**
 * A label of everything that a deployment makes. What has it not is somebody else's: a service is not
 * replaced then, and nothing is deleted.
 */
export const madeHere = `${key}=${value}`;

/** Service accounts have no labels: it stands in their description. */
export const madeHereText = 'Made by npm run deploy.';

const labels = z.record(z.string(), z.string()).optional();
const described = z.object({
  labels,
  /** Of a service, which is in Knative's shape. */
  metadata: z.object({ labels }).optional(),
  description: z.string().optional(),
});

/** Whether something that gcloud describes was made by a deployment. */
export function isMadeHere(answer: unknown): boolean {
  const { labels, metadata, description } = described.safeParse(answer).data ?? {};
  return (labels ?? metadata?.labels)?.[key] === value || description === madeHereText;
}
