/** What an operator hears while a database is opened. `warning`: something they should do, or look at. */
export interface OpeningNews {
  readonly weight: 'note' | 'warning';
  readonly sentence: string;
}

export type Tell = (news: OpeningNews) => void;
