import { describedRule, MayBeAbsent, Obeys, booleanRule, textRule, wholeNumberRule } from '../http/field-rules.js';
import { channelBounds } from './channel-problems.js';
import { channelTypes, type ChannelType, type TestQuestion } from './test-call/test-request.js';

const tokensMax = 100_000;
const contentCharsMax = 10_000;

const contentRule = describedRule({ type: 'string', minLength: 1, maxLength: contentCharsMax }, (value) =>
  typeof value === 'string' && value.length >= 1 && value.length <= contentCharsMax
    ? undefined
    : `content must be text of 1 to ${contentCharsMax} characters`,
);

const typeRule = describedRule({ type: 'string', enum: [...channelTypes] }, (value) =>
  channelTypes.some((type) => type === value) ? undefined : `channel_type must be one of ${channelTypes.join(', ')}`,
);

/** Body of `POST /admin/channels/:id/test`. */
export class TestChannelDto {
  /** Any model, also one that the channel does not list: that is how an operator finds out what it serves. */
  @Obeys(textRule('model', 1, channelBounds.modelCharsMax)) readonly model!: string;
  @MayBeAbsent() @Obeys(wholeNumberRule('max_tokens', 1, tokensMax)) readonly max_tokens?: number;
  @MayBeAbsent() @Obeys(booleanRule('stream')) readonly stream?: boolean;
  @MayBeAbsent() @Obeys(contentRule) readonly content?: string;
  @MayBeAbsent() @Obeys(typeRule) readonly channel_type?: ChannelType;
}

/** The same, by whoever has checked it. */
export type ChannelTest = Pick<TestChannelDto, 'model' | 'max_tokens' | 'stream' | 'content' | 'channel_type'>;

/** The question with the defaults of what it leaves out. */
export const questionOf = ({ model, max_tokens = 512, stream = false, content = 'test', channel_type = 'anthropic' }: ChannelTest): TestQuestion => ({
  model,
  maxTokens: max_tokens,
  stream,
  content,
  type: channel_type,
});
