/**
 * What looks like a credential inside free text, such as the message of a vendor's error that quotes the key it was
 * given: keys with the usual prefixes, bearer and basic credentials, the secret parts of signed URLs, user:password in
 * URLs, and PEM blocks.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk|r8|key|xai|gsk|fal|hf)[-_][A-Za-z0-9_-]{8,}/g, '[redacted]'],
  [/\bAKIA[A-Z0-9]{12,}/g, '[redacted]'],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, '[redacted]'],
  [/\b(Bearer|Basic|Key|Token)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  [
    /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|sig|signature|token|key|api_key)=)[^&\s"']+/gi,
    '$1[redacted]',
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi, '$1[redacted]@'],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g, '[redacted]'],
];

/** Cuts out of a text what looks like a credential. For text that others wrote and that goes into a log. */
export function scrub(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
