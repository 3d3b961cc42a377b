/** What the compiler uses of MJML, which comes without types. */
declare module 'mjml' {
  export default function mjml2html(
    mjml: string,
    options?: { validationLevel?: 'strict' | 'soft' | 'skip'; keepComments?: boolean; ignoreIncludes?: boolean },
  ): Promise<{ html: string; errors: { line: number; message: string; tagName: string }[] }>;
}
