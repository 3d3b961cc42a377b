import { describe, expect, it } from 'vitest';
import { readImportBytes } from '../../functions/lead/import-file.ts';

const read = (text: string) => readImportBytes(new TextEncoder().encode(text));

describe('an imported file', () => {
  it.each([
    ['with commas', 'email,name\na@b.example,Ada\n'],
    ['with semicolons', 'email;name\na@b.example;Ada\n'],
    ['with tabs', 'email\tname\na@b.example\tAda\n'],
    ['with a byte order mark', '\ufeffemail,name\na@b.example,Ada\n'],
    ['with a byte order mark before a quotation mark', '\ufeff"email","name"\n"a@b.example","Ada"\n'],
    ['with Windows line ends', 'email,name\r\na@b.example,Ada\r\n'],
    ['with old Mac line ends', 'email,name\ra@b.example,Ada\r'],
    ['without a last line end', 'email,name\na@b.example,Ada'],
    ['that names its separator first', 'sep=;\r\nemail;name\r\na@b.example;Ada\r\n'],
    ['with a comma in a quoted column among semicolons', '"email";"name"\n"a@b.example";"Ada"\n'],
  ])('%s is read', (_, text) => {
    expect(read(text)).toEqual({ header: ['email', 'name'], rows: [['a@b.example', 'Ada']] });
  });

  it('keeps commas, quotation marks and line breaks in quoted cells', () => {
    expect(read('email,name\na@b.example,"Ada, ""Countess""\nLovelace"\n')).toMatchObject({
      rows: [['a@b.example', 'Ada, "Countess"\nLovelace']],
    });
  });

  it('counts blank rows, and takes rows of any length', () => {
    expect(read('email,name\n\na@b.example\n,,,\n')).toMatchObject({ rows: [[''], ['a@b.example'], ['', '', '', '']] });
  });

  it('keeps Vietnamese and Thai as they are', () => {
    expect(read('email,name\na@b.example,Nguyễn Thị Hương\nc@d.example,สมชาย\n')).toMatchObject({
      rows: [
        ['a@b.example', 'Nguyễn Thị Hương'],
        ['c@d.example', 'สมชาย'],
      ],
    });
  });

  it.each([
    ['is empty', '', 'The file is empty.'],
    [
      'never closes a quotation mark',
      'email,name\na@b.example,"Ada\n',
      'The file is not valid CSV: a quotation mark of row 2 is never closed.',
    ],
    [
      'has a quotation mark inside a cell',
      'email,name\na@b.example,A"da\n',
      /^The file is not valid CSV: a quotation mark stands where none may near line 2\.$/,
    ],
    ['has a row without end', `email,name\na@b.example,"${'x,\n'.repeat(50_000)}`, /a row is too long/],
    ['is no text', 'email\0,name', 'The file is not UTF-8: save it as “CSV UTF-8”.'],
  ])('that %s is refused', (_, text, why) => {
    expect(read(text)).toEqual({ refused: expect.stringMatching(why) });
  });

  it.each([
    ['Latin-1', Buffer.from('email,name\na@b.example,Andr\xe9\n', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffemail,name\na@b.example,Ada\n', 'utf16le')],
  ])('in %s is refused, and says what to do', (_, bytes) => {
    expect(readImportBytes(bytes)).toEqual({ refused: expect.stringContaining('save it as “CSV UTF-8”') });
  });
});
