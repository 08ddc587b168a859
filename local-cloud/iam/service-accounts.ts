import type { Clock } from '../clock.ts';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import { uniqueIdOf } from '../tokens/account.ts';
import type { Principal } from './access.ts';
import type { PolicyStore } from './policy-store.ts';
import { serviceAccountResource } from './resource-names.ts';

/** A service account, https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts */
export interface ServiceAccount {
  readonly email: string;
  /** 21 digits. Another account with the same e-mail address has another one. */
  readonly uniqueId: string;
  readonly project: string;
  displayName: string;
  description: string;
  disabled: boolean;
  /** Milliseconds since the Unix epoch; `undefined` while it exists. */
  deletedAtMs: number | undefined;
  /** Changes with every write. */
  etag: string;
}

/**
 * `absent`: nothing of that name was ever in a project of this local cloud, or it is no address that a
 * service account can have. `unknown`: a person, or an
 * account of somebody else's project, about which nothing is known here.
 */
export type AccountState = 'active' | 'disabled' | 'deleted' | 'absent' | 'unknown';

/** Whether an account in this state can do anything, as far as is known here. */
export function canAct(state: AccountState): boolean {
  return state === 'active' || state === 'unknown';
}

/** Tells whether a principal can act at all, whatever its roles. */
export interface AccountStates {
  /** With `uniqueId`: of that very account, not of a later one with the same name. */
  stateOf(principal: Principal, uniqueId?: string): AccountState;
}

/** Tells also which account that is. */
export interface AccountDirectory extends AccountStates {
  /** The unique id of the account whose state it is; `undefined` if there never was one. */
  uniqueIdOf(principal: Principal): string | undefined;
}

/** Where nothing is known about accounts: nobody is disabled. */
export const noAccounts: AccountDirectory = {
  stateOf: () => 'unknown',
  uniqueIdOf: () => undefined,
};

/** https://cloud.google.com/iam/docs/service-accounts-create */
const idPattern = /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/;
/** https://cloud.google.com/iam/docs/service-accounts-delete-undelete#undeleting */
const undeletableForMs = 30 * 24 * 3_600_000;

/** The service accounts of one local cloud. */
export class ServiceAccounts implements AccountDirectory {
  readonly #clock: Clock;
  readonly #policies: PolicyStore;
  readonly #byUniqueId = new Map<string, ServiceAccount>();
  readonly #projects = new Set<string>();
  #writes = 0;

  constructor({ clock, policies }: { clock: Clock; policies: PolicyStore }) {
    this.#clock = clock;
    this.#policies = policies;
  }

  /** Adds an account that is there from the start, whatever its address looks like. */
  seed(project: string, email: string, displayName = ''): ServiceAccount {
    this.#projects.add(project);
    return this.current(email) ?? this.#add(project, email, { displayName, description: '' });
  }

  /** @throws {ApiError} INVALID_ARGUMENT, ALREADY_EXISTS */
  create(
    project: string,
    accountId: string,
    texts: { displayName: string; description: string },
  ): ServiceAccount {
    if (!idPattern.test(accountId)) {
      throw invalidArgument(
        `Account ID "${accountId}" does not have a length between 6 and 30, or is not made of lower-case letters, digits and hyphens, starting with a letter.`,
      );
    }
    const email = `${accountId}@${project}.iam.gserviceaccount.com`;
    if (this.current(email)) {
      throw new ApiError(
        'ALREADY_EXISTS',
        `Service account ${accountId} already exists within project projects/${project}.`,
      );
    }
    this.#projects.add(project);
    return this.#add(project, email, texts);
  }

  /** The account with this address that exists now. */
  current(email: string): ServiceAccount | undefined {
    const wanted = email.toLowerCase();
    for (const account of this.#byUniqueId.values()) {
      if (account.email === wanted && account.deletedAtMs === undefined) return account;
    }
    return undefined;
  }

  /** An account by its unique id, deleted ones too. */
  byUniqueId(uniqueId: string): ServiceAccount | undefined {
    return this.#byUniqueId.get(uniqueId);
  }

  /** Those that exist in a project, by address. */
  list(project: string): ServiceAccount[] {
    return [...this.#byUniqueId.values()]
      .filter((account) => account.project === project && account.deletedAtMs === undefined)
      .sort((a, b) => (a.email < b.email ? -1 : 1));
  }

  /** Every account, deleted ones too, in the order in which they were made. */
  all(): ServiceAccount[] {
    return [...this.#byUniqueId.values()];
  }

  update(
    account: ServiceAccount,
    changes: Partial<Pick<ServiceAccount, 'displayName' | 'description' | 'disabled'>>,
  ): void {
    Object.assign(account, changes, { etag: this.#nextEtag() });
  }

  /**
   * Deletes it. Bindings keep it as `deleted:…?uid=…`, which grants nothing: an account of the same name
   * that is made later gets nothing of what this one had.
   */
  delete(account: ServiceAccount): void {
    account.deletedAtMs = this.#clock.now();
    const { email, uniqueId } = account;
    this.#policies.replaceMember(memberOf(email), deletedMemberOf(email, uniqueId));
  }

  /** Brings it back with its bindings. @throws {ApiError} NOT_FOUND, FAILED_PRECONDITION */
  undelete(uniqueId: string): ServiceAccount {
    const account = this.#byUniqueId.get(uniqueId);
    const since = this.#clock.now() - (account?.deletedAtMs ?? 0);
    if (account?.deletedAtMs === undefined || since > undeletableForMs) {
      throw new ApiError(
        'NOT_FOUND',
        `There is no deleted service account with the id ${uniqueId}.`,
      );
    }
    const { email } = account;
    if (this.current(email)) {
      throw new ApiError(
        'FAILED_PRECONDITION',
        `A service account ${email} exists: it would have the same name.`,
      );
    }
    // The policy that is there belongs to another account of the name, deleted since.
    if (this.#latest(email) !== account) {
      this.#policies.remove(serviceAccountResource(account.project, email));
    }
    account.deletedAtMs = undefined;
    this.#policies.replaceMember(deletedMemberOf(email, uniqueId), memberOf(email));
    return account;
  }

  stateOf(principal: Principal, uniqueId?: string): AccountState {
    if (!principal.startsWith('serviceAccount:')) return 'unknown';
    const email = principal.slice('serviceAccount:'.length);
    const account =
      (uniqueId === undefined ? undefined : this.#byUniqueId.get(uniqueId)) ?? this.#latest(email);
    if (account) {
      if (account.deletedAtMs !== undefined) return 'deleted';
      return account.disabled ? 'disabled' : 'active';
    }
    if (!email.endsWith('.gserviceaccount.com')) return 'absent';
    const project = /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1] ?? '';
    return this.#projects.has(project) ? 'absent' : 'unknown';
  }

  uniqueIdOf(principal: Principal): string | undefined {
    return this.#latest(principal.slice('serviceAccount:'.length))?.uniqueId;
  }

  /** The account with this address that exists now, or else the last one that did. */
  #latest(email: string): ServiceAccount | undefined {
    return (
      this.current(email) ??
      [...this.#byUniqueId.values()].findLast((deleted) => deleted.email === email)
    );
  }

  #add(
    project: string,
    address: string,
    texts: { displayName: string; description: string },
  ): ServiceAccount {
    const email = address.toLowerCase();
    const before = [...this.#byUniqueId.values()].filter((other) => other.email === email).length;
    // The first one's id is the same at every start; those after it differ.
    const uniqueId = uniqueIdOf(before === 0 ? email : `${before} ${email}`);
    const account: ServiceAccount = {
      email,
      uniqueId,
      project,
      ...texts,
      disabled: false,
      deletedAtMs: undefined,
      etag: this.#nextEtag(),
    };
    this.#byUniqueId.set(uniqueId, account);
    if (before > 0) this.#policies.remove(serviceAccountResource(project, email));
    return account;
  }

  #nextEtag(): string {
    this.#writes += 1;
    return Buffer.from(`01021${String(this.#writes).padStart(4, '0')}`).toString('base64');
  }
}

const memberOf = (email: string) => `serviceAccount:${email}`;
const deletedMemberOf = (email: string, uniqueId: string) =>
  `deleted:serviceAccount:${email}?uid=${uniqueId}`;
