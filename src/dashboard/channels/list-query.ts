import { formValues } from '../shell/parse-form.js';

export const statuses = ['serving', 'cooling', 'disabled'] as const;
export type Status = (typeof statuses)[number];

export const sortKeys = ['name', 'status', 'priority', 'attempts', 'success'] as const;
export type SortKey = (typeof sortKeys)[number];

/** What the address of the list asks for. */
export interface ListQuery {
  /** Part of a name, a URL or a model. */
  readonly q: string;
  readonly status: Status | undefined;
  /** Part of a model. */
  readonly model: string;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

export const channelsPath = '/web/channels';
const wordCharsMax = 200;

/** Numbers are read from the highest, words from the first. */
export const sortsDescending = (key: SortKey): boolean => key !== 'name' && key !== 'status';

/** An address that somebody typed or bookmarked: what is no value of ours counts as not said. */
export const listQueryOf = (query: unknown): ListQuery => {
  const { q, status, model, sort, order, page } = formValues(query, ['q', 'status', 'model', 'sort', 'order', 'page']);
  const key = sortKeys.find((known) => known === sort) ?? 'priority';
  return {
    q: q.trim().slice(0, wordCharsMax),
    status: statuses.find((known) => known === status),
    model: model.trim().slice(0, wordCharsMax),
    sort: key,
    isDescending: order === '' ? sortsDescending(key) : order === 'desc',
    page: /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1,
  };
};

/** The address of the list; what is as usual is left out, so that addresses stay short. */
export const listPath = ({ q, status, model, sort, isDescending, page }: ListQuery): string => {
  const said = new URLSearchParams({
    ...(q === '' ? {} : { q }),
    ...(status === undefined ? {} : { status }),
    ...(model === '' ? {} : { model }),
    ...(sort === 'priority' ? {} : { sort }),
    ...(isDescending === sortsDescending(sort) ? {} : { order: isDescending ? 'desc' : 'asc' }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return said.size === 0 ? channelsPath : `${channelsPath}?${said.toString()}`;
};
