// Writes topology.schema.json anew. Run it after a change of topology-schema.ts:
//   npx node deploy/write-topology-schema.ts && npx biome format --write deploy
import { writeFileSync } from 'node:fs';
import { topologyJsonSchema } from './topology-schema.ts';

writeFileSync(
  new URL('./topology.schema.json', import.meta.url),
  `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`,
);
