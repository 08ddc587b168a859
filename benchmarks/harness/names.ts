/** How things are called in every run; no contestant knows another's. */
export const project = 'bench-project';
export const topic = 'events';
export const callerEmail = `caller@${project}.iam.gserviceaccount.com`;
export const receiverEmail = `receiver@${project}.iam.gserviceaccount.com`;
/** What the ID tokens are for, whichever way a receiver is reached. */
export const audience = 'https://receiver.bench.run.app';
