import { NewsLine } from '../domain/news.js';

/** The line of a gateway that shares its store with nobody. */
export class LineAlone extends NewsLine {
  override publish(): void {
    // Nobody is there to hear it.
  }

  override listen(): () => void {
    return () => undefined;
  }
}
