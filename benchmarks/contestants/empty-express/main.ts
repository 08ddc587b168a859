import express from 'express';

// What a start costs when nothing but Express is there.

const app = express();
app.get('/', (_request, response) => void response.json({}));
// Node keeps what it has compiled only when a process ends by itself.
process.on('SIGTERM', () => process.exit());
app.listen(Number(process.env.PORT));
