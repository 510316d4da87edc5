import { Obeys, type FieldRule } from '../http/field-rules.js';

const passwordCharsMax = 1024;

const passwordRule: FieldRule = (value) =>
  typeof value === 'string' && value.length <= passwordCharsMax
    ? undefined
    : `password must be text of at most ${passwordCharsMax} characters`;

export class LoginDto {
  @Obeys(passwordRule) readonly password!: string;
}

export interface LoginAnswer {
  readonly status: 'success';
}
