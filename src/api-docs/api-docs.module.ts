import { Module } from '@nestjs/common';
import { ApiDescription } from './api-description.js';
import { ApiDocsController } from './api-docs.controller.js';

@Module({ controllers: [ApiDocsController], providers: [ApiDescription] })
export class ApiDocsModule {}
