import { digestOf, isSameSecret } from '../http/same-secret.js';

/** May whoever sends this `Authorization` header read the metrics? Everybody may while no token is configured. */
export const metricsGate = (token: string | undefined): ((authorization: string | undefined) => boolean) => {
  if (token === undefined) return () => true;
  const wanted = digestOf(token);
  return (authorization) => {
    const shown = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    return shown !== undefined && isSameSecret(digestOf(shown), wanted);
  };
};
