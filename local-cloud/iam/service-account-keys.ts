import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ApiError } from '../network/api-error.ts';
import { generateSigningKey, type SigningKey } from '../tokens/signing-keys.ts';
import type { ServiceAccount } from './service-accounts.ts';

/** A key of a service account, https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys */
export interface ServiceAccountKey {
  /** 40 hexadecimal digits. */
  kid: string;
  /** Of a key that a user has made nobody but the user has the private part. */
  managedBy: 'USER' | 'SYSTEM';
  publicKey: KeyObject;
  certificatePem: string;
  /** Milliseconds since the Unix epoch. */
  validFromMs: number;
  validUntilMs: number;
  disabled: boolean;
}

/** https://cloud.google.com/iam/quotas */
const userKeysPerAccount = 10;
const dayMs = 24 * 3_600_000;
/** 9999-12-31T23:59:59Z: what users make does not end by itself. */
const neverMs = Date.UTC(9999, 11, 31, 23, 59, 59);
/** https://cloud.google.com/iam/docs/key-types#google-managed: it signs for two weeks at most. */
const signsForMs = 14 * dayMs;
const publishedForMs = 16 * dayMs;

/** The keys that sign in the name of service accounts. */
export class ServiceAccountKeys {
  readonly #clock: Clock;
  /** By the account's unique id: with an account its keys are gone. */
  readonly #keys = new Map<string, ServiceAccountKey[]>();
  readonly #signing = new Map<string, { key: Promise<SigningKey>; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes a key for a user, who gets the private part; it is not kept here.
   *
   * @throws {ApiError} FAILED_PRECONDITION if there are ten already
   */
  async create(
    account: ServiceAccount,
  ): Promise<{ key: ServiceAccountKey; privateKey: KeyObject }> {
    this.#requireRoom(account);
    const made = await this.#generate(account, neverMs);
    // Others may have been made meanwhile.
    this.#requireRoom(account);
    return { key: this.#add(account, made, 'USER', neverMs), privateKey: made.privateKey };
  }

  /** The key with which Google signs in the name of the account; made when it is first needed. */
  signingKey(account: ServiceAccount): Promise<SigningKey> {
    const now = this.#clock.now();
    const current = this.#signing.get(account.uniqueId);
    if (current && current.untilMs > now) return current.key;
    const key = this.#makeSigningKey(account);
    this.#signing.set(account.uniqueId, { key, untilMs: now + signsForMs });
    return key;
  }

  /** The keys whose signatures count, and those that are disabled. */
  list({ uniqueId }: ServiceAccount): ServiceAccountKey[] {
    const now = this.#clock.now();
    return (this.#keys.get(uniqueId) ?? []).filter(({ validUntilMs }) => validUntilMs > now);
  }

  find(account: ServiceAccount, kid: string): ServiceAccountKey | undefined {
    return this.list(account).find((key) => key.kid === kid);
  }

  delete({ uniqueId }: ServiceAccount, { kid }: ServiceAccountKey): void {
    const others = (this.#keys.get(uniqueId) ?? []).filter((key) => key.kid !== kid);
    this.#keys.set(uniqueId, others);
  }

  #requireRoom(account: ServiceAccount): void {
    if (this.list(account).filter(isOfUser).length < userKeysPerAccount) return;
    throw new ApiError(
      'FAILED_PRECONDITION',
      `${account.email} has ${userKeysPerAccount} keys, the most that are allowed: delete one first.`,
    );
  }

  async #makeSigningKey(account: ServiceAccount): Promise<SigningKey> {
    const untilMs = this.#clock.now() + publishedForMs;
    const key = await this.#generate(account, untilMs);
    this.#add(account, key, 'SYSTEM', untilMs);
    return key;
  }

  /** [O] The certificates name the account by its number. */
  #generate({ uniqueId }: ServiceAccount, notAfterMs: number): Promise<SigningKey> {
    return generateSigningKey(this.#clock, { commonName: uniqueId, notAfterMs });
  }

  #add(
    { uniqueId }: ServiceAccount,
    { kid, publicKey, certificatePem }: SigningKey,
    managedBy: ServiceAccountKey['managedBy'],
    validUntilMs: number,
  ): ServiceAccountKey {
    const validFromMs = this.#clock.now();
    const key = {
      kid,
      managedBy,
      publicKey,
      certificatePem,
      validFromMs,
      validUntilMs,
      disabled: false,
    };
    this.#keys.set(uniqueId, [...(this.#keys.get(uniqueId) ?? []), key]);
    return key;
  }
}

const isOfUser = ({ managedBy }: ServiceAccountKey) => managedBy === 'USER';
