import { Injectable, type INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from './document.js';

/** The description of the API. It is made once, when all parts of the application are there. */
@Injectable()
export class ApiDescription {
  private made: OpenAPIObject | undefined;

  /** Reads the routes of `app`. To be called once, before the first request. */
  describe(app: INestApplication): void {
    this.made = describeApi(app);
  }

  get document(): OpenAPIObject {
    if (this.made === undefined) throw new Error('the API is described before anybody asks for it');
    return this.made;
  }
}
