/** Links of ours that carry a token: who has the token acts for the person, so none is kept in the log. */

/** Pages whose last segment of path is a token. */
const TOKEN_PAGE = /^(.*\/(?:unsubscribe|preferences|confirm|handoffs\/answer))\/v\d+\.[^/?#]+(?:[/?#].*)?$/;

/** The link as it is; where it is one of our token pages, without the token and what follows it. */
export const withoutOwnToken = (link: string): string => TOKEN_PAGE.exec(link)?.[1] ?? link;
