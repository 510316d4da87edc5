import type { NestExpressApplication } from '@nestjs/platform-express';

interface Router {
  readonly router: { readonly stack: readonly { readonly route?: { readonly path: string; readonly methods: object } }[] };
}

/** Every route of the control plane as the description writes it, e.g. `GET /admin/channels/{id}`. */
export const routesOf = (app: NestExpressApplication): readonly string[] => {
  const { router } = app.getHttpAdapter().getInstance() as unknown as Router;
  return router.stack.flatMap(({ route }) =>
    route === undefined ? [] : Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path.replace(/[:*](\w+)/g, '{$1}')}`),
  );
};
