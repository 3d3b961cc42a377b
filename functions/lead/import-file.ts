/** An imported file as rows of cells: CSV as spreadsheets and other systems write it. */
import { parse } from 'csv-parse/sync';

export interface ImportFile {
  /** The cells of the first row, as they stand there. */
  header: string[];
  /** Every other row, blank ones too: the first of them is row 2, as a spreadsheet counts. */
  rows: string[][];
}

/** More in one cell is no list of people. */
const LONGEST_RECORD = 100_000;

/** Quoted parts do not count. */
const countOf = (line: string, sign: string): number => line.replace(/"[^"]*"/g, '').split(sign).length - 1;

/** Comma, semicolon (spreadsheets where the comma is in numbers) or tab: whichever the first row holds most of. */
const delimiterOf = (line: string): string =>
  [',', ';', '\t'].reduce((best, sign) => (countOf(line, sign) > countOf(line, best) ? sign : best));

/** The line `sep=;` that some spreadsheets put first tells the delimiter and is no row. */
const SEPARATOR = /^sep=([,;\t])\r?\n/i;

/**
 * Reads UTF-8 bytes, with a byte order mark or without.
 * @returns why it cannot be read, in a sentence.
 */
export const readImportBytes = (bytes: Uint8Array): ImportFile | { refused: string } => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // What a gateway, or a program before, put in the place of what it could not decode.
    if (text.includes('\ufffd') || text.includes('\0')) return NOT_UTF8;
    return readImportFile(text);
  } catch {
    return NOT_UTF8;
  }
};

const NOT_UTF8 = { refused: 'The file is not UTF-8: save it as “CSV UTF-8”.' };

const readImportFile = (whole: string): ImportFile | { refused: string } => {
  const separator = SEPARATOR.exec(whole);
  const text = separator ? whole.slice(separator[0].length) : whole;
  const first = text.slice(0, text.search(/[\r\n]|$/));
  try {
    const [header, ...rows] = parse(text, {
      delimiter: separator?.[1] ?? delimiterOf(first),
      // Each row is refused by itself where its cells do not fit the header.
      relax_column_count: true,
      max_record_size: LONGEST_RECORD,
    });
    return header ? { header, rows } : { refused: 'The file is empty.' };
  } catch (error) {
    return { refused: whyNotCsv(error) };
  }
};

const whyNotCsv = (error: unknown): string => {
  const line = typeof error === 'object' && error !== null && 'lines' in error ? ` near line ${error.lines}` : '';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    const row =
      typeof error === 'object' && error !== null && 'records' in error ? Number(error.records) + 1 : undefined;
    return `The file is not valid CSV: a quotation mark${row ? ` of row ${row}` : ''} is never closed.`;
  }
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `The file is not valid CSV: a row is too long${line}, as where a quotation mark is never closed.`;
  return `The file is not valid CSV: a quotation mark stands where none may${line}.`;
};
