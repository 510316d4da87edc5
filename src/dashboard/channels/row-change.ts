import { formValues } from '../shell/parse-form.js';
import { priorityIn } from './channel-form.js';

/** What a form of the list asks for. */
export type RowChange =
  | {
      readonly kind: 'priority';
      readonly id: number;
      /** NaN when what was typed is none. */
      readonly priority: number;
      readonly typed: string;
      /** The version that the list showed. */
      readonly updatedAt: number;
    }
  | { readonly kind: 'enable' | 'disable' | 'clear' | 'copy'; readonly id: number };

const kinds = ['enable', 'disable', 'clear', 'copy'] as const;
const isWhole = (text: string): boolean => /^\d{1,15}$/.test(text);

/** A button's name says what is wanted, its value of which channel. `undefined` for what no form of ours posts. */
export const rowChangeOf = (body: unknown): RowChange | undefined => {
  const values = formValues(body, [...kinds, 'id', 'priority', 'updated_at']);
  const kind = kinds.find((name) => isWhole(values[name]));
  if (kind !== undefined) return { kind, id: Number(values[kind]) };
  const { id, priority, updated_at: updatedAt } = values;
  if (!isWhole(id) || !isWhole(updatedAt)) return undefined;
  const typed = priority.trim();
  return { kind: 'priority', id: Number(id), priority: priorityIn(typed, Number.NaN), typed, updatedAt: Number(updatedAt) };
};
