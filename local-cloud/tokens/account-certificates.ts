import type { ServiceAccountKeys } from '../iam/service-account-keys.ts';
import type { ServiceAccounts } from '../iam/service-accounts.ts';
import { keyDocuments } from './key-documents.ts';

/**
 * Where the public keys of service accounts are, in both forms; `robot` is what key files point to:
 * https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys
 */
const paths =
  /^\/(?:(?:service_accounts|robot)\/v1\/metadata|service_accounts\/v1)\/(x509|jwk)\/([^/]+)$/;

/** The keys of one service account, or how to find that there is no such account. */
export type AccountCertificates = (path: string) => (() => Promise<object | undefined>) | undefined;

/** Publishes the keys of service accounts, so that anybody can verify what they have signed. */
export function accountCertificates({
  accounts,
  accountKeys,
}: {
  accounts: Pick<ServiceAccounts, 'current'>;
  accountKeys: ServiceAccountKeys;
}): AccountCertificates {
  return (path) => {
    const [, form, email] = paths.exec(path) ?? [];
    if ((form !== 'x509' && form !== 'jwk') || email === undefined) return undefined;
    return async () => {
      const account = accounts.current(email.replaceAll(/%40/gi, '@'));
      if (!account) return undefined;
      // The first one to ask may come before anything was signed, and keeps the answer for hours.
      await accountKeys.signingKey(account);
      return keyDocuments[form](accountKeys.list(account).filter(({ disabled }) => !disabled));
    };
  };
}
