/** Schemes that name a PostgreSQL server. */
export const postgresScheme = /^postgres(?:ql)?:\/\//i;

/** Host, port and database of a URL, as sentences name it: without user and password, and without options, one of which may be a password. */
export const serverNameOf = (url: string): string => {
  const [place = ''] = url.replace(postgresScheme, '').split('?');
  const afterLogin = place.slice(place.lastIndexOf('@') + 1);
  return afterLogin === '' ? 'PostgreSQL' : `PostgreSQL at ${afterLogin}`;
};

/** The URL with settings for every session, behind those that it may bring itself. */
export const withSettings = (url: string, settings: Readonly<Record<string, string | number>>): string => {
  const [place = '', query = ''] = url.split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  given.set('options', [given.get('options') ?? '', ...ours].join(' ').trim());
  // A plus would be read as itself where a space is meant.
  return `${place}?${given.toString().replaceAll('+', '%20')}`;
};
