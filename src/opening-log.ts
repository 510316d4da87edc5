import type { LogLevel } from './config/config.js';
import type { OpeningNews } from './database/opening-news.js';
import { ProgramLogger } from './program-logger.js';

const context = 'Database';

/** Says in the program's log what happens while the database is opened, before there is an application. */
export const logOpening = ({ weight, sentence }: OpeningNews, level: LogLevel): void => {
  const logger = new ProgramLogger(level);
  if (weight === 'warning') logger.warn(sentence, context);
  else logger.log(sentence, context);
};
