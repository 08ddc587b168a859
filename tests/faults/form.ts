/**
 * `npm run test:faults` sends 10,000 messages and more. In `npm test` each fault is there for fewer, and
 * the rest is the same.
 */
export const isLong = process.env.FAULTS === 'long';
