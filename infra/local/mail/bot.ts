/** Whether a machine followed a link. SES does not say how it judges; this is a small rule that says what it looks at. */

export type BotVerdict = 'Likely' | 'Unlikely';

/** Names that mail scanners, link previews and crawlers give themselves. */
const machines =
  /\bbot\b|bot[/;) ]|crawler|spider|barracuda|proofpoint|mimecast|safelinks|forcepoint|trendmicro|symantec|fireeye|zscaler|sophos|urldefense|slackbot|facebookexternalhit|whatsapp|skypeuripreview|bingpreview/i;

/** A HEAD request, or a user agent that names itself a machine. A test may force the verdict by `?bot=Likely`. */
export function botVerdict(request: Request): BotVerdict {
  const forced = new URL(request.url).searchParams.get('bot');
  if (forced === 'Likely' || forced === 'Unlikely') return forced;
  const machine = request.method === 'HEAD' || machines.test(request.headers.get('user-agent') ?? '');
  return machine ? 'Likely' : 'Unlikely';
}
