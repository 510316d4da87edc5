import { BadRequestException, ValidationPipe, type ValidationError } from '@nestjs/common';

/** Sentences in one answer; a body of a thousand wrong fields is not worth a thousand. */
const sentencesMax = 20;
const echoedNameCharsMax = 64;

const sentenceOf = ({ property, constraints = {} }: ValidationError): string =>
  'whitelistValidation' in constraints
    ? `${property.slice(0, echoedNameCharsMax)} is not a known field`
    : Object.values(constraints).join('; ');

/** Checks bodies and queries against their DTOs: unknown fields are refused, and every wrong field gets its sentence. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => new BadRequestException(errors.slice(0, sentencesMax).map(sentenceOf).join('; ')),
  });
