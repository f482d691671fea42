// Values that are made again only when what they are made of changes, one for each key.

/** `make`, with a key before its arguments: the value of the last call for that key where every argument is still the same. */
export function reusing<A extends readonly unknown[], T>(
  make: (...args: A) => T,
): (key: string, ...args: A) => T {
  const made = new Map<string, { readonly args: A; readonly value: T }>()
  return (key, ...args) => {
    const before = made.get(key)
    if (before && args.every((arg, index) => Object.is(arg, before.args[index]))) return before.value
    const value = make(...args)
    made.set(key, { args, value })
    return value
  }
}
