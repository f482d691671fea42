// The part of an address that may be shown: paths of endpoints often hold access keys.

export function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return '…'
  }
}
