/** A real Chromium, from npm. */
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** @returns a headless browser; its own sandbox is off, since tests may run as root. */
export async function launchBrowser(): Promise<Browser> {
  // Unpacks the libraries that it needs, as it does in Lambda.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
