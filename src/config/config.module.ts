import type { DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { Config } from './config.js';

/**
 * Makes an already loaded configuration injectable everywhere: `ConfigService<Config, true>`, read with
 * `settings.get('port', { infer: true })`. Reads neither the environment nor a file itself.
 */
export const configModule = (config: Config): Promise<DynamicModule> =>
  ConfigModule.forRoot({
    isGlobal: true,
    ignoreEnvFile: true,
    validatePredefined: false,
    skipProcessEnv: true,
    load: [() => ({ ...config })],
  });
