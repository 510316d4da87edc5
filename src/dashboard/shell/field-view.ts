/** A field of a form as its partial shows it. */
export interface FieldView {
  readonly name: string;
  /** Where the page has another field of this name, for example in a dialog. */
  readonly id?: string;
  readonly label: string;
  readonly type: 'text' | 'search' | 'password' | 'url' | 'number' | 'textarea';
  readonly value: string;
  readonly hint?: string;
  /** What is wrong with the value, as a sentence. */
  readonly error?: string;
  readonly isRequired?: boolean;
  readonly autocomplete?: string;
  /** An example, shown while there is no value. */
  readonly placeholder?: string;
  /** Lines of a textarea; 4 unless something else is said. */
  readonly rows?: number;
  /** The id of a `<datalist>` with values to choose from. */
  readonly list?: string;
}
