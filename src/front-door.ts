import type { RequestListener } from 'node:http';

const isModelPath = (target: string): boolean => target.startsWith('/v1/') || target === '/v1' || target.startsWith('/v1?');

/** Clients that think they speak to a proxy name the whole address; servers must accept that form (RFC 9112 §3.2.2). */
const withoutAuthority = (target: string): string => {
  if (target.startsWith('/')) return target;
  const afterAuthority = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (afterAuthority === undefined) return target;
  return afterAuthority.startsWith('/') ? afterAuthority : `/${afterAuthority}`;
};

/** The one place where the planes part: model calls go to the data plane, everything else to the control plane. */
export const frontDoor =
  (proxy: RequestListener, admin: RequestListener): RequestListener =>
  (request, response) => {
    const target = withoutAuthority(request.url ?? '/');
    request.url = target;
    if (isModelPath(target)) proxy(request, response);
    else admin(request, response);
  };
