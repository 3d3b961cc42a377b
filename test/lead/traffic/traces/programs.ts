/** Proxies that load images, previews in chats, and programs: each by the name that it gives. */
import { APPLE, CHROME, GMAIL, type Line, type Trace, YAHOO } from '../trace.ts';

const named = (name: string, agent: string, lines: Line[]): Trace => ({
  name,
  delivered: 2,
  links: 3,
  agent,
  ip: '198.51.100.7',
  lines,
});
const click: Line[] = [[900, 'guide', 'machine']];

export const programs: Trace[] = [
  named('the image proxy of Gmail, hours later', GMAIL, [[7200, 'open', 'proxy']]),
  named('the image proxy of Gmail, before the mail is delivered: a proxy and no bot', GMAIL, [[-1, 'open', 'proxy']]),
  named('the image proxy of Yahoo', YAHOO, [[300, 'open', 'proxy']]),
  named('the image proxy of Apple Mail, which loads whether anybody reads or not', APPLE, [[5, 'open', 'proxy']]),
  named('a click with nothing but what Apple’s proxy says of itself: no browser', APPLE, [[900, 'guide', 'suspect']]),
  named('curl', 'curl/8.5.0', click),
  named('a script in Python', 'python-requests/2.32.3', click),
  named('a program in Go', 'Go-http-client/2.0', click),
  named('a program in Java', 'Java/17.0.2', click),
  named('a browser without a screen', CHROME.replace('Chrome/', 'HeadlessChrome/'), click),
  named('a preview by Bing, for Outlook', `${CHROME} BingPreview/1.0b`, click),
  named('a preview by Teams', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5', click),
  named(
    'a preview by Slack, where the mail was passed on',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    click,
  ),
  named('a preview by Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', click),
  named('a preview by WhatsApp', 'WhatsApp/2.23.20.0', click),
  named('Office, which looks at a link before the browser opens it', 'Microsoft Office Existence Discovery', click),
  named('an agent that names nothing that is known', 'Sprocket/2', [[900, 'guide', 'suspect']]),
  named('no agent at all', '', [[900, 'guide', 'suspect']]),
];
