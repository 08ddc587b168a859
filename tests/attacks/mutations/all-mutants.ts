import { certificateMutants } from './certificate-mutants.ts';
import { httpMutants } from './http-mutants.ts';
import { tokenCheckMutants } from './token-check-mutants.ts';
import { jwtMutants, requireCallerMutants, verifierMutants } from './verifier-mutants.ts';

export const allMutants = [
  tokenCheckMutants,
  jwtMutants,
  verifierMutants,
  requireCallerMutants,
  certificateMutants,
  ...httpMutants,
];
