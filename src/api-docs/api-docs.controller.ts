import { createReadStream } from 'node:fs';
import { applyDecorators, Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { ApiExcludeEndpoint, type OpenAPIObject } from '@nestjs/swagger';
import { ApiDescription } from './api-description.js';
import { apiDocsDocs } from './api-docs.docs.js';
import { docsPage, docsPagePolicy, docsStartScript, swaggerUiFiles } from './docs-page.js';

const Page = (): MethodDecorator =>
  applyDecorators(Header('Content-Type', 'text/html; charset=utf-8'), Header('Content-Security-Policy', docsPagePolicy));

/** A file of the page. It changes with the program only, so a browser may keep it for an hour. */
const PageFile = (type: string): MethodDecorator =>
  applyDecorators(Header('Content-Type', type), Header('Cache-Control', 'public, max-age=3600'), ApiExcludeEndpoint());

const script = 'text/javascript; charset=utf-8';
const fileAt = (path: string): StreamableFile => new StreamableFile(createReadStream(path));

/** The description for everybody: it tells what the program can do, and nothing of what is in it. */
@Controller('docs')
export class ApiDocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get() @Page() @apiDocsDocs.page page(): string {
    return docsPage;
  }

  @Get('json') @apiDocsDocs.json json(): OpenAPIObject {
    return this.description.document;
  }

  @Get('start.js') @PageFile(script) start(): string {
    return docsStartScript;
  }

  @Get('swagger-ui-bundle.js') @PageFile(script) bundle(): StreamableFile {
    return fileAt(swaggerUiFiles.script);
  }

  @Get('swagger-ui.css') @PageFile('text/css; charset=utf-8') styles(): StreamableFile {
    return fileAt(swaggerUiFiles.styles);
  }
}
