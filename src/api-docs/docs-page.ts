import { pathOfBrowserFile } from '../http/browser-files.js';

/** What the page may load: itself, and the pictures that are written into its style sheet. */
export const docsPagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ccLoad API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="description"></div>
<noscript><p>This page needs JavaScript. <a href="/docs/json">The same as JSON</a> does not.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** In a file of its own: the policy forbids scripts inside the page. The validator badge would ask a stranger's server. */
export const docsStartScript = `SwaggerUIBundle({
  url: '/docs/json',
  dom_id: '#description',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

export const swaggerUiFiles = {
  script: pathOfBrowserFile('swagger-ui-dist/swagger-ui-bundle.js'),
  styles: pathOfBrowserFile('swagger-ui-dist/swagger-ui.css'),
} as const;
