/** A field of a form as its partial shows it. */
export interface FieldView {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'url' | 'number' | 'textarea';
  readonly value: string;
  readonly hint?: string;
  /** What is wrong with the value, as a sentence. */
  readonly error?: string;
  readonly isRequired?: boolean;
  readonly autocomplete?: string;
}
