// Tells other tabs which table changed, and hears it from them.

export interface ChangeNotices {
  tell(table: string): void
  /** Of other tabs alone. Returns how to stop. */
  onForeignChange(listener: (table: string) => void): () => void
  close(): void
}

export function changeNotices(channelName: string): ChangeNotices {
  const channel = new BroadcastChannel(channelName)
  const listeners = new Set<(table: string) => void>()
  channel.onmessage = event => {
    if (typeof event.data === 'string') for (const listener of listeners) listener(event.data)
  }
  return {
    tell: table => channel.postMessage(table),
    onForeignChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel.close(),
  }
}
