import * as z from 'zod';

/**
 * Attributes that the receiver adds to every message. They say who sent it, so a client may not set
 * them.
 */
export const ownAttributes = ['idempotencyKey', 'calledBy', 'traceparent'] as const;

/** Pub/Sub's limits: https://cloud.google.com/pubsub/quotas#resource_limits */
const limits = { attributes: 100, keyBytes: 256, valueBytes: 1_024 };
const mostAttributes = limits.attributes - ownAttributes.length;
const longestText = 10_000;

const wellFormed = (text: string) => text.isWellFormed();
const notWellFormed = 'must not contain half a surrogate pair: it cannot be written in UTF-8';

const key = z
  .string()
  .min(1, 'The name of an attribute must not be empty.')
  .refine(wellFormed, `The name of an attribute ${notWellFormed}.`)
  .refine(
    (name) => Buffer.byteLength(name) <= limits.keyBytes,
    `The name of an attribute has at most ${limits.keyBytes} bytes in UTF-8.`,
  )
  .refine((name) => !/^goog/i.test(name), 'Names that begin with goog belong to Google.')
  .refine(
    (name) => !(ownAttributes as readonly string[]).includes(name),
    `The service itself sets ${ownAttributes.join(', ')}. Choose another name.`,
  );

const value = z
  .string('The value of an attribute must be a string.')
  .refine(wellFormed, `The value of an attribute ${notWellFormed}.`)
  .refine(
    (text) => Buffer.byteLength(text) <= limits.valueBytes,
    `The value of an attribute has at most ${limits.valueBytes} bytes in UTF-8.`,
  );

/** What a client sends to either service: `POST /messages`. */
export const messageSchema = z
  .strictObject({
    text: z
      .string('text is required, a string.')
      .min(1, 'text must not be empty.')
      .refine(wellFormed, `text ${notWellFormed}.`)
      .refine(
        // Characters as JSON Schema's maxLength counts them, not UTF-16 units.
        (text) => text.length <= longestText || [...text].length <= longestText,
        `text has at most ${longestText} characters.`,
      )
      .meta({ maxLength: longestText }),
    attributes: z
      .record(key, value)
      .refine(
        (attributes) => Object.keys(attributes).length <= mostAttributes,
        `At most ${mostAttributes} attributes: Pub/Sub allows ${limits.attributes}, and the service adds ${ownAttributes.length}.`,
      )
      .meta({ maxProperties: mostAttributes })
      .optional(),
  })
  .meta({ id: 'Message' });

export type Message = z.output<typeof messageSchema>;

/** The answer to a message that Pub/Sub has taken. */
export const publishedSchema = z
  .object({
    messageId: z.string().meta({ description: "Pub/Sub's id of the message" }),
    topic: z.string().meta({ description: 'projects/PROJECT/topics/TOPIC' }),
    calledBy: z.string().meta({ description: 'the account that called the receiver' }),
    publishedBy: z
      .string()
      .nullable()
      .meta({ description: 'the account that published; null if it could not be asked' }),
    idempotencyKey: z.string(),
  })
  .meta({ id: 'Published' });

export type Published = z.output<typeof publishedSchema>;

/** Visible ASCII, so that the key survives every header and attribute unchanged. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Idempotency-Key has 1 to 255 visible ASCII characters.');

/** What the receiver says of itself and of the one who asks: `GET /identity`. */
export const receiverIdentitySchema = z
  .object({
    service: z.string(),
    revision: z.string().nullable(),
    serviceAccount: z.string().meta({ description: 'the account that the receiver runs as' }),
    calledBy: z
      .object({
        email: z.string(),
        subject: z.string(),
        audience: z.string(),
        issuer: z.string(),
        expiresAt: z.iso.datetime(),
      })
      .meta({ description: 'the caller, as verified from its ID token' }),
  })
  .meta({ id: 'ReceiverIdentity' });

/** The answer of the caller's `GET /identity`. */
export const identitySchema = z
  .object({
    caller: z.object({
      service: z.string(),
      revision: z.string().nullable(),
      serviceAccount: z.string().meta({ description: 'the account that the caller runs as' }),
    }),
    receiver: receiverIdentitySchema,
  })
  .meta({ id: 'Identity' });

export type ReceiverIdentity = z.output<typeof receiverIdentitySchema>;
export type Identity = z.output<typeof identitySchema>;
