// Loaded by every page; each module makes something better that works without it.
import './preferences.js';
import './times.js';
import './dialogs.js';
import './notices.js';
import './settings.js';
import './submits.js';
