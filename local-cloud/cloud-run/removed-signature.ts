/**
 * What stands in place of the signature in a token that Cloud Run has checked:
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export const removedSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';
