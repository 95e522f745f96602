/** `saslname` of RFC 5801 §4 and RFC 5802 §5.1: a user name between commas. Pure. */
export function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}
