/** A state as the partial `badge` shows it: an icon and a word, never colour alone. */
export interface BadgeView {
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet';
  readonly label: string;
}
