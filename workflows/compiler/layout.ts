/** The frame of the mails: MJML, compiled once with slots in it, because MJML is slow and the mails are many. */
import { layoutLookFaults, withoutComments } from './layout-look.ts';
import { type LiquidFault, liquidFaults, type Variables } from './liquid.ts';
import { escapeAroundLiquid, maskLiquid, unmaskLiquid } from './liquid-mask.ts';

const SLOTS = ['language', 'direction', 'subject', 'preheader', 'content', 'footer'] as const;
export type Slot = (typeof SLOTS)[number];
const SLOT = /^\{\{-?\s*([a-z]+)\s*-?\}\}$/;

/** Puts a mail into the frame. `content` and `footer` are HTML, the others text, all with Liquid in them. */
export type Layout = (slots: Record<Slot, string>) => string;

export interface LayoutFault extends Omit<LiquidFault, 'at'> {
  line: number;
  /** Legal but doubtful. */
  warning?: true;
}

/** Compiles a frame that was checked, or that is the built-in one. @returns what MJML says of it otherwise. */
export async function compileLayout(mjml: string): Promise<Layout | LayoutFault[]> {
  const masked = maskLiquid(mjml);
  const { default: mjml2html } = await import('mjml');
  try {
    const { html, errors } = await mjml2html(masked.text, { validationLevel: 'soft', ignoreIncludes: true });
    const said = errors.map(({ line, message }) => ({ line, message: unmaskLiquid(message, masked) }));
    if (said.length > 0) return said;
    return slotted(withoutIndents(html), masked);
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return [{ line: 1, message: `This is not valid MJML: ${unmaskLiquid(message, masked)}` }];
  }
}

/** MJML indents by depth; the leading spaces are a tenth of the mail and mean nothing. */
const withoutIndents = (html: string): string => html.replaceAll(/^\s+/gm, '').trim();

function slotted(html: string, masked: ReturnType<typeof maskLiquid>): Layout {
  const parts = html.split(new RegExp(masked.word.source));
  return (slots) => {
    const values: Record<string, string> = {
      ...slots,
      language: escapeAroundLiquid(slots.language),
      subject: escapeAroundLiquid(slots.subject),
      preheader: escapeAroundLiquid(slots.preheader),
    };
    return parts
      .map((part, index) => {
        // Every other part is the number of a piece of Liquid.
        if (index % 2 === 0) return part;
        const piece = masked.pieces[Number(part)]?.text ?? '';
        return values[SLOT.exec(piece)?.[1] ?? ''] ?? piece;
      })
      .join('');
  };
}

/** What is wrong with a layout of one's own. */
export function layoutFaults(own: string, variables: Variables): LayoutFault[] {
  const slots = new Map(SLOTS.map((slot) => [slot as string, 'there' as const]));
  const lineAt = (at: number) => own.slice(0, at).split('\n').length;
  const faults: LayoutFault[] = liquidFaults(own, new Map([...variables, ...slots])).map(({ at, ...fault }) => ({
    ...fault,
    line: lineAt(at),
  }));
  const seen = withoutComments(own);
  for (const slot of ['content', 'footer']) {
    const places = [...seen.matchAll(new RegExp(`\\{\\{-?\\s*${slot}\\s*-?\\}\\}`, 'g'))];
    const hint =
      slot === 'footer' ? 'It holds the reason, the address and the unsubscribe link.' : 'It holds the mail.';
    const [place] = places;
    if (places.length !== 1 || !place) {
      const message = `The layout must have \`{{ ${slot} }}\` once; here it stands ${places.length} times.`;
      faults.push({ line: 1, message, hint });
    } else if (isConditional(seen.slice(0, place.index))) {
      const message = `\`{{ ${slot} }}\` must be in every mail: here it stands in a condition.`;
      faults.push({ line: lineAt(place.index), message, hint });
    }
  }
  const forbidden = /<mj-include|<script|<form|<link/i.exec(seen);
  if (forbidden) faults.push({ line: lineAt(forbidden.index), message: `\`${forbidden[0]}\` has no place in a mail.` });
  // Whoever must mend a layout is told what is doubtful afterwards.
  return faults.length > 0 ? faults : layoutLookFaults(own);
}

/** Whether a tag of Liquid is open at the end of a text. */
function isConditional(before: string): boolean {
  const opened = before.match(/\{%-?\s*(?:if|unless|case|capture|comment|raw)\b/g)?.length ?? 0;
  const closed = before.match(/\{%-?\s*end(?:if|unless|case|capture|comment|raw)\b/g)?.length ?? 0;
  return opened > closed;
}
