import { Transform } from 'class-transformer';
import { booleanRule, MayBeAbsent, Obeys } from '../http/field-rules.js';

const words: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['true', true],
  ['1', true],
  ['', true],
  ['false', false],
  ['0', false],
]);

/** Query of `POST /admin/channels/import`. */
export class ImportQueryDto {
  /** Reports what an import would do, and stores nothing. */
  @Transform(({ value }: { readonly value: unknown }) => words.get(value) ?? value)
  @MayBeAbsent()
  @Obeys(booleanRule('dry_run'))
  readonly dry_run?: boolean;
}
