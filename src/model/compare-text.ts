/** By code unit, since an order that depends on the machine's language would change decisions. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
