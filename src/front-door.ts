import type { RequestListener } from 'node:http';

const isModelPath = (target: string): boolean => target.startsWith('/v1/') || target === '/v1' || target.startsWith('/v1?');

/** The one place where the planes part: model calls go to the data plane, everything else to the control plane. */
export const frontDoor =
  (proxy: RequestListener, admin: RequestListener): RequestListener =>
  (request, response) =>
    isModelPath(request.url ?? '/') ? proxy(request, response) : admin(request, response);
