/**
 * Fields that tell what the law protects. Whoever asks for one must say why: `reason:` on the field.
 * GDPR Art. 9(1) and 10: origin, politics, religion, union, genes, biometrics, health, sex life, crimes. Vietnam, decree
 * 13/2023/ND-CP Art. 2(4), and Thailand, PDPA s. 26, name the same, and where somebody is and what somebody owes or owns.
 * Age, sex and family are no special categories, but scores that read them treat people unlike (EU Charter Art. 21).
 */
import { below, fail, type Spot, valueAt } from './source.ts';

const PROTECTED: Record<string, readonly string[]> = {
  origin: ['race', 'ethnic', 'ethnicity', 'ethnicorigin', 'skincolor', 'skincolour', 'caste', 'nationality'],
  belief: ['religion', 'religious', 'faith', 'belief', 'beliefs', 'politics', 'political', 'party', 'union'],
  body: ['health', 'disease', 'illness', 'diagnosis', 'disability', 'medical', 'pregnant', 'pregnancy', 'genetic'],
  identity: ['biometric', 'fingerprint', 'faceid', 'passport', 'nationalid', 'idnumber', 'citizenid', 'cccd', 'cmnd'],
  intimacy: ['gender', 'sex', 'sexuality', 'orientation', 'sexualorientation', 'sexlife'],
  age: ['age', 'birthday', 'birthdate', 'birthyear', 'dateofbirth', 'dob', 'yearofbirth'],
  family: ['marital', 'maritalstatus', 'married', 'children', 'family'],
  money: ['salary', 'income', 'wage', 'credit', 'creditscore', 'debt', 'bankaccount', 'iban'],
  record: ['criminal', 'conviction', 'crime', 'offence', 'offense'],
};

/** In a longer name these mean something else: `companyAge`, `partySize`, `raceDay`. */
const ALONE = new Set([
  'age',
  'race',
  'sex',
  'faith',
  'party',
  'union',
  'orientation',
  'family',
  'children',
  'credit',
  'debt',
]);

/** What a field's name says that it tells of a person, if that is protected. */
export function protectedMatter(field: string): string | undefined {
  const words = field
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_]+/);
  const whole = words.join('');
  const names = new Set([whole, ...words.filter((word) => !ALONE.has(word))]);
  return Object.keys(PROTECTED).find((matter) => PROTECTED[matter]?.some((name) => names.has(name)));
}

/** Says which of the fields declared at the spot need a reason. */
export function checkSensitive(fields: readonly string[], spot: Spot): void {
  for (const name of fields) {
    const matter = protectedMatter(name);
    const reason = valueAt(spot.source.raw, [...spot.path, name, 'reason']);
    if (matter === undefined || reason !== undefined) continue;
    const hint = 'Say why it is needed, like `reason: the product is for nurses alone`, or do not ask for it.';
    const message = `\`${name}\` tells of somebody's ${matter}, and gives no reason.`;
    fail(below(spot, name), message, { key: true, hint });
  }
}
