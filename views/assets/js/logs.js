// The log as it grows, and a request's attempts below its row.
import { onEvents } from './events.js';
import { followRows } from './log-follow.js';
import { openRowsIn } from './log-open.js';

openRowsIn(document.getElementById('log-list'));

const follow = document.getElementById('follow');
if (follow !== null) {
  const { look, lookSoon } = followRows(follow);
  onEvents({ opened: look, log: lookSoon, skipped: lookSoon });
}
