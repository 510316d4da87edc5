import { describedRule, MayBeAbsent, Obeys, type FieldRule } from '../http/field-rules.js';

const passwordCharsMax = 1024;

const passwordRule: FieldRule = describedRule({ type: 'string', maxLength: passwordCharsMax }, (value) =>
  typeof value === 'string' && value.length <= passwordCharsMax
    ? undefined
    : `password must be text of at most ${passwordCharsMax} characters`,
);

const redirectCharsMax = 2048;

const redirectRule: FieldRule = describedRule({ type: 'string', maxLength: redirectCharsMax }, (value) =>
  typeof value === 'string' && value.length <= redirectCharsMax
    ? undefined
    : `redirect must be text of at most ${redirectCharsMax} characters`,
);

export class LoginDto {
  @Obeys(passwordRule) readonly password!: string;
  /** Where a form leads after the login; another site's address is not followed. JSON gets its answer and stays. */
  @MayBeAbsent() @Obeys(redirectRule) readonly redirect?: string;
}

export interface LoginAnswer {
  readonly status: 'success';
}
