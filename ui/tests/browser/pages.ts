import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Where `npm run test:browser` builds the pages to; apart from `dist`, which the window embeds. */
const PAGES = join(process.cwd(), 'node_modules/.pages');

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface WindowConfig {
  app: { security: { csp: Record<string, string> } };
}

/** The content policy that the window runs under, from its configuration. */
export function policy(): string {
  const config = JSON.parse(readFileSync(join(process.cwd(), '../tauri.conf.json'), 'utf8')) as WindowConfig;
  return Object.entries(config.app.security.csp)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/** Serves the built pages under the window's content policy. */
export async function serve(): Promise<{ address: string; server: Server }> {
  const csp = policy();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(PAGES, normalize(path === '/' ? '/index.html' : path));
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': csp });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
