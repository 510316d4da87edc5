import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { AuditModule } from '../audit/audit.module.js';
import type { Config } from '../config/config.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { SessionCleaner } from './session-cleaner.js';
import { TokenGate } from './token-gate.js';

@Module({
  imports: [AuditModule],
  controllers: [AuthController],
  providers: [
    AuthService,
    SessionCleaner,
    {
      provide: TokenGate,
      useFactory: (settings: ConfigService<Config, true>) => new TokenGate(settings.get('tokens', { infer: true })),
      inject: [ConfigService],
    },
  ],
  exports: [TokenGate, AuthService],
})
export class AuthModule {}
