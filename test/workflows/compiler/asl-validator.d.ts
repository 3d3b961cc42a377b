/** What the tests use of asl-validator, which comes without types that its exports reach. It writes into its argument. */
declare module 'asl-validator' {
  export default function validate(definition: object, options: object): { isValid: boolean; errors: object[] };
}
