/** The lines of the log that alarms read, by their message: the metric filters of the stack look for these very words. */
export const ALARMING = {
  /** As an error: SES takes no mail for a reason that does not pass by itself. */
  mailNotSent: 'a mail did not go out',
  /** As an error: all marketing mail of the stack stands still until somebody has looked. */
  brakeIsOn: 'the brake has paused all marketing mail',
} as const;
