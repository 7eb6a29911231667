// Start: words, session, then the shell.
import { html, render } from './html.js';
import { startLanguage } from './i18n.js';
import { askSession } from './session.js';
import { Shell } from './shell.js';

await startLanguage();
render(html`<${Shell} />`, document.getElementById('page'));
await askSession();
