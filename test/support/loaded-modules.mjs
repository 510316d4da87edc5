// Loaded by `--import`: prints `loaded: URL` for every module of the program's own and every package that is imported.
import { register } from 'node:module';

const hooks = `
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => {
    if (url.startsWith('file:')) writeSync(1, 'loaded: ' + url + '\\n');
    return next(url, context);
  };
`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
